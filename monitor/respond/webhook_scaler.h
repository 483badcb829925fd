// Asks somebody else to scale, by HTTP.
#pragma once

#include "monitor/respond/scaler.h"

namespace respond {

// POST of {"action": "scale_out" | "scale_in", "change", "from", "replicas", "minimum", "maximum", "reason"};
// any 2xx is well. What the answer says of {"replicas": n} is believed; else the replicas are counted from
// the minimum.
class WebhookScaler final : public Scaler {
public:
    explicit WebhookScaler(WebhookTarget target)
        : m_target(std::move(target))
    {
    }
    [[nodiscard]] std::string title() const override;
    [[nodiscard]] core::Result<Replicas> read(const std::stop_token& stop) override;
    [[nodiscard]] core::Result<ScaleResult> scale(const ScaleRequest& request,
                                                  const std::stop_token& stop) override;
    [[nodiscard]] core::Result<std::vector<std::string>> rehearse(const ScaleRequest& request,
                                                                  const std::stop_token& stop) override;

private:
    [[nodiscard]] HttpRequest requestFor(const ScaleRequest& request, int from, int to) const;
    const WebhookTarget m_target;
    int m_replicas = -1; // -1 = never asked
};

} // namespace respond

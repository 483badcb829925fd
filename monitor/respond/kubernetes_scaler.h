// Kubernetes' scale subresource: read the replicas, change them, mind whoever else does
// (https://kubernetes.io/docs/reference/kubernetes-api/: autoscaling/v1 Scale).
#pragma once

#include "monitor/respond/kubeconfig.h"
#include "monitor/respond/scaler.h"

namespace respond {

class KubernetesScaler final : public Scaler {
public:
    // A change that meets another one (409) is thought over anew and tried again, this often in all.
    static constexpr int kMostAttempts = 5;

    explicit KubernetesScaler(KubernetesTarget target);
    [[nodiscard]] std::string title() const override;
    [[nodiscard]] core::Result<Replicas> read(const std::stop_token& stop) override;
    [[nodiscard]] core::Result<ScaleResult> scale(const ScaleRequest& request,
                                                  const std::stop_token& stop) override;
    [[nodiscard]] core::Result<std::vector<std::string>> rehearse(const ScaleRequest& request,
                                                                  const std::stop_token& stop) override;

private:
    struct Seen { // a Scale object as it was read
        std::string text;
        Replicas replicas;
        std::string version; // metadata.resourceVersion
    };
    [[nodiscard]] core::Result<HttpRequest> requestFor(std::string method, std::string body) const;
    [[nodiscard]] core::Result<Seen> get(const std::stop_token& stop) const;
    [[nodiscard]] static std::string bodyFor(const Seen& seen, int replicas);

    const KubernetesTarget m_target;
};

} // namespace respond

// Texts of alerts: Go templates as Prometheus offers them, {{ $value | humanizePercentage }}.
#pragma once

#include "monitor/core/result.h"
#include "monitor/gotext/template_value.h"
#include "monitor/metrics/querier.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gotext {

struct TemplateNode;

// What a template sees.
struct TemplateContext {
    metrics::Labels labels; // of the result, with __name__
    double value = 0;
    std::int64_t at = 0; // ms since the epoch, for query
    std::function<core::Result<std::vector<metrics::PointSeries>>(std::string_view expression)> query = {};
    metrics::Labels externalLabels = {}; // .ExternalLabels, $externalLabels
    std::string externalUrl = {};        // .ExternalURL, $externalURL
    // What the dot is, in place of labels and value: texts about a group of alerts.
    std::shared_ptr<const TemplateMap> root = {};
};

// A parsed text; immutable, expand() is thread-safe.
class Template {
public:
    // `name` stands in errors ("__alert_HighPoolUsage"), which are worded as Go's: "template: NAME:1:
    // function
    // \"foo\" not defined". Total: any bytes are fine.
    [[nodiscard]] static core::Result<Template> parse(std::string_view text, std::string_view name);
    // Fails where Go would fail, for example when numbers of different types are compared.
    [[nodiscard]] core::Result<std::string> expand(const TemplateContext& context) const;

private:
    explicit Template(std::shared_ptr<const TemplateNode> root, std::string name);

    std::shared_ptr<const TemplateNode> m_root;
    std::string m_name;
};

} // namespace gotext

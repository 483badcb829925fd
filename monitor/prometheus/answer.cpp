#include "monitor/prometheus/answer.h"

#include "monitor/prometheus/answer_json.h"

namespace prometheus {

using nlohmann::json;

core::Result<BuildInfo> readBuildInfo(std::string_view text)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    return BuildInfo{wordOf(*data, "application"), wordOf(*data, "version"), wordOf(*data, "revision")};
}

// Mimir names itself; Thanos counts its versions from 0; VictoriaMetrics tells a version of Prometheus' and
// no revision (its app/vmselect/main.go).
Dialect dialectOf(const BuildInfo& info)
{
    if (info.application.find("Mimir") != std::string::npos) {
        return Dialect::Mimir;
    }
    if (info.application.find("Thanos") != std::string::npos || info.version.starts_with("0.")) {
        return Dialect::Thanos;
    }
    return info.revision.empty() && !info.version.empty() ? Dialect::VictoriaMetrics : Dialect::Prometheus;
}

std::string_view dialectName(Dialect dialect) noexcept
{
    switch (dialect) {
    case Dialect::Prometheus:
        return "Prometheus";
    case Dialect::Thanos:
        return "Thanos";
    case Dialect::Mimir:
        return "Mimir";
    case Dialect::VictoriaMetrics:
        break;
    }
    return "VictoriaMetrics";
}

core::Result<std::vector<std::string>> readTexts(std::string_view text, const AnswerLimits& limits)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    std::vector<std::string> texts;
    for (const json& one : data->is_array() ? *data : json::array()) {
        if (one.is_string()) {
            texts.push_back(one.get<std::string>());
        }
        if (texts.size() > limits.texts) {
            return tooMany();
        }
    }
    return texts;
}

core::Result<std::vector<metrics::Labels>> readLabelSets(std::string_view text, const AnswerLimits& limits)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    std::vector<metrics::Labels> sets;
    for (const json& one : data->is_array() ? *data : json::array()) {
        sets.push_back(labelsOf(one));
        if (sets.size() > limits.series) {
            return tooMany();
        }
    }
    return sets;
}

core::Result<std::vector<MetricMeta>> readMetadata(std::string_view text)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    std::vector<MetricMeta> all;
    if (!data->is_object()) {
        return all;
    }
    for (const auto& [name, list] : data->items()) {
        if (list.is_array() && !list.empty()) {
            all.push_back({name, wordOf(list.front(), "type"), wordOf(list.front(), "help")});
        }
        if (all.size() > kMostRows) {
            return tooMany();
        }
    }
    return all;
}

} // namespace prometheus

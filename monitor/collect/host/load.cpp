#include "monitor/collect/host/load.h"

#include "monitor/collect/host/text_fields.h"

namespace collect {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

// clang-format off
constexpr std::array<MetricDef, 3> kDefs{{
    {"host_load1", Kind::Gauge, Unit::Load, "Load average over 1 minute", {"Load 1 min", "1 分钟平均负载"}},
    {"host_load5", Kind::Gauge, Unit::Load, "Load average over 5 minutes", {"Load 5 min", "5 分钟平均负载"}},
    {"host_load15", Kind::Gauge, Unit::Load, "Load average over 15 minutes", {"Load 15 min", "15 分钟平均负载"}},
}};
// clang-format on

} // namespace

std::optional<std::array<double, 3>> parseLoadAverage(std::string_view text) {
    std::string_view line = takeLine(text);
    std::array<double, 3> loads{};
    for (double& load : loads) {
        const auto value = decimalNumber(takeField(line));
        if (!value || *value < 0) {
            return std::nullopt;
        }
        load = *value;
    }
    return loads;
}

std::span<const MetricDef> LoadCollector::metrics() const noexcept {
    return kDefs;
}

core::Result<void> LoadCollector::collect(metrics::SampleBuilder& out) {
    const auto text = m_file.read();
    if (!text) {
        return core::Unexpected(text.error());
    }
    const auto loads = parseLoadAverage(*text);
    if (!loads) {
        return core::fail(m_file.path().string() + ": not three load averages");
    }
    for (std::size_t i = 0; i < kDefs.size(); ++i) {
        out.push(kDefs[i], (*loads)[i]);
    }
    return {};
}

} // namespace collect

#include "monitor/engine/log_collector.h"

#include <array>

namespace engine {

namespace {

using metrics::Kind;
using metrics::MetricDef;

constexpr std::array kDefs{
    MetricDef{"poolscope_log_dropped_total", Kind::Counter, core::Unit::Count,
              "Log lines the window could not take in", {"Log lines dropped", "丢弃的日志行"}, {}, {}},
    MetricDef{"poolscope_log_errors_total", Kind::Counter, core::Unit::Count,
              "Log lines of level ERROR and above", {"Log errors", "日志错误数"}, {}, {}},
};

} // namespace

std::span<const MetricDef> LogCollector::metrics() const noexcept
{
    return kDefs;
}

core::Result<void> LogCollector::collect(metrics::SampleBuilder& out)
{
    if (m_figures) {
        const LogFigures figures = m_figures();
        out.push(kDefs[0], static_cast<double>(figures.dropped));
        out.push(kDefs[1], static_cast<double>(figures.errors));
    }
    return {};
}

} // namespace engine

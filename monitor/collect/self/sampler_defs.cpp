#include "monitor/collect/self/sampler_defs.h"

#include <array>
#include <string_view>

namespace collect::defs {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

constexpr std::array<std::string_view, 1> kByCollector{"collector"};

// clang-format off
constexpr std::array<MetricDef, kSamplerMetrics> kSampler{{
    {"poolscope_ticks_total", Kind::Counter, Unit::Count, "Samples taken", {"Samples", "采样次数"}},
    {"poolscope_ticks_missed_total", Kind::Counter, Unit::Count,
     "Samples left out because the one before took too long",
     {"Samples missed", "错过的采样"}},
    {"poolscope_tick_seconds", Kind::Gauge, Unit::Seconds, "What collecting the last sample took",
     {"Cost of a sample", "单次采样耗时"}},
    {"poolscope_interval_seconds", Kind::Gauge, Unit::Seconds, "Time between two samples",
     {"Sampling interval", "采样间隔"}},
    {"poolscope_collector_seconds", Kind::Gauge, Unit::Seconds, "What each collector took in the last sample",
     {"Cost of a collector", "采集器耗时"}, {}, kByCollector},
    {"poolscope_collector_up", Kind::Gauge, Unit::None,
     "1 when the collector's last look was a success, else 0",
     {"Collector well", "采集器状态"}, {}, kByCollector},
}};
// clang-format on

} // namespace

std::span<const MetricDef> sampler() noexcept {
    return kSampler;
}

} // namespace collect::defs

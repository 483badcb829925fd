// What the heartbeat tells about itself.
#pragma once

#include "monitor/metrics/metric_def.h"

#include <cstddef>
#include <span>

namespace collect::defs {

enum SamplerMetric : std::size_t {
    kTicks,
    kTicksMissed,
    kTickSeconds,
    kInterval,
    kCollectorSeconds,
    kCollectorUp,
    kSamplerMetrics
};

// Indexed by SamplerMetric.
[[nodiscard]] std::span<const metrics::MetricDef> sampler() noexcept;

} // namespace collect::defs

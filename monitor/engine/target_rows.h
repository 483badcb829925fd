// A target's answer as metrics: what rules, charts and the window's panel see of it. Inside of this room
// only.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "monitor/targets/scraper.h"

#include <span>

namespace engine {

// target_up and its kin, and the vocabulary of pools: labels target, pool and, where given, environment.
[[nodiscard]] std::span<const metrics::MetricDef> targetDefs() noexcept;

// Figures older than two intervals and the timeout, or of a target that is down, are not told. Before the
// first answer there is target_info only.
struct TargetMoment {
    core::SteadyTime now = {};
    std::uint64_t refused = 0; // series of the last answer that memory has no room for
};
void pushTarget(metrics::SampleBuilder& out, const targets::TargetView& view, const TargetMoment& moment);

} // namespace engine

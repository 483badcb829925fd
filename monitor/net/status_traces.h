// What /pool/status tells of the past: the newest events, and a summary of every place's life-line.
#pragma once

#include "monitor/metrics/pool_trace.h"

#include <nlohmann/json_fwd.hpp>

namespace net {

// The newest 100, newest first. Errors go through publicCause().
[[nodiscard]] nlohmann::json eventsJson(const metrics::PoolWitness& witness);

// The last five minutes: for each place the seconds it spent in each state and how often it was used. At
// every moment the places sum up to the pool's gauges, so the seconds of a state are its gauge's integral.
[[nodiscard]] nlohmann::json lifeLinesJson(const metrics::PoolWitness& witness);

} // namespace net

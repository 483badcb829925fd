// A first look at what somebody pasted: what is it, and what would its pools be?
#pragma once

#include "monitor/metrics/target_rows.h"
#include "monitor/targets/mapping.h"
#include "monitor/targets/target_spec.h"

#include <span>
#include <stop_token>

namespace targets {

// Asks once, waiting for it: at most the timeout for each place looked at. Of an address without a path
// /metrics is asked, then /actuator/prometheus. `spec.secretValue` is used as it is. Nothing of the secret is
// in what comes back. `stop` ends it within about a second. Thread-safe; total.
[[nodiscard]] metrics::TargetFinding probe(TargetSpec spec, std::span<const Mapping> mappings,
                                           const std::stop_token& stop = {});

} // namespace targets

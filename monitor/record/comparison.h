// Two recordings side by side: of each series how much it differs, and whether that is more than noise.
#pragma once

#include "monitor/core/result.h"
#include "monitor/record/statistics.h"
#include "monitor/record/tape.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace record {

using metrics::Comparison;
using metrics::SeriesDifference;
using metrics::Verdict;

// "differs", "noise", "too_short": never translated.
[[nodiscard]] const char* verdictName(Verdict verdict) noexcept;

// Gauges as they are, counters per second; buckets of histograms and what rules make are left out. Samples of the lead are
// not looked at. `goOn` (may be empty) is asked now and then with the share that is done; false gives up (code
// "canceled").
[[nodiscard]] core::Result<Comparison> compare(Tape& before, Tape& after,
                                               const std::function<bool(double)>& goOn = {});

} // namespace record

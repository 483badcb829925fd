// The steepest a counter has grown: what its chart shows where each sample is drawn, kept for ranges where
// none is.
#pragma once

#include "monitor/series/sample.h"

#include <cstdint>
#include <vector>

namespace series {

// Over so long a rate is taken, ms: as live charts do.
inline constexpr std::int64_t kPeakSpan = 5'000;

// Takes a counter's finite values in the order of time. Not thread-safe.
class RatePeak {
public:
    // Per second over the last kPeakSpan, or since the sample before where they lie further apart; a fall
    // counts from zero, as in PromQL. 0 while less is known.
    double add(std::int64_t at, double value);

private:
    struct Total {
        std::int64_t at = 0;
        double value = 0; // without falls
    };
    std::vector<Total> m_seen; // ascending; at most what kPeakSpan holds
    double m_last = 0;
};

} // namespace series

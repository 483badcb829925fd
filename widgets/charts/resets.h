// Where a counter began anew: a rate over that moment says nothing, so charts leave a gap there and say why.
#pragma once

#include "monitor/metrics/querier.h"

#include <cstdint>
#include <vector>

namespace widgets {

struct Reset {
    std::int64_t from = 0; // ms since the epoch: the last moment before it
    std::int64_t to = 0;   // the first after it
    friend bool operator==(const Reset&, const Reset&) = default;
};

// Of all series together, ascending, each once: a value that fell.
[[nodiscard]] std::vector<Reset> resetsIn(const std::vector<metrics::PointSeries>& counters);
// Of steps: one whose smallest value lies below the largest of the one before. Steps are `step` ms long.
[[nodiscard]] std::vector<Reset> resetsIn(const std::vector<metrics::ExtremesSeries>& counters,
                                          std::int64_t step);
// A rate over `span` ms up to a moment after a reset reaches across it: those become NaN.
void cutAtResets(std::vector<metrics::Point>& rates, const std::vector<Reset>& resets, std::int64_t span);

} // namespace widgets

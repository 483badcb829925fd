// At most two points a pixel column, the smallest and the largest, so that spikes survive whatever the range.
#pragma once

#include "monitor/metrics/querier.h"

#include <cstdint>
#include <span>
#include <vector>

namespace widgets {

// Column n covers [from + n * msPerColumn, from + (n + 1) * msPerColumn).
struct Columns {
    std::int64_t from = 0; // ms since the epoch
    double msPerColumn = 1;
};

struct ColumnPoint {
    std::int64_t at = 0;
    double value = 0; // NaN breaks the line
};

// In time order; the two of a column keep their own times. A NaN of the input breaks the line at its place.
[[nodiscard]] std::vector<ColumnPoint> decimate(std::span<const metrics::Point> samples,
                                                const Columns& columns);

// What one column holds: for the tooltip. count 0 means that there is no sample.
struct ColumnStats {
    double minimum = 0, maximum = 0, mean = 0, last = 0;
    int count = 0;
};
// Over [from, to).
[[nodiscard]] ColumnStats statsOf(std::span<const metrics::Point> samples, std::int64_t from,
                                  std::int64_t to);

} // namespace widgets

// Where nobody looked: a series ends where its samples cease, and begins again with the next one.
#pragma once

#include "monitor/series/sample.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace series {

// As charts have it: a silence longer than 2.5 intervals is a gap.
[[nodiscard]] constexpr bool isBreak(std::int64_t silence, std::int64_t interval) noexcept
{
    return interval > 0 && 2 * silence > 5 * interval;
}

// Puts a stale marker an interval after each sample that was followed by a silence, from place `first` on;
// the interval is the longer of those beside the silence. `until` (ms): up to there nothing came after the
// last sample. Without the markers a query would show for five minutes what held before. Samples ascending.
void endAtBreaks(std::vector<Sample>& samples, std::size_t first = 0,
                 std::int64_t until = std::numeric_limits<std::int64_t>::min());

} // namespace series

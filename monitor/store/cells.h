// Roll-ups as samples: what a query that has a use for them is given.
#pragma once

#include "monitor/series/reader.h"
#include "monitor/store/bucket.h"

#include <cstdint>
#include <span>
#include <vector>

namespace store {

// A bucket at its place.
struct Cell {
    std::int64_t at = 0;    // ms, where it begins
    std::int64_t width = 0; // ms
    Bucket bucket;

    // Its sample stands at its end.
    [[nodiscard]] std::int64_t stamp() const noexcept { return at + width - 1; }
};

// Appends the samples within [from, to] that serve `use`, ascending, all later than those in `out`.
// - A value: the last of each bucket; where buckets are wider than a query looks back, at each moment it asks
// about.
// - A counter: one that never falls and ends at its true value, so that what follows in finer steps goes on
// from it; between
//   two buckets it grows evenly; at both ends of every window.
// - An extreme or an average: that of each bucket, or of the one a moment's window lies in.
void appendSamples(std::span<const Cell> cells, const series::Use& use, std::int64_t from, std::int64_t to,
                   std::vector<series::Sample>& out);

} // namespace store

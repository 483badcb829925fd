// Which of the resolutions on disk answers which part of a range.
#pragma once

#include <cstdint>
#include <vector>

namespace store {

enum class Level { Raw, Minute, TenMinutes, Hour };

// In ms; 0 for raw samples.
[[nodiscard]] std::int64_t widthOf(Level level) noexcept;
// The coarsest level whose buckets are no wider than this (ms).
[[nodiscard]] Level coarsestWithin(std::int64_t width) noexcept;

// From when on each level has something (ms), and until when all have (the last sealed tick). 0 = nothing at
// all.
struct Coverage {
    std::int64_t raw = 0;
    std::int64_t minutes = 0; // and ten minutes
    std::int64_t hours = 0;
    std::int64_t until = 0;
};

struct Segment {
    Level level = Level::Raw;
    std::int64_t from = 0; // ms, both ends included
    std::int64_t to = 0;

    friend bool operator==(const Segment&, const Segment&) = default;
};

// In the order of time, without gaps or overlaps. The wanted level where it is kept, a coarser one where it
// is gone already; towards the end finer ones, because a bucket that reaches beyond `to` says too much.
[[nodiscard]] std::vector<Segment> planLevels(std::int64_t from, std::int64_t to, Level wanted,
                                              const Coverage& coverage);

} // namespace store

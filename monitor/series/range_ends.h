// The ends of a range of one series, told from whole chunks where they allow it.
#pragma once

#include "monitor/series/mem_series.h"
#include "monitor/series/reader.h"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace series {

// Of samples in order; stale markers among them do not count. Without labels; nullopt when nothing else is
// there.
[[nodiscard]] std::optional<RangeEnds> endsOf(std::span<const Sample> samples);

// Made under the lock that guards the series, which costs a look at each chunk's head; finished without it.
// Not thread-safe.
class RangeSketch {
public:
    RangeSketch(const MemSeries& series, std::int64_t from, std::int64_t to);
    // nullopt: no sample in the range.
    [[nodiscard]] std::optional<RangeEnds> finish() &&;

private:
    using ChunkPtr = std::shared_ptr<const Chunk>;
    void fold(const Chunk& chunk);

    std::int64_t m_from;
    std::int64_t m_to;
    RangeEnds m_ends;
    ChunkPtr m_edge;               // the first one, when it begins before the range
    std::vector<ChunkPtr> m_whole; // all of them, when their heads do not say enough: to be unpacked
};

} // namespace series

// One series in memory: sealed chunks, shared with readers, and the one that grows.
#pragma once

#include "monitor/series/chunk.h"
#include "monitor/series/label_ops.h"
#include "monitor/series/sample.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace series {

// Not thread-safe: the head's lock guards it; sealed chunks never change and may be read without.
struct MemSeries {
    LabelsPtr labels; // with __name__
    LabelsPtr bare;   // without: what most functions give their results
    std::deque<std::shared_ptr<const Chunk>> sealed;
    Chunk open;
    Sample last{}; // the newest, when there is any
    bool any = false;
    std::uint64_t tick = 0; // the last snapshot it was in

    [[nodiscard]] std::int64_t first() const noexcept
    {
        return sealed.empty() ? open.first() : sealed.front()->first();
    }
    // `sample.at` must be above last.at.
    void append(Sample sample);
    // Appends the samples within [from, to] to `out`.
    void read(std::int64_t from, std::int64_t to, std::vector<Sample>& out) const;
    // Forgets everything at or after `at`.
    void truncate(std::int64_t at);
};

} // namespace series

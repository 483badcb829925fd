// A life-line for every place of the pool: what it was doing at each tick of the last hour, and the events in
// between. Bounded: columns of the last 900 ticks, of the time before that every fourth.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/pool_trace.h"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace collect {

// Thread-safe; take() and mark() come from one thread.
class LifeLines {
public:
    static constexpr std::size_t kFine = 900;
    static constexpr std::size_t kCoarse = 675; // 4 ticks each: with the fine ones an hour at one a second
    static constexpr std::uint64_t kThinning = 4;
    static constexpr std::size_t kMarks = 10'000;
    static constexpr std::size_t kOwners = 1024; // tag and site; further ones are told as one
    // Ticks closer together than this share a column: the last one counts.
    static constexpr core::Nanos kSpacing = std::chrono::milliseconds(900);

    // The pool at one tick. `interval`: between ticks.
    void take(const metrics::PoolView& pool, core::WallTime at, core::Nanos interval);
    // Further marks, oldest first.
    void mark(std::vector<metrics::PoolEventRow> marks);

    [[nodiscard]] std::vector<metrics::LaneColumnPtr> columns() const;
    [[nodiscard]] std::vector<metrics::PoolEventRow> marks(std::uint64_t after) const;

private:
    using Owners = std::vector<metrics::LaneOwner>;
    [[nodiscard]] std::uint16_t ownerOf(const metrics::SlotRow& row);
    [[nodiscard]] metrics::LaneCell cellOf(const metrics::SlotRow& row);
    void thin(metrics::LaneColumnPtr column) REQUIRES(m_mutex);

    // The taking thread's alone.
    std::uint64_t m_number = 0;
    core::WallTime m_lastAt = {};
    std::vector<std::pair<int, std::uint64_t>> m_uses; // backend and its uses at the last column, by place
    std::map<std::pair<std::string, std::string>, std::uint16_t> m_ownerNumbers;
    Owners m_newOwners{metrics::LaneOwner{}};
    std::shared_ptr<const Owners> m_owners = std::make_shared<const Owners>(1);

    mutable core::Mutex m_mutex; // guards what follows; only pointers and marks are copied under it
    std::deque<metrics::LaneColumnPtr> m_fine GUARDED_BY(m_mutex);
    std::deque<metrics::LaneColumnPtr> m_coarse GUARDED_BY(m_mutex);
    std::vector<std::uint32_t>
        m_pendingUses GUARDED_BY(m_mutex); // of columns thinned out since the last kept
    std::deque<metrics::PoolEventRow> m_marks GUARDED_BY(m_mutex);
};

} // namespace collect

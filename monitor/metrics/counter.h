// A number that only grows. For what may go down use a Gauge; never rebuild a counter from a gauge.
#pragma once

#include "monitor/metrics/thread_shard.h"

#include <array>
#include <atomic>
#include <cstdint>

namespace metrics {

// Thread-safe; inc() is a plain addition in the thread's own cache line (about 1 ns). 4 KiB each.
class Counter {
public:
    void inc(std::uint64_t by = 1) noexcept {
        const std::size_t shard = threadShard();
        std::atomic<std::uint64_t>& cell = m_cells[shard].value;
        if (shard == kSharedShard) {
            cell.fetch_add(by, std::memory_order_release);
        } else { // the only writer: no locked instruction
            cell.store(cell.load(std::memory_order_relaxed) + by, std::memory_order_release);
        }
    }
    // Everything that happened before an increment seen here is seen by whoever reads next: read checkins
    // before checkouts and they are never above.
    [[nodiscard]] std::uint64_t value() const noexcept {
        std::uint64_t sum = 0;
        for (const Cell& cell : m_cells) {
            sum += cell.value.load(std::memory_order_acquire);
        }
        return sum;
    }

private:
    struct alignas(64) Cell {
        std::atomic<std::uint64_t> value{0};
    };
    std::array<Cell, kThreadShards + 1> m_cells{};
};

} // namespace metrics

// The pool's last events, kept without a lock and without an allocation: what the window's event list and
// each slot's life-line are made of.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/pool/pool_observer.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace collect {

// An event as people look at it.
struct EventRow {
    std::uint64_t number = 0; // 0, 1, 2 … since the start; gaps are events overwritten while they were read
    core::SteadyTime at = {};
    pool::EventKind kind = pool::EventKind::Requested;
    int slot = -1;
    int backendPid = 0;
    std::uint64_t lease = 0;
    core::Nanos duration{0};
    std::string tag;    // first 23 bytes, whole characters
    std::string site;   // file:line function
    std::string detail; // first 47 bytes, whole characters
    std::string sqlstate;
};

// "src/orders.cpp:42 loadOrder", the file without its folders; empty when the place is not known.
[[nodiscard]] std::string siteText(const std::source_location& site);

// Any number of writers and readers; push() never waits. The newest `capacity` (rounded up to a power of two)
// are kept. A reader that meets a cell being written leaves that event out.
class EventRing {
public:
    explicit EventRing(std::size_t capacity = 10'000);

    void push(const pool::PoolEvent& event) noexcept;
    // Oldest first, at most `atMost` of the newest.
    [[nodiscard]] std::vector<EventRow> newest(std::size_t atMost) const;
    [[nodiscard]] std::uint64_t pushed() const noexcept { return m_next.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t capacity() const noexcept { return m_mask + 1; }

private:
    static constexpr std::size_t kWords = 16;
    struct Record;
    // A seqlock whose data are atomics too (Boehm, "Can seqlocks get along with programming language memory
    // models?").
    struct Cell {
        std::atomic<std::uint64_t> sequence{0}; // 2·number + 1 while written, 2·number + 2 when whole
        std::array<std::atomic<std::uint64_t>, kWords> words{};
    };
    [[nodiscard]] bool read(std::uint64_t number, Record& into) const noexcept;

    const std::size_t m_mask;
    std::unique_ptr<Cell[]> m_cells;
    std::atomic<std::uint64_t> m_next{0};
};

} // namespace collect

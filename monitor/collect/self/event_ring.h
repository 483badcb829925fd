// The pool's last events, kept without a lock and without an allocation: what the window's event list and
// each slot's life-line are made of.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/pool/pool_observer.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
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
    bool waited = false;
    core::Nanos duration{0};
    std::string tag;    // first 23 bytes, whole characters
    std::string site;   // file:line function
    std::string detail; // first 183 bytes, whole characters
    std::string sqlstate;
};

// The same without a copy of its texts, for who reads many; they are valid during the call only.
struct EventView {
    std::uint64_t number = 0;
    core::SteadyTime at = {};
    pool::EventKind kind = pool::EventKind::Requested;
    int slot = -1;
    std::uint64_t lease = 0;
    core::Nanos duration{0};
    std::source_location site;
    std::string_view tag;    // first 23 bytes
    std::string_view detail; // first 47 bytes
};

// "src/orders.cpp:42 loadOrder", the file without its folders; empty when the place is not known.
[[nodiscard]] std::string siteText(const std::source_location& site);

// Any number of writers and readers; push() never waits, and while threads are few (metrics::kThreadShards) it touches no
// cache line that another thread writes: each fills a chunk of cells of its own and takes the next one. Readers put
// what they find in order, by time, and number it: once for all. The newest `capacity` (rounded up to a power of two)
// are kept. A reader that meets a cell being written leaves that event out.
class EventRing {
public:
    explicit EventRing(std::size_t capacity = 10'000);
    ~EventRing();

    void push(const pool::PoolEvent& event) noexcept { push(event, event.kind, event.duration); }
    // The event, but of this kind and duration.
    void push(const pool::PoolEvent& event, pool::EventKind kind, core::Nanos duration) noexcept;
    // Oldest first, at most `atMost` of the newest.
    [[nodiscard]] std::vector<EventRow> newest(std::size_t atMost) const { return since(0, atMost); }
    using Kinds = bool (*)(pool::EventKind);
    // Those numbered `first` and higher; of these the `atMost` newest, and of these the wanted kinds (nullptr:
    // all). Oldest first.
    [[nodiscard]] std::vector<EventRow> since(std::uint64_t first, std::size_t atMost, Kinds wanted = nullptr) const;
    // Those from number `from` on that are still there, oldest first; the number to go on with. A gap in the
    // numbers is what was overwritten before it was read.
    std::uint64_t visit(std::uint64_t from, const std::function<void(const EventView&)>& visitor) const;
    // How many there have been.
    [[nodiscard]] std::uint64_t pushed() const;
    [[nodiscard]] std::size_t capacity() const noexcept { return m_mask + 1; }
    // All that it will ever need.
    [[nodiscard]] std::size_t bytes() const noexcept;

private:
    static constexpr std::uint32_t kChunk = 32; // cells
    struct Head;
    struct Tail;
    struct Cell;
    struct TailCell;
    struct Chunk;
    struct Writer;
    // A numbered event: where it stands, unless something else does meanwhile.
    struct Place {
        std::uint32_t cell = 0;
        std::uint64_t claim = 0; // 0 = overwritten before it was numbered
    };
    struct Found;

    void put(Writer& writer, const Head& head, std::string_view detail) noexcept;
    void putTail(std::uint32_t cell, std::string_view detail) noexcept;
    void nextChunk(Writer& writer) noexcept;
    [[nodiscard]] bool read(const Place& place, Head& head, Tail& tail) const noexcept;
    void takeNew(std::vector<Found>& into) const REQUIRES(m_mutex);
    void order() const REQUIRES(m_mutex);
    // Those from `first` on, at most `atMost` of the newest; `end` is the number after the last.
    [[nodiscard]] std::vector<Place> places(std::uint64_t first, std::size_t atMost, std::uint64_t& end) const;

    const std::size_t m_mask;
    const std::size_t m_chunkCount; // enough for `capacity` and a chunk that each writer has begun
    std::unique_ptr<Cell[]> m_cells;
    std::unique_ptr<TailCell[]> m_tails;
    std::unique_ptr<Chunk[]> m_chunks;
    std::unique_ptr<Writer[]> m_writers;             // by thread shard
    alignas(64) std::atomic<std::uint64_t> m_claims{0}; // of chunks, one in kChunk events
    std::atomic<std::uint64_t> m_lost{0};            // overwritten before anybody looked
    mutable core::Mutex m_mutex;                     // guards what follows: readers alone; a sort of what is new under it
    mutable std::vector<Place> m_order GUARDED_BY(m_mutex); // by number & m_mask
    mutable std::uint64_t m_end GUARDED_BY(m_mutex) = 0;    // number of the next
    mutable std::uint64_t m_lostSeen GUARDED_BY(m_mutex) = 0;
};

} // namespace collect

// The pool's last events, kept without a lock and without an allocation: what the window's event list and
// each slot's life-line are made of.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/pool/pool_observer.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
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

// Any number of writers and readers; push() never waits. The newest `capacity` (rounded up to a power of two)
// are kept. A reader that meets a cell being written leaves that event out.
class EventRing {
public:
    explicit EventRing(std::size_t capacity = 10'000);

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
    [[nodiscard]] std::uint64_t pushed() const noexcept { return m_next.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t capacity() const noexcept { return m_mask + 1; }

private:
    static constexpr std::size_t kWords = 32;
    struct Head;
    struct Tail;
    // A seqlock whose data are atomics too (Boehm, "Can seqlocks get along with programming language memory
    // models?").
    struct Cell {
        std::atomic<std::uint64_t> sequence{0}; // 2·number + 1 while written, 2·number + 2 when whole
        std::array<std::atomic<std::uint64_t>, kWords> words{};

        // Who sees a word sees the odd number; no fence: TSan knows none. Word by word from the value, one statement a
        // word: through an array the processor would have to wait for its own stores.
        template <std::size_t First, class T>
        void write(const T& value) noexcept
        {
            const auto store = [&]<std::size_t... I>(std::index_sequence<I...>) {
                (words[First + I].store(wordOf<I>(value), std::memory_order_release), ...);
            };
            store(std::make_index_sequence<sizeof(T) / sizeof(std::uint64_t)>());
        }
        template <std::size_t I, class T>
        [[nodiscard]] static std::uint64_t wordOf(const T& value) noexcept
        {
            std::uint64_t word = 0;
            std::memcpy(&word, reinterpret_cast<const char*>(&value) + I * sizeof word, sizeof word);
            return word;
        }
        template <class T>
        void read(std::size_t first, T& value) const noexcept
        {
            for (std::size_t i = 0; i < sizeof value / sizeof(std::uint64_t); ++i) {
                const std::uint64_t word = words[first + i].load(std::memory_order_acquire);
                std::memcpy(reinterpret_cast<char*>(&value) + i * sizeof word, &word, sizeof word);
            }
        }
    };
    [[nodiscard]] bool read(std::uint64_t number, Head& head, Tail& tail) const noexcept;

    const std::size_t m_mask;
    std::unique_ptr<Cell[]> m_cells;
    std::atomic<std::uint64_t> m_next{0};
};

} // namespace collect

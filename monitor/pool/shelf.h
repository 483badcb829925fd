// Where a busy thread keeps the place it has just given back, within its own reach.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/pool/brief_mutex.h"
#include "monitor/pool/slot.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace pool {

// While threads collide at the core's lock, and nobody waits, a place that comes back stays with its thread
// for some further uses: they take this lock, which nobody else wants, and touch no cache line of any other
// thread. Whoever has the core's lock may take the place back at any time (PoolCore::recall()); then all
// figures are in the core again. Lock order: the core's, then a shelf's.
struct alignas(128) Shelf {                    // two lines: processors fetch pairs
    static constexpr std::uint64_t kUses = 64; // then the place goes back to the others: all are used alike

    BriefMutex mutex;
    // What the owner looks at before it reaches for the lock: something is here and free.
    std::atomic<bool> stocked{false};
    // These two are written under both locks and may be read under either.
    Slot* slot = nullptr;
    std::uint32_t owner = 0; // thread token

    bool leased GUARDED_BY(mutex) = false;
    Check check GUARDED_BY(mutex) = Check::None;       // what each of its leases must pass
    std::uint64_t next GUARDED_BY(mutex) = 0;          // number of the next lease
    std::uint64_t end GUARDED_BY(mutex) = 0;           // of numbers set aside for it
    std::uint64_t taken GUARDED_BY(mutex) = 0;         // since it was put here
    std::uint64_t returned GUARDED_BY(mutex) = 0;      // since it was put here
    core::Nanos timeout GUARDED_BY(mutex){0};          // the pool's
    core::Nanos validateAfter GUARDED_BY(mutex){0};    // the pool's
    core::SteadyTime goodUntil GUARDED_BY(mutex) = {}; // then the core must decide what it has to pass
};

// A pool's shelves, by thread. What may stand on them, and what their uses mean to the figures, the core
// decides.
class Shelves {
public:
    static constexpr std::size_t kCount = 64; // threads beyond may share one: the first gets it

    [[nodiscard]] Shelf& at(std::size_t index) const noexcept { return m_shelves[index]; } // below kCount
    [[nodiscard]] Shelf& of(std::uint32_t thread) const noexcept { return m_shelves[thread % kCount]; }

    // The quick way in, by the shelf's lock alone: true when the request is granted. Everything that could
    // forbid it, from a waiter to a closed pool, has emptied the shelf before.
    [[nodiscard]] bool take(Request& request, core::SteadyTime now) const;
    // The quick way back; false: by the core's lock.
    [[nodiscard]] static bool put(Slot& slot, std::uint64_t lease, core::SteadyTime now);

    // ---- under the core's lock
    struct Terms {
        Check check = Check::None;
        std::uint64_t next = 0; // number of the first lease; kUses of them are set aside
        core::Nanos timeout{0};
        core::Nanos validateAfter{0};
    };
    // To the shelf of the thread that had it, which is empty.
    void stock(Slot& slot, const Terms& terms) const;
    // What has become of a place since it was put there.
    struct Account {
        Slot& slot;
        std::uint64_t taken = 0;
        std::uint64_t returned = 0;
        bool leased = false;
    };
    [[nodiscard]] static Account clear(Shelf& shelf);

private:
    const std::unique_ptr<Shelf[]> m_shelves = std::make_unique<Shelf[]>(kCount);
};

} // namespace pool

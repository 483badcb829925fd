// Where a busy thread keeps the place it has just given back, within its own reach.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/pool/brief_mutex.h"
#include "monitor/pool/slot.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

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

inline constexpr std::size_t kShelves = 64; // threads beyond may share one: the first gets it

} // namespace pool

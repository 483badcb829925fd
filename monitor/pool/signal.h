// What one thread sleeps on until another has served it.
#pragma once

#include "monitor/core/clock.h"

#include <atomic>
#include <cstdint>

namespace pool {

// One waiter, any number of wakers. A waker that calls serve() under the lock that guards what it hands over
// may let go of the lock before wake(): the waiter, and the signal with it, may be gone by then, and that is
// harmless.
class Signal {
public:
    // Who is next in line spins for a microsecond first, a quarter of what sleeping and waking cost.
    enum class Patience { Sleeps, Spins };
    // Until served or nudged, or for `span` (> 0) at the longest; true when served. What was written before
    // serve() is seen.
    [[nodiscard]] bool waitFor(core::Nanos span, Patience patience) noexcept;
    [[nodiscard]] bool served() const noexcept { return m_state.load(std::memory_order_acquire) == kServed; }
    // To be waited on again.
    void reset() noexcept { m_state.store(kAwake, std::memory_order_relaxed); }

    // True when the waiter sleeps and the caller has to wake() it.
    [[nodiscard]] bool serve() noexcept
    {
        return m_state.exchange(kServed, std::memory_order_release) == kAsleep;
    }
    // Only the address is used: `signal` need not live any more.
    static void wake(Signal* signal) noexcept;
    // The waiter returns from waitFor(), served or not. Does nothing to one that has been served.
    void nudge() noexcept;

private:
    static constexpr std::uint32_t kAwake = 0, kAsleep = 1, kServed = 2, kNudged = 3;
    void sleep(core::Nanos span) noexcept;

    std::atomic<std::uint32_t> m_state{kAwake};
};

} // namespace pool

// Whether the machine has slept.
#pragma once

#include "monitor/core/clock.h"

#include <ctime>

namespace core {

// Of the kernel's two clocks since boot one stands while the machine is suspended and the other goes on
// (https://man7.org/linux/man-pages/man2/clock_gettime.2.html): what was known before of the other side of a
// connection is worth nothing then, though by the monotonic clock no time has passed. Not thread-safe.
class SleepWatch {
public:
    static constexpr Nanos kAtLeast = std::chrono::milliseconds(200); // two readings may be apart by a little

    // True when it has slept since the last call; false at the first one.
    [[nodiscard]] bool slept() noexcept { return slept(read(CLOCK_BOOTTIME), read(CLOCK_MONOTONIC)); }
    // The same with what the clocks read.
    [[nodiscard]] bool slept(Nanos sinceBoot, Nanos awake) noexcept
    {
        const Nanos asleep = sinceBoot - awake;
        const bool more = m_known && asleep - m_asleep >= kAtLeast;
        if (more || !m_known) {
            m_asleep = asleep;
            m_known = true;
        }
        return more;
    }

private:
    static Nanos read(clockid_t clock) noexcept
    {
        timespec now{};
        (void)clock_gettime(clock, &now);
        return std::chrono::seconds(now.tv_sec) + Nanos(now.tv_nsec);
    }

    Nanos m_asleep{0}; // in all, as far as known
    bool m_known = false;
};

} // namespace core

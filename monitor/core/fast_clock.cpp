#include "monitor/core/fast_clock.h"

#include "monitor/core/mutex.h"

#include <algorithm>
#include <fstream>
#include <string>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace core {

#if defined(__x86_64__)

namespace {

using Ticks = std::uint64_t;
__extension__ using Wide = unsigned __int128;

constexpr Nanos::rep kCarryNanos = 1'000'000;
constexpr Nanos::rep kShortestBase = 10'000'000; // a rate from less is too rough
constexpr Nanos::rep kJitterNanos = 10'000;

// Where this thread last read the real clock. 0 ticks to carry: read it again.
struct Anchor {
    Ticks ticks = 0;
    Ticks carry = 0;
    std::uint64_t rate = 0; // nanoseconds a tick, times 2^32
    Nanos::rep nanos = 0;
};
constinit thread_local Anchor t_anchor;

Nanos::rep carried(const Anchor& anchor, Ticks ticks) noexcept
{
    return anchor.nanos + static_cast<Nanos::rep>(((ticks - anchor.ticks) * anchor.rate) >> 32U);
}

// The kernel watches the counter and gives it up when it stands, jumps or differs between processors.
bool kernelTrustsCounter()
{
    std::ifstream file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    std::string name;
    file >> name;
    return name == "tsc";
}

// How fast the counter runs, measured over the whole life of the program.
class Rate {
public:
    // 0 while it is not known yet, or when the counter cannot be trusted.
    std::uint64_t measure(Ticks ticks, Nanos::rep nanos) noexcept
    {
        const MutexLock lock(m_mutex);
        if (!m_trusted) {
            return 0;
        }
        if (m_ticks == 0 || ticks <= m_ticks) {
            begin(ticks, nanos);
        }
        if (nanos - m_nanos < kShortestBase) {
            return m_rate;
        }
        const auto span = static_cast<Wide>(nanos - m_nanos);
        const auto fresh = static_cast<std::uint64_t>((span << 32U) / (ticks - m_ticks));
        const std::uint64_t off = fresh > m_rate ? fresh - m_rate : m_rate - fresh;
        if (m_rate != 0 && off > m_rate / 1000) { // the machine slept, or moved to another one
            begin(ticks, nanos);
        } else {
            m_rate = fresh;
        }
        return m_rate;
    }

private:
    void begin(Ticks ticks, Nanos::rep nanos) noexcept REQUIRES(m_mutex)
    {
        m_ticks = ticks;
        m_nanos = nanos;
        m_rate = 0;
    }

    const bool m_trusted = kernelTrustsCounter();
    Mutex m_mutex; // guards what follows; some arithmetic under it, once a millisecond and thread
    Ticks m_ticks GUARDED_BY(m_mutex) = 0;
    Nanos::rep m_nanos GUARDED_BY(m_mutex) = 0;
    std::uint64_t m_rate GUARDED_BY(m_mutex) = 0;
};

// Once a millisecond and thread: not inlined, or every reading would save the registers that only this one needs.
[[gnu::noinline, gnu::cold]] SteadyTime readAgain(Anchor& anchor) noexcept
{
    static Rate& rate = *new Rate; // never destroyed: threads may end after main() has returned
    Nanos::rep nanos = Nanos(SystemClock::instance().steadyNow().time_since_epoch()).count();
    const Ticks ticks = __rdtsc();
    if (anchor.rate != 0 && ticks - anchor.ticks < 16 * anchor.carry) {
        const Nanos::rep before = carried(anchor, ticks);
        nanos = before > nanos && before - nanos < kJitterNanos ? before : nanos;
    }
    anchor.rate = rate.measure(ticks, nanos);
    anchor.carry =
        anchor.rate == 0 ? 0 : static_cast<Ticks>((static_cast<Wide>(kCarryNanos) << 32U) / anchor.rate);
    anchor.ticks = ticks;
    anchor.nanos = nanos;
    return SteadyTime(Nanos(nanos));
}

} // namespace

SteadyTime FastClock::steadyNow() const noexcept
{
    Anchor& anchor = t_anchor;
    const Ticks ticks = __rdtsc();
    if (ticks - anchor.ticks < anchor.carry) {
        return SteadyTime(Nanos(carried(anchor, ticks)));
    }
    return readAgain(anchor);
}

#else

SteadyTime FastClock::steadyNow() const noexcept
{
    return SystemClock::instance().steadyNow();
}

#endif

} // namespace core

#include "monitor/pool/signal.h"

#include "monitor/pool/brief_mutex.h"

#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pool {

namespace {

constexpr int kSpins = 40;

} // namespace

bool Signal::waitFor(core::Nanos span, Patience patience) noexcept
{
    const int spins = patience == Patience::Spins ? kSpins : 0;
    for (int i = 0; i < spins && m_state.load(std::memory_order_relaxed) == kAwake; ++i) {
        relax();
    }
    std::uint32_t seen = kAwake;
    if (m_state.compare_exchange_strong(seen, kAsleep, std::memory_order_relaxed)) {
        sleep(span);
    }
    seen = m_state.load(std::memory_order_acquire);
    while (seen != kServed && !m_state.compare_exchange_weak(seen, kAwake, std::memory_order_acquire)) {
    }
    return seen == kServed;
}

// https://man7.org/linux/man-pages/man2/futex.2.html; may return early, then the caller looks at its clock
// again.
void Signal::sleep(core::Nanos span) noexcept
{
    const timespec timeout{span / std::chrono::seconds(1), (span % std::chrono::seconds(1)).count()};
    ::syscall(SYS_futex, &m_state, FUTEX_WAIT_PRIVATE, kAsleep, &timeout, nullptr, 0);
}

void Signal::wake(Signal* signal) noexcept
{
    ::syscall(SYS_futex, signal, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void Signal::nudge() noexcept
{
    std::uint32_t seen = m_state.load(std::memory_order_relaxed);
    while (seen != kServed && seen != kNudged &&
           !m_state.compare_exchange_weak(seen, kNudged, std::memory_order_release)) {
    }
    if (seen == kAsleep) {
        wake(this);
    }
}

} // namespace pool

// A lock for sections of some ten nanoseconds, taken millions of times a second.
#pragma once

#include "monitor/core/mutex.h"

#include <atomic>

namespace pool {

// Let the other hyper-thread, or the memory, have its turn.
inline void relax() noexcept
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

// Not recursive, not fair: who has it may take it again before others see it free, which keeps its data in
// one processor's cache. Who meets it taken spins for about a microsecond, then yields, then naps: the holder
// may have been put aside by the scheduler. Never hold it over anything that waits.
class POOLSCOPE_TSA(capability("mutex")) BriefMutex {
public:
    // True when somebody else had it.
    bool lock() noexcept POOLSCOPE_TSA(acquire_capability())
    {
        if (m_taken.exchange(true, std::memory_order_acquire)) {
            lockSlowly();
            return true;
        }
        return false;
    }
    void unlock() noexcept POOLSCOPE_TSA(release_capability())
    {
        m_taken.store(false, std::memory_order_release);
    }

private:
    void lockSlowly() noexcept;

    std::atomic<bool> m_taken{false};
};

class POOLSCOPE_TSA(scoped_lockable) BriefLock {
public:
    explicit BriefLock(BriefMutex& mutex) POOLSCOPE_TSA(acquire_capability(mutex))
        : m_mutex(mutex)
    {
        m_mutex.lock();
    }
    ~BriefLock() POOLSCOPE_TSA(release_capability()) { m_mutex.unlock(); }
    BriefLock(const BriefLock&) = delete;
    BriefLock& operator=(const BriefLock&) = delete;

    // For condition variables, which must let go of the lock while they wait.
    void lock() POOLSCOPE_TSA(acquire_capability()) { m_mutex.lock(); }
    void unlock() POOLSCOPE_TSA(release_capability()) { m_mutex.unlock(); }

private:
    BriefMutex& m_mutex;
};

} // namespace pool

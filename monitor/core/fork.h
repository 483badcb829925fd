// Who is the process that made an object, and who only a child of it: without a system call each time.
#pragma once

#include <atomic>
#include <cstdint>

namespace core {

// Remembers the process it is made in. Thread-safe.
class Process {
public:
    Process();
    // False in a child that fork() has made since (pthread_atfork(3)): threads and locks of the parent's mean nothing there.
    [[nodiscard]] bool isThis() const noexcept { return m_forks == s_forks.load(std::memory_order_relaxed); }

private:
    static inline std::atomic<std::uint32_t> s_forks{0}; // this process is so many forks away from its origin
    std::uint32_t m_forks;
};

} // namespace core

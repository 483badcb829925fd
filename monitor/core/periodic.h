// A thread that works at fixed moments: tick n at start + n·interval. A tick that could not start before the next
// one was due is counted as missed and never made up for.
#pragma once

#include "monitor/core/mutex.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <thread>

namespace core {

struct PeriodicTick {
    std::uint64_t number = 0;                              // 0, 1, 2 …; skips the missed ones
    std::chrono::steady_clock::time_point due = {};        // when it should have started
    std::uint64_t missed = 0;                              // ever missed so far
};

// Thread-safe. The destructor stops and joins; stop is noticed at once while waiting, else after the work returns.
class Periodic {
public:
    using Work = std::function<void(const PeriodicTick&, std::stop_token)>;

    Periodic(std::chrono::nanoseconds interval, Work work);
    ~Periodic();
    Periodic(const Periodic&) = delete;
    Periodic& operator=(const Periodic&) = delete;

    // Takes effect at once: the grid starts anew from now.
    void setInterval(std::chrono::nanoseconds interval);
    [[nodiscard]] std::chrono::nanoseconds interval() const;
    [[nodiscard]] std::uint64_t missed() const noexcept { return m_missed.load(std::memory_order_relaxed); }
    void stop();

private:
    void run(std::stop_token stop);

    const Work m_work;
    std::atomic<std::uint64_t> m_missed{0};
    mutable Mutex m_mutex; // guards m_interval and m_epoch; nothing slow under it
    CondVar m_changed;
    std::chrono::nanoseconds m_interval GUARDED_BY(m_mutex);
    std::uint64_t m_epoch GUARDED_BY(m_mutex) = 0; // counts changes of the interval
    std::jthread m_thread;                         // last: joins first
};

} // namespace core

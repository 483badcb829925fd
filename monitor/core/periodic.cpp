#include "monitor/core/periodic.h"

#include <utility>

namespace core {

using Clock = std::chrono::steady_clock;

Periodic::Periodic(std::chrono::nanoseconds interval, Work work)
    : m_work(std::move(work))
    , m_interval(interval)
    , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
{
}

Periodic::~Periodic()
{
    stop();
}

void Periodic::setInterval(std::chrono::nanoseconds interval)
{
    {
        const MutexLock lock(m_mutex);
        m_interval = interval;
        ++m_epoch;
    }
    m_changed.notify_all();
}

std::chrono::nanoseconds Periodic::interval() const
{
    const MutexLock lock(m_mutex);
    return m_interval;
}

void Periodic::stop()
{
    m_thread.request_stop();
    if (m_thread.joinable() && m_thread.get_id() != std::this_thread::get_id()) {
        m_thread.join();
    }
}

void Periodic::run(std::stop_token stop)
{
    std::uint64_t number = 0;
    Clock::time_point due = Clock::now();
    while (!stop.stop_requested()) {
        m_work({number, due, m_missed.load(std::memory_order_relaxed)}, stop);
        MutexLock lock(m_mutex);
        const std::uint64_t epoch = m_epoch;
        const Clock::time_point now = Clock::now();
        due += m_interval;
        ++number;
        if (due <= now) { // skip the ticks whose time has passed entirely
            const auto late = static_cast<std::uint64_t>((now - due) / m_interval) + 1;
            m_missed.fetch_add(late, std::memory_order_relaxed);
            number += late;
            due += m_interval * static_cast<std::int64_t>(late);
        }
        const bool changed =
            m_changed.wait_until(lock, stop, due, [this, epoch]() REQUIRES(m_mutex) { return m_epoch != epoch; });
        if (changed) {
            due = Clock::now();
        }
    }
}

} // namespace core

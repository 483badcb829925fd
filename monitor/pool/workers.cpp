#include "monitor/pool/workers.h"

namespace pool {

bool Workers::post(std::function<void()> task)
{
    const core::MutexLock lock(m_mutex);
    if (m_stopped) {
        return false;
    }
    m_tasks.push_back(std::move(task));
    if (m_idle < m_tasks.size() && m_threads.size() < m_most) {
        m_threads.emplace_back([this] { run(); });
    }
    m_changed.notify_one();
    return true;
}

void Workers::close()
{
    const core::MutexLock lock(m_mutex);
    m_stopped = true;
}

void Workers::stop()
{
    std::vector<std::thread> threads;
    {
        const core::MutexLock lock(m_mutex);
        m_stopped = true;
        threads.swap(m_threads);
        m_changed.notify_all();
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

void Workers::run()
{
    core::MutexLock lock(m_mutex);
    for (;;) {
        ++m_idle;
        m_changed.wait(lock, [this]() REQUIRES(m_mutex) { return m_stopped || !m_tasks.empty(); });
        --m_idle;
        if (m_tasks.empty()) {
            return;
        }
        const std::function<void()> task = std::move(m_tasks.front());
        m_tasks.pop_front();
        lock.unlock();
        task();
        lock.lock();
    }
}

} // namespace pool

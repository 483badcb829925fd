#include "monitor/net/work_queue.h"

#include <utility>

namespace net {

WorkQueue::WorkQueue(std::size_t threads, std::size_t capacity)
    : m_capacity(capacity)
{
    for (std::size_t i = 0; i < threads; ++i) {
        m_threads.emplace_back([this](std::stop_token stop) { run(std::move(stop)); });
    }
}

WorkQueue::~WorkQueue()
{
    for (std::jthread& thread : m_threads) {
        thread.request_stop();
    }
    m_threads.clear();
}

bool WorkQueue::post(std::function<void()> job)
{
    {
        const core::MutexLock lock(m_mutex);
        if (m_jobs.size() >= m_capacity) {
            return false;
        }
        m_jobs.push_back(std::move(job));
    }
    m_ready.notify_one();
    return true;
}

void WorkQueue::run(std::stop_token stop)
{
    while (true) {
        std::function<void()> job;
        {
            core::MutexLock lock(m_mutex);
            m_ready.wait(lock, stop, [this]() REQUIRES(m_mutex) { return !m_jobs.empty(); });
            if (stop.stop_requested()) {
                return;
            }
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        job();
    }
}

} // namespace net

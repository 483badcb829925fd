// A few threads for what may take long (queries over the history), so that it never holds up the other
// clients.
#pragma once

#include "monitor/core/mutex.h"

#include <cstddef>
#include <deque>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

namespace net {

// Thread-safe. The destructor lets running jobs end and drops the waiting ones.
class WorkQueue {
public:
    WorkQueue(std::size_t threads, std::size_t capacity);
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    // False when `capacity` jobs wait already; the job is not run then. Jobs must not throw.
    [[nodiscard]] bool post(std::function<void()> job);

private:
    void run(std::stop_token stop);

    const std::size_t m_capacity;
    core::Mutex m_mutex; // guards m_jobs; jobs run outside it
    core::CondVar m_ready;
    std::deque<std::function<void()>> m_jobs GUARDED_BY(m_mutex);
    std::vector<std::jthread> m_threads; // last: join first
};

} // namespace net

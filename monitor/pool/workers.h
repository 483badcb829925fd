// A few threads for work that must not hold up a borrower: started when first needed.
#pragma once

#include "monitor/core/mutex.h"

#include <deque>
#include <functional>
#include <thread>
#include <vector>

namespace pool {

// Thread-safe. Tasks must end by themselves within a bounded time.
class Workers {
public:
    explicit Workers(std::size_t most)
        : m_most(most)
    {
    }
    ~Workers() { stop(); }
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    // False when closed: the caller does the work itself.
    bool post(std::function<void()> task);
    // Takes nothing more.
    void close();
    // Everything posted is still done, then the threads end. May be called more than once, but not by a task.
    void stop();

private:
    void run();

    const std::size_t m_most;
    core::Mutex m_mutex; // guards what follows; no task runs under it
    core::CondVar m_changed;
    std::deque<std::function<void()>> m_tasks GUARDED_BY(m_mutex);
    std::size_t m_idle GUARDED_BY(m_mutex) = 0;
    bool m_stopped GUARDED_BY(m_mutex) = false;
    std::vector<std::thread> m_threads GUARDED_BY(m_mutex);
};

} // namespace pool

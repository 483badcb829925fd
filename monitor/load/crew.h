// Threads for jobs that block: as many as there are jobs at once, up to a limit, and never a queue.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/load/curfew.h"

#include <deque>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

namespace load {

// Thread-safe. The destructor closes the curfew, lets every posted job run (with a token that says stop) and
// joins.
class Crew {
public:
    using Job = std::function<void(std::stop_token stop)>;

    Crew(int limit, Curfew& curfew)
        : m_limit(limit)
        , m_curfew(curfew) {}
    ~Crew();
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    // False, and the job is not run, when `limit` jobs are under way, the crew is closing or the machine has
    // no more threads. A job that was taken runs exactly once.
    [[nodiscard]] bool post(Job job);
    // Jobs posted and not yet done.
    [[nodiscard]] int busy() const;

private:
    void run();

    const int m_limit;
    Curfew& m_curfew;
    mutable core::Mutex m_mutex; // guards what follows; jobs run without it
    core::CondVar m_ready;
    std::deque<Job> m_jobs GUARDED_BY(m_mutex);
    int m_busy GUARDED_BY(m_mutex) = 0;
    bool m_closing GUARDED_BY(m_mutex) = false;
    std::vector<std::jthread> m_threads GUARDED_BY(m_mutex); // joined by the destructor
};

} // namespace load

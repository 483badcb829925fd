#include "monitor/load/crew.h"

#include <system_error>
#include <utility>

namespace load {

Crew::~Crew() {
    m_curfew.close();
    std::vector<std::jthread> threads;
    {
        const core::MutexLock lock(m_mutex);
        m_closing = true;
        threads.swap(m_threads);
    }
    m_ready.notify_all();
    threads.clear(); // joins
}

bool Crew::post(Job job) {
    {
        const core::MutexLock lock(m_mutex);
        if (m_closing || m_busy >= m_limit) {
            return false;
        }
        if (m_busy == static_cast<int>(m_threads.size())) { // nobody is free
            try {
                m_threads.emplace_back([this] { run(); });
            } catch (const std::system_error&) {
                return false;
            }
        }
        ++m_busy;
        m_jobs.push_back(std::move(job));
    }
    m_ready.notify_one();
    return true;
}

int Crew::busy() const {
    const core::MutexLock lock(m_mutex);
    return m_busy;
}

void Crew::run() {
    for (;;) {
        Job job;
        {
            core::MutexLock lock(m_mutex);
            while (m_jobs.empty() && !m_closing) {
                m_ready.wait(lock);
            }
            if (m_jobs.empty()) {
                return;
            }
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        m_curfew.enter();
        job(m_curfew.stop());
        m_curfew.leave();
        job = nullptr; // what it holds is gone before it counts as done
        const core::MutexLock lock(m_mutex);
        --m_busy;
    }
}

} // namespace load

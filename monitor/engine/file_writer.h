// The thread that writes files: no tick and no click ever waits for a disk.
#pragma once

#include "monitor/core/bounded_queue.h"
#include "monitor/core/result.h"

#include <functional>
#include <stop_token>
#include <thread>

namespace engine {

// Thread-safe. Jobs run one after the other; what does not fit in the queue is refused. The destructor finishes what is
// queued.
class FileWriter {
public:
    FileWriter();
    ~FileWriter();

    // False when too much is waiting already.
    bool post(std::function<void()> job) { return m_jobs.push(std::move(job)); }

private:
    static constexpr std::size_t kQueued = 256;
    core::BoundedQueue<std::function<void()>> m_jobs{kQueued};
    std::jthread m_thread; // last: joins first
};

} // namespace engine

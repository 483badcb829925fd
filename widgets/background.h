// Work that takes longer than a frame, on a thread of its own; only the newest wish counts.
#pragma once

#include "monitor/core/mutex.h"

#include <QObject>

#include <functional>
#include <stop_token>
#include <thread>

namespace widgets {

// Main thread only. The destructor stops what runs and waits for it, so jobs look at their stop token.
class Background final : public QObject {
public:
    // What is left to do on the main thread when a job is done; may be empty.
    using Finish = std::function<void()>;
    using Job = std::function<Finish(const std::stop_token&)>;

    explicit Background(QObject* parent = nullptr);
    ~Background() override;

    // Runs `job` on the other thread, then its Finish here. A job that waits or runs is given up: its Finish
    // is not called.
    void run(Job job);
    // Gives up what waits or runs.
    void cancel();
    // A job waits or runs, and has not been given up.
    [[nodiscard]] bool busy() const noexcept { return m_busy; }

private:
    void work(const std::stop_token& stop);
    void collect(); // on the main thread

    bool m_busy = false;
    core::Mutex m_mutex; // guards what follows
    core::CondVar m_wanted;
    Job m_next GUARDED_BY(m_mutex);
    Finish m_done GUARDED_BY(m_mutex);
    std::stop_source m_current GUARDED_BY(m_mutex); // of the newest job
    std::jthread m_thread;                          // last: joins first
};

} // namespace widgets

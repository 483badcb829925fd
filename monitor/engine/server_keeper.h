// The thread that owns the embedded server: PostgreSQL dies with the thread that forked it, so that thread lives as
// long as the program, and nobody else ever waits for a start or a stop.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/pg/embedded_server.h"

#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

namespace engine {

// Thread-safe. The destructor stops the server.
class ServerKeeper {
public:
    // `onStarted` tells how each start ended; it is called on the keeper's thread.
    ServerKeeper(pg::EmbeddedOptions options, std::function<void(const core::Result<void>&)> onStarted);
    ~ServerKeeper();

    // Where the server is or will be.
    [[nodiscard]] pg::ConnInfo connInfo() const { return m_server->connInfo(); }
    [[nodiscard]] int pid() const { return m_server->pid(); }

    // Asked for, not waited for.
    void startSoon();
    // True when the server should run and does not: it was killed, and nobody is starting it.
    [[nodiscard]] bool fallen() const;
    // Waited for; called by scenarios on their own threads.
    [[nodiscard]] core::Result<void> start();
    [[nodiscard]] core::Result<void> stop();
    // Refuses all further work and waits for what is under way (a start: at most some seconds); `onStarted` is not
    // called any more. The server runs on until the destructor.
    void quiesce();

private:
    struct Job {
        std::function<core::Result<void>()> work;
        std::promise<core::Result<void>> done;
    };
    std::future<core::Result<void>> post(std::function<core::Result<void>()> work);
    core::Result<void> startNow();
    void setWanted(bool wanted);
    void refuseAll() REQUIRES(m_mutex);
    void run(std::stop_token stop);

    const std::function<void(const core::Result<void>&)> m_onStarted;
    std::unique_ptr<pg::EmbeddedServer> m_server;
    mutable core::Mutex m_mutex; // guards what follows; nothing slow under it
    core::CondVar m_ready;
    core::CondVar m_rested;
    std::deque<Job> m_jobs GUARDED_BY(m_mutex);
    bool m_closing GUARDED_BY(m_mutex) = false;
    bool m_busy GUARDED_BY(m_mutex) = false;
    bool m_wanted GUARDED_BY(m_mutex) = false; // started at last, not stopped
    std::jthread m_thread; // last: joins first
};

} // namespace engine

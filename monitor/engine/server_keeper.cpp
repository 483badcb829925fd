#include "monitor/engine/server_keeper.h"

#include <utility>

namespace engine {

ServerKeeper::ServerKeeper(pg::EmbeddedOptions options, std::function<void(const core::Result<void>&)> onStarted)
    : m_onStarted(std::move(onStarted))
    , m_server(std::make_unique<pg::EmbeddedServer>(std::move(options)))
    , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
{
}

ServerKeeper::~ServerKeeper()
{
    m_thread.request_stop();
    m_ready.notify_all();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void ServerKeeper::startSoon()
{
    (void)post([this] { return startNow(); });
}

core::Result<void> ServerKeeper::start()
{
    return post([this] { return startNow(); }).get();
}

core::Result<void> ServerKeeper::stop()
{
    return post([this] {
               setWanted(false);
               m_server->stop();
               return core::Result<void>();
           })
        .get();
}

std::future<core::Result<void>> ServerKeeper::post(std::function<core::Result<void>()> work)
{
    Job job{std::move(work), {}};
    std::future<core::Result<void>> future = job.done.get_future();
    {
        const core::MutexLock lock(m_mutex);
        if (m_closing) {
            job.done.set_value(core::fail("the program is closing"));
            return future;
        }
        m_jobs.push_back(std::move(job));
    }
    m_ready.notify_one();
    return future;
}

void ServerKeeper::quiesce()
{
    core::MutexLock lock(m_mutex);
    refuseAll();
    m_rested.wait(lock, [this]() REQUIRES(m_mutex) { return !m_busy; });
}

void ServerKeeper::refuseAll()
{
    m_closing = true;
    for (Job& job : m_jobs) {
        job.done.set_value(core::fail("the program is closing"));
    }
    m_jobs.clear();
}

bool ServerKeeper::fallen() const
{
    {
        const core::MutexLock lock(m_mutex);
        if (!m_wanted || m_busy || m_closing || !m_jobs.empty()) {
            return false;
        }
    }
    return m_server->pid() == 0;
}

void ServerKeeper::setWanted(bool wanted)
{
    const core::MutexLock lock(m_mutex);
    m_wanted = wanted;
}

core::Result<void> ServerKeeper::startNow()
{
    setWanted(true);
    core::Result<void> started = m_server->start();
    m_onStarted(started);
    return started;
}

void ServerKeeper::run(std::stop_token stop)
{
    for (;;) {
        core::MutexLock lock(m_mutex);
        const bool any = m_ready.wait(lock, stop, [this]() REQUIRES(m_mutex) { return !m_jobs.empty(); });
        if (!any || stop.stop_requested()) {
            refuseAll();
            break;
        }
        Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        m_busy = true;
        lock.unlock();
        job.done.set_value(job.work());
        lock.lock();
        m_busy = false;
        m_rested.notify_all();
    }
    m_server->stop();
}

} // namespace engine

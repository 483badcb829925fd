#include "monitor/respond/job_gate.h"

#include <algorithm>
#include <utility>

namespace respond {

struct JobGate::Registration::Core {
    std::atomic<bool> paused{false};
    core::Mutex turning; // one turn at a time, so that hooks hear pause and resume in order
    core::Mutex mutex;   // guards what follows; no hook is called under it
    std::uint64_t last GUARDED_BY(mutex) = 0;
    std::map<std::uint64_t, std::pair<std::string, Hook>> jobs GUARDED_BY(mutex);
};

JobGate::Registration::Registration(std::shared_ptr<Core> core, std::uint64_t id) noexcept
    : m_core(std::move(core))
    , m_id(id)
{
}

JobGate::Registration::Registration(Registration&& other) noexcept
    : m_core(std::exchange(other.m_core, nullptr))
    , m_id(other.m_id)
{
}

JobGate::Registration& JobGate::Registration::operator=(Registration&& other) noexcept
{
    std::swap(m_core, other.m_core);
    std::swap(m_id, other.m_id);
    return *this;
}

JobGate::Registration::~Registration()
{
    if (m_core) {
        const core::MutexLock lock(m_core->mutex);
        m_core->jobs.erase(m_id);
    }
}

JobGate::JobGate()
    : m_core(std::make_shared<Registration::Core>())
{
}

JobGate::Registration JobGate::add(std::string name, Hook hook)
{
    const core::MutexLock turning(m_core->turning);
    if (m_core->paused) {
        hook(true);
    }
    const core::MutexLock lock(m_core->mutex);
    const std::uint64_t id = ++m_core->last;
    m_core->jobs.emplace(id, std::pair(std::move(name), std::move(hook)));
    return {m_core, id};
}

std::size_t JobGate::turn(bool paused)
{
    const core::MutexLock turning(m_core->turning);
    if (m_core->paused.exchange(paused) == paused) {
        return 0;
    }
    std::vector<Hook> hooks;
    {
        const core::MutexLock lock(m_core->mutex);
        for (const auto& [id, job] : m_core->jobs) {
            hooks.push_back(job.second);
        }
    }
    for (const Hook& hook : hooks) {
        hook(paused);
    }
    return hooks.size();
}

std::size_t JobGate::pause()
{
    return turn(true);
}

std::size_t JobGate::resume()
{
    return turn(false);
}

bool JobGate::paused() const noexcept
{
    return m_core->paused.load(std::memory_order_relaxed);
}

std::vector<std::string> JobGate::names() const
{
    std::vector<std::string> names;
    {
        const core::MutexLock lock(m_core->mutex);
        for (const auto& [id, job] : m_core->jobs) {
            names.push_back(job.first);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace respond

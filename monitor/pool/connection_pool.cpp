#include "monitor/pool/connection_pool.h"

#include "monitor/pool/pool_impl.h"

#include <fmt/format.h>

namespace pool {

ConnectionPool::ConnectionPool(PoolConfig config, pg::ConnInfo conninfo, PoolObserver* observer,
                               const core::Clock& clock)
    : m_impl(std::make_shared<PoolImpl>(config, std::move(conninfo), observer, clock))
{
    m_impl->start();
}

// In a child nothing can be joined and nothing may be said to the server: all of it is left alone.
ConnectionPool::~ConnectionPool()
{
    if (m_impl->isOurs()) {
        close();
    } else {
        (void)new std::shared_ptr<PoolImpl>(std::move(m_impl)); // never freed
    }
}

core::Result<Lease, AcquireFailure> ConnectionPool::acquire(const AcquireOptions& options,
                                                            std::source_location site)
{
    auto slot = m_impl->acquire(options, site);
    if (!slot) {
        return core::Unexpected{std::move(slot).error()};
    }
    return Lease(*m_impl, **slot);
}

PoolStats ConnectionPool::stats(std::size_t waiters) const
{
    return m_impl->stats(waiters);
}

PoolCounts ConnectionPool::counts() const
{
    return m_impl->core.counts();
}

std::vector<AutopsyPtr> ConnectionPool::autopsies() const
{
    return m_impl->autopsies(AutopsyRing::kCapacity);
}

void ConnectionPool::setLang(core::Lang lang) noexcept
{
    m_impl->setLang(lang);
}

std::uint64_t ConnectionPool::version() const noexcept
{
    return m_impl->core.version();
}

core::Result<void> ConnectionPool::configure(const PoolConfig& config)
{
    return m_impl->configure(config);
}

PoolConfig ConnectionPool::config() const
{
    return m_impl->core.config();
}

void ConnectionPool::setConnInfo(pg::ConnInfo conninfo)
{
    m_impl->setConnInfo(std::move(conninfo));
}

void ConnectionPool::suspend(SuspendMode mode)
{
    const std::string before = poolStateName(m_impl->core.counts().state);
    m_impl->core.setGate(mode == SuspendMode::Hold ? PoolCore::Gate::Hold : PoolCore::Gate::Refuse);
    m_impl->tell(EventKind::Suspended,
                 before + (mode == SuspendMode::Hold ? " → suspended, requests wait" : " → suspended, requests fail"));
}

void ConnectionPool::resume()
{
    const std::string before = poolStateName(m_impl->core.counts().state);
    m_impl->core.setGate(PoolCore::Gate::Open);
    m_impl->tell(EventKind::Resumed, before + " → " + poolStateName(m_impl->core.counts().state));
}

void ConnectionPool::limit(const LeaseLimits& limits)
{
    const LeaseLimits before = m_impl->core.setLimits(limits);
    const auto change = [](const char* whose, int from, int to) {
        const auto said = [](int limit) { return limit < 0 ? std::string("any") : std::to_string(limit); };
        return whose + said(from) + " → " + said(to);
    };
    m_impl->tell(EventKind::Configured,
                 change("places for background: ", before.background, limits.background) +
                     change(", for normal: ", before.normal, limits.normal));
}

void ConnectionPool::setUpkeep(Upkeep upkeep)
{
    m_impl->deferUpkeep.store(upkeep == Upkeep::Deferred, std::memory_order_relaxed);
}

void ConnectionPool::drain()
{
    const std::string before = std::to_string(m_impl->core.counts().total);
    m_impl->core.drain();
    m_impl->sweep();
    m_impl->tell(EventKind::Drained, "open " + before + " → " + std::to_string(m_impl->core.counts().total));
}

bool ConnectionPool::recycle(int slot)
{
    return m_impl->recycle(slot);
}

void ConnectionPool::recycleAll()
{
    const std::string open = std::to_string(m_impl->core.counts().total);
    m_impl->core.recycleAll();
    m_impl->tell(EventKind::Recycled, "open " + open + " → replaced one after the other");
}

bool ConnectionPool::cancelStatement(int slot)
{
    return m_impl->cancelStatement(slot);
}

bool ConnectionPool::terminateBackend(int slot)
{
    return m_impl->terminateBackend(slot);
}

void ConnectionPool::retryNow()
{
    const PoolCounts before = m_impl->core.counts();
    const core::Nanos pause = m_impl->core.nextTryIn();
    m_impl->core.retryNow();
    const bool waits = before.state == PoolState::Suspect || before.state == PoolState::Down ||
                       before.state == PoolState::Blocked;
    if (waits) { // else there is nothing to hurry
        m_impl->tell(EventKind::RetryAsked, fmt::format("{}: next try in {:.1f} s → at once",
                                                        poolStateName(before.state), core::seconds(pause)));
    }
}

void ConnectionPool::close()
{
    if (m_impl->isOurs()) {
        m_impl->close();
    }
}

} // namespace pool

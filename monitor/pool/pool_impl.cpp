// PoolImpl: its threads, and how connections are opened and closed.
#include "monitor/pool/pool_impl.h"

#include "monitor/pg/sqlstate.h"

#include <poll.h>
#include <sys/socket.h>

namespace pool {

namespace {

constexpr core::Millis kKeeperInterval{100};
constexpr core::Millis kLookInterval{500};
constexpr int kOpeners = 2;

pg::ConnInfo named(pg::ConnInfo info)
{
    if (info.get("application_name").empty() && info.get("fallback_application_name").empty()) {
        info.set("fallback_application_name", "poolscope-pool"); // PGAPPNAME still wins
    }
    return info;
}

Fault faultOf(const core::Error& error)
{
    const FaultKind kind = pg::needsPerson(error.code)    ? FaultKind::NeedsPerson
                           : pg::isSaturation(error.code) ? FaultKind::Saturated
                                                          : FaultKind::Unreachable;
    return {kind, error.message, error.code};
}

} // namespace

PoolImpl::PoolImpl(const PoolConfig& config, pg::ConnInfo conninfo, PoolObserver* observer,
                   const core::Clock& clock)
    : PgCore(config, clock, kOpeners)
    , Desk(PgCore::core, observer)
    , m_info(named(std::move(conninfo)))
{
}

void PoolImpl::start()
{
    for (int i = 0; i < kOpeners; ++i) {
        m_openers.emplace_back([this](const std::stop_token& stop) { openLoop(stop); });
    }
    m_keeper = std::make_unique<core::Periodic>(kKeeperInterval,
                                                [this](const core::PeriodicTick&, const std::stop_token&) {
                                                    if (m_sleep.slept()) {
                                                        core.doubtAll();
                                                    }
                                                    watchHolders();
                                                    sweep();
                                                    lookAtIdle();
                                                });
}

void PoolImpl::close()
{
    const core::MutexLock lock(m_closeMutex);
    if (m_keeper == nullptr) {
        return;
    }
    core.close();
    m_stop.request_stop();
    endResets();
    m_keeper.reset();
    for (std::jthread& opener : m_openers) {
        opener.request_stop();
    }
    m_openers.clear();
    m_janitors.stop();
    sweep();
    tell(EventKind::PoolClosed);
}

// A reset may wait for an answer as long as reset_timeout; a closing pool does not. Whoever resets a connection owns
// it, but cannot give it up without the lock, so that the socket is still this connection's.
void PoolImpl::endResets()
{
    m_janitors.close();
    core.visitAll(SlotUse::Resetting, [](Slot& slot) {
        (void)shutdown(sessionOf(slot).socket.load(std::memory_order_relaxed), SHUT_RDWR); // never waits
    });
}

pg::ConnInfo PoolImpl::connInfo() const
{
    const core::MutexLock lock(m_infoMutex);
    return m_info;
}

void PoolImpl::setConnInfo(pg::ConnInfo conninfo)
{
    {
        const core::MutexLock lock(m_infoMutex);
        m_info = named(std::move(conninfo));
    }
    core.drain();
    sweep();
    core.retryNow();
    tell(EventKind::Configured, "another server or other credentials");
}

void PoolImpl::openLoop(const std::stop_token& stop)
{
    while (Slot* slot = core.awaitOpening(stop)) {
        openOne(*slot, stop);
    }
}

void PoolImpl::openOne(Slot& slot, const std::stop_token& stop)
{
    const core::SteadyTime begin = core.clock().steadyNow();
    const PoolState state = core.counts().state;
    const bool probing = state == PoolState::Down || state == PoolState::Suspect;
    tell({.kind = probing ? EventKind::Probing : EventKind::ConnectStarted, .at = begin, .slot = slot.index});
    auto opened = pg::Connection::open(connInfo(), pg::Deadline::in(core.config().connectTimeout), stop);
    const core::SteadyTime now = core.clock().steadyNow();
    if (!opened) {
        openingFailed(slot, opened.error(), now - begin);
        return;
    }
    PgSession& session = sessionOf(slot);
    session.owner = shared_from_this();
    session.connection = std::move(*opened);
    session.cancel = session.connection->cancel();
    session.backendPid.store(session.connection->backendPid(), std::memory_order_relaxed);
    session.socket.store(session.connection->socket(), std::memory_order_relaxed);
    PoolEvent event = eventOf(EventKind::Connected, slot);
    event.duration = now - begin;
    tell(event); // before anyone can take it: a life begins with this
    Circuit::Turn turn = Circuit::Turn::None;
    const Disposal disposal = core.opened(slot, now, turn);
    if (turn == Circuit::Turn::Recovered) {
        tell(EventKind::Recovered);
    }
    if (disposal == Disposal::Close) {
        closeResource(slot);
    }
}

void PoolImpl::openingFailed(Slot& slot, const core::Error& error, core::Nanos took)
{
    const core::SteadyTime now = core.clock().steadyNow();
    PoolEvent event{.kind = EventKind::ConnectFailed,
                    .at = now,
                    .slot = slot.index,
                    .duration = took,
                    .detail = error.message,
                    .sqlstate = error.code};
    tell(event);
    switch (core.openFailed(slot, faultOf(error), now)) {
    case Circuit::Turn::WentDown:
        event.kind = EventKind::WentDown;
        tell(event);
        break;
    case Circuit::Turn::Blocked:
        event.kind = EventKind::Blocked;
        tell(event);
        break;
    case Circuit::Turn::None:
    case Circuit::Turn::Suspected:
    case Circuit::Turn::Recovered:
        break;
    }
}

// The caller owns the slot (Closing). Never waits: see ~Connection().
void PoolImpl::closeResource(Slot& slot) noexcept
{
    PgSession& session = sessionOf(slot);
    const std::shared_ptr<void> owner = std::move(session.owner); // perhaps the last one: then this ends with it
    PoolEvent event = eventOf(EventKind::Closed, slot);
    event.detail = closeReasonName(slot.closing);
    session.socket.store(-1, std::memory_order_relaxed);
    if (session.connection->transactionStatus() == pg::TransactionStatus::Active) {
        (void)session.connection->cancel().sendInBackground(); // or the server works on for nobody
    }
    session.connection.reset();
    session.backendPid.store(0, std::memory_order_relaxed);
    core.closed(slot);
    tell(event);
}

void PoolImpl::sweep()
{
    for (Slot* slot : core.reap()) {
        closeResource(*slot);
    }
}

// So that idle means alive, also when nobody asks: one poll(2) over all idle sockets, without the lock. Where something
// stirs the connection is taken and looked at properly.
void PoolImpl::lookAtIdle()
{
    const core::SteadyTime now = core.clock().steadyNow();
    if (now < m_nextLook || deferUpkeep.load(std::memory_order_relaxed)) {
        return;
    }
    m_nextLook = now + kLookInterval;
    std::vector<pollfd> sockets;
    std::vector<int> places;
    core.visitIdle([&](const Slot& slot) {
        sockets.push_back({ResourcePool<PgSession>::valueOf(slot).socket.load(std::memory_order_relaxed), POLLIN | POLLRDHUP, 0});
        places.push_back(slot.index);
    });
    if (poll(sockets.data(), sockets.size(), 0) <= 0) {
        return;
    }
    std::vector<int> stirred;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        if (sockets[i].revents != 0) {
            stirred.push_back(places[i]);
        }
    }
    for (Slot* slot : core.takeIdle(stirred)) {
        if (!sessionOf(*slot).connection->alive()) {
            core.resetFailed(*slot, CloseReason::Broken);
            closeResource(*slot);
        } else if (core.resetDone(*slot, now) == Disposal::Close) {
            closeResource(*slot);
        }
    }
}

void PoolImpl::tell(EventKind kind, std::string_view detail) const noexcept
{
    tell({.kind = kind, .at = core.clock().steadyNow(), .detail = detail});
}

} // namespace pool

// PoolImpl: from a request to a lease and back.
#include "monitor/pool/pool_impl.h"

#include <algorithm>

namespace pool {

namespace {

// How long a return may keep its caller; what takes longer goes to the pool's own threads.
constexpr core::Nanos kReturnPatience = std::chrono::milliseconds(40);
constexpr core::Nanos kShortestProof = std::chrono::milliseconds(20);

std::optional<DirtyState> dirtOf(pg::Connection& connection)
{
    switch (connection.leftover()) {
    case pg::Leftover::Nothing:
        break;
    case pg::Leftover::Running:
        return DirtyState::Active;
    case pg::Leftover::Unread:
        return DirtyState::Unread;
    case pg::Leftover::Copy:
        return DirtyState::Copy;
    case pg::Leftover::Pipeline:
        return DirtyState::Pipeline;
    }
    switch (connection.transactionStatus()) {
    case pg::TransactionStatus::InTransaction:
        return DirtyState::InTransaction;
    case pg::TransactionStatus::InError:
        return DirtyState::InError;
    case pg::TransactionStatus::Active:
        return DirtyState::Active;
    case pg::TransactionStatus::Idle:
    case pg::TransactionStatus::Unknown:
        break;
    }
    return std::nullopt;
}

} // namespace

core::Result<Slot*, AcquireFailure> PoolImpl::acquire(const AcquireOptions& options,
                                                      std::source_location site)
{
    if (!isOurs()) {
        return core::Unexpected{failureOfChild()};
    }
    Request request;
    request.tag = options.tag;
    request.site = site;
    request.timeout = options.timeout;
    request.priority = options.priority;
    if (serve(request, options.stop) == Step::Failed) {
        return core::Unexpected{failureOf(request)};
    }
    return request.slot;
}

bool PoolImpl::looksGood(Slot& slot) noexcept
{
    pg::Connection& connection = *sessionOf(slot).connection;
    return connection.alive() && connection.leftover() == pg::Leftover::Nothing;
}

void PoolImpl::lent(Slot& slot, core::SteadyTime now) noexcept
{
    sessionOf(slot).activity.granted(now);
}

int PoolImpl::backendOf(const Slot& slot) const noexcept
{
    return ResourcePool<PgSession>::valueOf(slot).backendPid.load(std::memory_order_relaxed);
}

// Each proof may use half of what is left of the budget, so that several dead connections in a row cost no
// more than one.
bool PoolImpl::proves(Request& request, core::Nanos& budget)
{
    const core::SteadyTime now = core.clock().steadyNow();
    if (budget == core::Nanos::max()) {
        budget = core.config().validateTimeout;
    }
    const core::Nanos share = std::max(budget / 2, kShortestProof);
    const core::Nanos left =
        request.deadline == core::SteadyTime::max() ? share : core::Nanos(request.deadline - now);
    const bool good = sessionOf(*request.slot).connection->ping(pg::Deadline::in(std::min(share, left)));
    budget = std::max(core::Nanos(0), budget - core::Nanos(core.clock().steadyNow() - now));
    return good;
}

void PoolImpl::statementDone(Slot& slot, const StatementInfo& statement, core::SteadyTime now) noexcept
{
    PgSession& session = sessionOf(slot);
    session.activity.statementEnded(session.connection->transactionStatus(), now);
    if (!statement.failed) {
        core.noteAlive(now);
    }
    if (PoolObserver* const watcher = observer()) {
        watcher->onStatement(statement);
    }
}

Returned PoolImpl::lookOver(Slot& slot)
{
    pg::Connection& connection = *sessionOf(slot).connection;
    if (connection.lost()) {
        return Returned::Broken;
    }
    const std::optional<DirtyState> dirt = dirtOf(connection);
    const ResetMode mode = core.resetMode();
    if (dirt) {
        m_dirty[static_cast<std::size_t>(*dirt)].fetch_add(1, std::memory_order_relaxed);
        PoolEvent event = eventOf(EventKind::DirtyReturn, slot);
        event.tag = slot.tag.view();
        event.detail = dirtyStateName(*dirt);
        tell(event);
        return mode == ResetMode::None ? Returned::Unwanted : Returned::Dirty;
    }
    return mode == ResetMode::Clean || mode == ResetMode::DiscardAll ? Returned::Dirty : Returned::Clean;
}

// Most resets are one quick round trip: done here, so that locks are gone when the return returns.
void PoolImpl::clean(Slot& slot)
{
    const core::SteadyTime since = core.clock().steadyNow();
    const core::Nanos most = core.config().resetTimeout;
    if (finishReset(slot, std::min(most, kReturnPatience), since)) {
        return;
    }
    const auto rest = [self = shared_from_this(), &slot, since, most] {
        (void)self->finishReset(slot, most, since);
    };
    if (most <= kReturnPatience || !m_janitors.post(rest)) {
        core.resetFailed(slot);
        closeResource(slot);
    }
}

// False when it is worth going on: the server was still busy after a first, short try.
bool PoolImpl::finishReset(Slot& slot, core::Nanos span, core::SteadyTime since)
{
    const PoolConfig config = core.config();
    pg::Connection& connection = *sessionOf(slot).connection;
    const Cleaning cleaning = cleanSession(connection, config.reset, pg::Deadline::in(span));
    if (cleaning == Cleaning::Unfinished && span <= kReturnPatience) {
        return false;
    }
    PoolEvent event =
        eventOf(cleaning == Cleaning::Done ? EventKind::ResetDone : EventKind::ResetFailed, slot);
    event.duration = core.clock().steadyNow() - since;
    tell(event);
    if (cleaning != Cleaning::Done) {
        core.resetFailed(slot);
        closeResource(slot);
    } else if (core.resetDone(slot, core.clock().steadyNow()) == Disposal::Close) {
        closeResource(slot);
    }
    return true;
}

} // namespace pool

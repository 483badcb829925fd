// PoolImpl: from a request to a lease and back.
#include "monitor/pool/pool_impl.h"

#include "monitor/pg/sqlstate.h"

#include <fmt/format.h>

#include <algorithm>

namespace pool {

namespace {

// How long a return may keep its caller; what takes longer goes to the pool's own threads.
constexpr core::Nanos kReturnPatience = std::chrono::milliseconds(45);
constexpr core::Nanos kShortestProof = std::chrono::milliseconds(20);

EventKind kindOf(Outcome outcome) noexcept {
    switch (outcome) {
    case Outcome::Ok:
        return EventKind::Granted;
    case Outcome::Timeout:
        return EventKind::TimedOut;
    case Outcome::Cancelled:
        return EventKind::Cancelled;
    case Outcome::QueueFull:
    case Outcome::Suspended:
    case Outcome::Down:
    case Outcome::Blocked:
    case Outcome::Closed:
        break;
    }
    return EventKind::Refused;
}

std::optional<DirtyState> dirtOf(pg::Connection& connection) {
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
                                                      std::source_location site) {
    Request request;
    request.tag = options.tag;
    request.site = site;
    request.timeout = options.timeout;
    core::Nanos budget = core::Nanos::max(); // what proving idle connections may cost; set by the first proof
    Step step = core.begin(request);
    if (step == Step::Queued && m_observer != nullptr) {
        tell({.kind = EventKind::Queued,
              .at = request.requestedAt,
              .lease = request.number,
              .tag = request.tag,
              .site = site});
    }
    for (;;) {
        switch (step) {
        case Step::Queued:
            step = core.await(request, options.stop);
            continue;
        case Step::Check:
            step = check(request, budget);
            continue;
        case Step::Granted:
            sessionOf(*request.slot).activity.granted(request.endedAt);
            tellOutcome(request);
            return request.slot;
        case Step::Failed:
            tellOutcome(request);
            return core::Unexpected{failureOf(request)};
        }
    }
}

// On the borrower's thread, within its deadline. A connection that fails is closed and the request goes on.
Step PoolImpl::check(Request& request, core::Nanos& budget) {
    const core::SteadyTime begin = core.clock().steadyNow();
    Slot& slot = *request.slot;
    PgSession& session = sessionOf(slot);
    CloseReason reason = CloseReason::Lifetime;
    if (request.check != Check::Replace) {
        const bool looksGood =
            session.connection->alive() && session.connection->leftover() == pg::Leftover::Nothing;
        if (looksGood && (request.check == Check::Look || proves(request, budget))) {
            const core::SteadyTime now = core.clock().steadyNow();
            if (request.check == Check::Prove) {
                core.noteAlive(now);
                PoolEvent event = eventOf(EventKind::Validated, slot);
                event.duration = now - begin;
                tell(event);
            }
            core.confirm(request, now);
            return request.step;
        }
        reason = CloseReason::Invalid;
        PoolEvent event = eventOf(EventKind::ValidationFailed, slot);
        event.duration = core.clock().steadyNow() - begin;
        event.detail = looksGood ? "no answer to the empty query" : "the server has hung up";
        event.sqlstate = pg::kConnectionLost;
        tell(event);
    }
    const Step step = core.reject(request, reason, begin);
    closeSession(slot);
    return step;
}

// Each proof may use half of what is left of the budget, so that several dead connections in a row cost no
// more than one.
bool PoolImpl::proves(Request& request, core::Nanos& budget) {
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

void PoolImpl::tellOutcome(const Request& request) const noexcept {
    if (m_observer == nullptr) {
        return;
    }
    PoolEvent event{.kind = kindOf(request.outcome),
                    .at = request.endedAt,
                    .lease = request.number,
                    .duration = request.endedAt - request.requestedAt,
                    .tag = request.tag,
                    .site = request.site};
    if (request.slot != nullptr) {
        event.slot = request.slot->index;
        event.backendPid = sessionOf(*request.slot).backendPid.load(std::memory_order_relaxed);
    } else {
        event.detail = outcomeName(request.outcome);
    }
    m_observer->onAcquired(event.duration, request.outcome, event);
    if (event.kind != EventKind::Granted) {
        m_observer->onEvent(event);
    }
    if (request.nested) {
        try {
            const std::string detail = fmt::format("the same thread already holds one taken at {}:{}",
                                                   request.nestedSite.file_name(), request.nestedSite.line());
            event.kind = EventKind::NestedAcquire;
            event.detail = detail;
            m_observer->onEvent(event);
        } catch (const std::exception&) { // no memory for the text: nobody is told
        }
    }
}

void PoolImpl::statementDone(Slot& slot, const StatementInfo& statement, core::SteadyTime now) noexcept {
    PgSession& session = sessionOf(slot);
    session.activity.statementEnded(session.connection->transactionStatus(), now);
    if (!statement.failed) {
        core.noteAlive(now);
    }
    if (m_observer != nullptr) {
        m_observer->onStatement(statement);
    }
}

Returned PoolImpl::lookOver(const Slot& slot) {
    pg::Connection& connection = *ResourcePool<PgSession>::valueOf(slot).connection;
    if (connection.lost()) {
        return Returned::Broken;
    }
    const std::optional<DirtyState> dirt = dirtOf(connection);
    const ResetMode mode = core.config().reset;
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

void PoolImpl::giveBack(Slot& slot, std::uint64_t number) noexcept {
    PgSession& session = sessionOf(slot);
    const Returned how = lookOver(slot);
    const core::SteadyTime now = core.clock().steadyNow();
    PoolEvent event = eventOf(EventKind::Returned, slot);
    event.at = now;
    event.lease = number;
    event.duration = now - slot.grantedAt;
    const Tag tag = slot.tag; // the next holder writes its own
    event.tag = tag.view();
    const bool wasLeaked = session.activity.leaked.load(std::memory_order_relaxed);
    const bool wasLong = session.activity.longUse.load(std::memory_order_relaxed);
    const Disposal disposal = core.giveBack(slot, number, how, now);
    if (disposal == Disposal::Refused) {
        event.kind = EventKind::DoubleReturn;
        tell(event);
        return;
    }
    if (m_observer != nullptr) {
        m_observer->onReturned(event.duration, event);
    }
    if (wasLeaked) {
        event.kind = EventKind::Unleaked;
        tell(event);
    }
    if (wasLong) {
        event.kind = EventKind::LongUseEnded;
        tell(event);
    }
    if (disposal == Disposal::Close) {
        closeSession(slot);
    } else if (disposal == Disposal::Reset) {
        reset(slot);
    }
}

// Most resets are one quick round trip: done here, so that locks are gone when the return returns.
void PoolImpl::reset(Slot& slot) {
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
        closeSession(slot);
    }
}

// False when it is worth going on: the server was still busy after a first, short try.
bool PoolImpl::finishReset(Slot& slot, core::Nanos span, core::SteadyTime since) {
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
        closeSession(slot);
    } else if (core.resetDone(slot, core.clock().steadyNow()) == Disposal::Close) {
        closeSession(slot);
    }
    return true;
}

} // namespace pool

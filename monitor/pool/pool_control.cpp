// PoolImpl: what is watched while it happens, what can be changed, and what it tells.
#include "monitor/pool/config_changes.h"
#include "monitor/pool/pool_impl.h"

#include "monitor/pg/fingerprint.h"

#include <fmt/format.h>

namespace pool {

namespace {

constexpr core::Nanos kAdminTimeout = std::chrono::seconds(3);

core::Nanos since(core::SteadyTime from, core::SteadyTime now) noexcept
{
    return std::max(core::Nanos(0), core::Nanos(now - from));
}

// One crossing of a threshold, remembered until the lock is gone.
struct Crossing {
    EventKind kind;
    int slot;
    int backendPid;
    std::uint64_t lease;
    core::Nanos span;
    Tag tag;
    std::source_location site;
    std::string statement;
};

} // namespace

// Held without a statement for longer than leak_after is a leak; held for longer than long_use, working or
// not, is long use. Both are told when they begin, and when they end before the return does.
void PoolImpl::watchHolders()
{
    const PoolConfig config = core.config();
    const core::SteadyTime now = core.clock().steadyNow();
    std::vector<Crossing> crossings;
    core.visitAll(SlotUse::Leased, [&](Slot& slot) {
        PgSession& session = sessionOf(slot);
        const SessionActivity::Reading reading = session.activity.read();
        const core::Nanos held = since(slot.grantedAt, now);
        const core::Nanos idle = since(std::max(reading.since, slot.grantedAt), now);
        const auto cross = [&](EventKind kind, core::Nanos span) {
            crossings.push_back({kind, slot.index, session.backendPid.load(std::memory_order_relaxed),
                                 slot.lease, span, slot.tag, slot.site, session.activity.statement()});
        };
        const bool leaking = reading.activity != LeaseActivity::Active && idle > config.leakAfter;
        if (leaking != slot.leaked.load(std::memory_order_relaxed)) {
            slot.leaked.store(leaking, std::memory_order_relaxed);
            m_leaks.fetch_add(leaking ? 1 : 0, std::memory_order_relaxed);
            cross(leaking ? EventKind::Leaked : EventKind::Unleaked, leaking ? idle : held);
        }
        if (!slot.longUse && held > config.longUse) {
            slot.longUse.store(true, std::memory_order_relaxed);
            cross(EventKind::LongUse, held);
        }
    });
    for (const Crossing& crossing : crossings) {
        const std::string statement = pg::redact(crossing.statement);
        tell({.kind = crossing.kind,
              .at = now,
              .slot = crossing.slot,
              .backendPid = crossing.backendPid,
              .lease = crossing.lease,
              .duration = crossing.span,
              .tag = crossing.tag.view(),
              .site = crossing.site,
              .detail = statement});
    }
}

core::Result<void> PoolImpl::configure(const PoolConfig& config)
{
    if (std::string problem = problemOf(config); !problem.empty()) {
        return core::fail(std::move(problem), "config");
    }
    const std::string changes = changesOf(core.config(), config);
    core.configure(config);
    core.retryNow();
    sweep();
    if (!changes.empty()) {
        tell(EventKind::Configured, changes);
    }
    return {};
}

bool PoolImpl::recycle(int index)
{
    PoolEvent event;
    const bool open = core.visitSlot(index, [&](Slot& slot) {
        event = eventOf(EventKind::Recycled, slot);
        event.detail = slot.use == SlotUse::Leased ? "in use → replaced when it comes back" : "idle → replaced";
    });
    if (!open || !core.recycle(index)) {
        return false;
    }
    sweep();
    tell(event);
    return true;
}

bool PoolImpl::cancelStatement(int index)
{
    pg::Cancel cancel;
    PoolEvent event;
    const bool leased = core.visitSlot(index, [&](Slot& slot) {
        if (slot.use == SlotUse::Leased) {
            cancel = sessionOf(slot).cancel;
            event = eventOf(EventKind::StatementCancelled, slot);
        }
    });
    if (!leased || !cancel.sendInBackground()) {
        return false;
    }
    event.detail = "by request: running → cancelled";
    tell(event);
    return true;
}

bool PoolImpl::terminateBackend(int index)
{
    PoolEvent event;
    const bool open =
        core.visitSlot(index, [&](Slot& slot) { event = eventOf(EventKind::BackendTerminated, slot); });
    if (!open || event.backendPid == 0) {
        return false;
    }
    return m_janitors.post([self = shared_from_this(), event]() mutable {
        const pg::Deadline deadline = pg::Deadline::in(kAdminTimeout);
        auto admin = pg::Connection::open(self->connInfo(), deadline, self->m_stop.get_token());
        if (!admin) {
            event.detail = admin.error().message;
            event.sqlstate = admin.error().code;
            self->tell(event);
            return;
        }
        const std::string pid[] = {std::to_string(event.backendPid)};
        const auto done =
            (*admin)->execute("SELECT pg_catalog.pg_terminate_backend($1::int4)", pid, deadline);
        event.detail = done ? "by request: open → terminated" : std::string_view(done.error().message);
        event.sqlstate = done ? std::string_view() : std::string_view(done.error().code);
        self->tell(event);
    });
}

PoolStats PoolImpl::tables(std::size_t waiters) const
{
    const core::SteadyTime now = core.clock().steadyNow();
    PoolStats stats = core.stats([now](const Slot& slot, SlotInfo& info) {
        const PgSession& session = ResourcePool<PgSession>::valueOf(slot);
        info.backendPid = session.backendPid.load(std::memory_order_relaxed);
        if (slot.use == SlotUse::Connecting) {
            return;
        }
        info.statement = session.activity.statement();
        if (info.phase != SlotPhase::Leased) {
            return;
        }
        const SessionActivity::Reading reading = session.activity.read();
        info.activity = reading.activity;
        if (reading.activity != LeaseActivity::Active) {
            info.idleHeldFor = since(std::max(reading.since, slot.grantedAt), now);
        }
        if (reading.transaction != core::SteadyTime{}) {
            info.transactionAge = since(reading.transaction, now);
        }
    }, waiters);
    for (SlotInfo& slot : stats.slots) {
        slot.statement = slot.statement.empty() ? std::string() : pg::redact(slot.statement);
    }
    for (std::size_t i = 0; i < kDirtyStates; ++i) {
        stats.dirtyReturns[i] = m_dirty[i].load(std::memory_order_relaxed);
    }
    stats.leaks = m_leaks.load(std::memory_order_relaxed);
    return stats;
}

} // namespace pool

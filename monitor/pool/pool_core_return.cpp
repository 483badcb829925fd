// PoolCore: what comes back, and who gets it.
#include "monitor/pool/pool_section.h"

namespace pool {

Disposal PoolCore::giveBack(Slot& slot, std::uint64_t lease, Returned how, core::SteadyTime now)
{
    if (how == Returned::Clean && Shelves::put(slot, lease, now)) {
        return Disposal::Kept;
    }
    const Section lock(*this, OnShelves::Left);
    noteCrowd(lock, now);
    const bool hadItsTurns = slot.shelf.load(std::memory_order_relaxed) != nullptr;
    recallOf(slot);
    if (lease == 0 || slot.lease != lease || slot.use != SlotUse::Leased) {
        ++m_figures.refusedReturns;
        touch();
        return Disposal::Refused;
    }
    ++m_figures.checkins;
    m_admission.leave(slot.priority);
    m_places.setHolder(slot, 0);
    slot.lease = 0;
    slot.leaked.store(false, std::memory_order_relaxed);
    slot.longUse.store(false, std::memory_order_relaxed);
    m_peakLeased.note(leasedAbout() - 1, now);
    if (how == Returned::Broken) {
        suspect(now);
        return condemn(slot, CloseReason::Broken);
    }
    if (how == Returned::Unwanted) {
        return condemn(slot, CloseReason::Dirty);
    }
    if (how == Returned::Dirty) {
        move(slot, SlotUse::Resetting);
        return Disposal::Reset;
    }
    slot.provenAt = std::max(slot.provenAt, slot.grantedAt);
    const Disposal disposal = place(slot, Check::Look, now);
    if (disposal == Disposal::Kept && !hadItsTurns && mayShelve(slot, now)) {
        shelve(slot, now);
    }
    return disposal;
}

Disposal PoolCore::resetDone(Slot& slot, core::SteadyTime now)
{
    const Section lock(*this, OnShelves::Left);
    slot.provenAt = now;
    return place(slot, Check::Look, now);
}

void PoolCore::resetFailed(Slot& slot, CloseReason reason)
{
    const core::SteadyTime now = m_clock.steadyNow();
    const Section lock(*this);
    if (reason == CloseReason::Broken) {
        suspect(now);
    }
    (void)condemn(slot, reason);
}

void PoolCore::visitIdle(const std::function<void(const Slot&)>& visit)
{
    const Section lock(*this);
    for (const Slot* slot = m_places.idle().front(); slot != nullptr; slot = slot->next) {
        visit(*slot);
    }
}

std::vector<Slot*> PoolCore::takeIdle(std::span<const int> slots)
{
    const Section lock(*this);
    std::vector<Slot*> taken;
    for (const int index : slots) {
        Slot* const slot = m_places.at(index);
        if (slot != nullptr && slot->use == SlotUse::Idle) {
            m_places.idle().remove(*slot);
            move(*slot, SlotUse::Resetting);
            taken.push_back(slot);
        }
    }
    return taken;
}

// A good resource without an owner: to the first waiter, to the idle ones, or away.
Disposal PoolCore::place(Slot& slot, Check check, core::SteadyTime now)
{
    slot.lease = 0;
    if (m_closed) {
        return condemn(slot, CloseReason::Shutdown);
    }
    if (slot.epoch != m_epoch) {
        return condemn(slot, CloseReason::Drain);
    }
    if (slot.retire) {
        ++m_owed;
        return condemn(slot, CloseReason::Admin);
    }
    const int most = m_config.mostConnections();
    if (most >= 0 && m_places.total() - m_places.count(SlotUse::Closing) > most) {
        return condemn(slot, CloseReason::Overflow); // the pool has been made smaller
    }
    if (m_gate == Gate::Open && !m_queue.empty()) {
        serveNext(slot, m_config.prePing ? check : Check::None, now);
        return Disposal::Passed;
    }
    if (!m_config.keepsAll() && m_places.count(SlotUse::Idle) >= m_config.size) {
        return condemn(slot, CloseReason::Overflow);
    }
    slot.idleSince = now;
    move(slot, SlotUse::Idle);
    m_places.idle().pushBack(slot);
    return Disposal::Kept;
}

Disposal PoolCore::condemn(Slot& slot, CloseReason reason)
{
    slot.closing = reason;
    slot.lease = 0;
    move(slot, SlotUse::Closing);
    return Disposal::Close;
}

void PoolCore::closed(Slot& slot)
{
    const Section lock(*this, OnShelves::Left);
    ++m_figures.closed[static_cast<std::size_t>(slot.closing)];
    slot.retire = false;
    move(slot, SlotUse::Free);
    noteState();
    wakeOpeners(m_clock.steadyNow());
}

void PoolCore::serveNext(Slot& slot, Check check, core::SteadyTime now)
{
    Request& next = *m_queue.front();
    m_queue.remove(next, now);
    next.connecting = std::min(slot.openedIn, std::max(core::Nanos(0), core::Nanos(now - next.requestedAt)));
    grant(next, slot, check, now);
    release(next);
}

// From here on the waiter may go on, and `request` be gone.
void PoolCore::release(Request& request)
{
    if (request.served.serve()) {
        if (m_toWake != nullptr) {
            Signal::wake(m_toWake);
        }
        m_toWake = &request.served;
    }
}

void PoolCore::serveQueue(core::SteadyTime now)
{
    while (m_gate == Gate::Open && !m_queue.empty() && !m_places.idle().empty()) {
        Slot& slot = nextIdle();
        serveNext(slot, checkOf(slot, now), now);
    }
}

void PoolCore::failQueue(core::SteadyTime now)
{
    const Outcome outcome = m_closed                 ? Outcome::Closed
                            : m_gate == Gate::Refuse ? Outcome::Suspended
                                                     : refusal();
    while (Request* request = m_queue.front()) {
        m_queue.remove(*request, now);
        settle(*request, outcome, now);
        release(*request);
    }
}

} // namespace pool

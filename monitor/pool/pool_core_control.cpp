// PoolCore: what is done to the pool as a whole, and what it tells.
#include "monitor/pool/pool_core.h"

namespace pool {

void PoolCore::configure(const PoolConfig& config)
{
    const core::MutexLock lock(m_mutex);
    m_config = config;
    for (const auto& slot : m_slots) {
        if (slot->use != SlotUse::Free && slot->use != SlotUse::Connecting) {
            slot->retireAt = retirement(*slot);
        }
    }
    touch();
    m_opening.notify_all();
}

PoolConfig PoolCore::config() const
{
    const core::MutexLock lock(m_mutex);
    return m_config;
}

void PoolCore::setGate(Gate gate)
{
    const core::SteadyTime now = m_clock.steadyNow();
    const core::MutexLock lock(m_mutex);
    m_gate = gate;
    noteState();
    if (gate == Gate::Refuse) {
        failQueue(now);
    }
    serveQueue(now);
    m_opening.notify_all();
}

void PoolCore::drain()
{
    const core::MutexLock lock(m_mutex);
    ++m_epoch;
    noteState();
}

bool PoolCore::recycle(int index)
{
    return visitSlot(index, [](Slot& slot) { slot.retire = true; });
}

void PoolCore::recycleAll()
{
    const core::MutexLock lock(m_mutex);
    for (const auto& slot : m_slots) {
        slot->retire = slot->use != SlotUse::Free && slot->use != SlotUse::Connecting;
    }
    touch();
}

void PoolCore::retryNow()
{
    const core::MutexLock lock(m_mutex);
    m_circuit.retryNow(m_clock.steadyNow());
    noteState();
    m_opening.notify_all();
}

void PoolCore::close()
{
    const core::SteadyTime now = m_clock.steadyNow();
    const core::MutexLock lock(m_mutex);
    m_closed = true;
    noteState();
    failQueue(now);
    m_opening.notify_all();
}

void PoolCore::poke()
{
    const core::MutexLock lock(m_mutex);
    for (Request* request = m_queue.front(); request != nullptr; request = request->next) {
        request->wake->notify_one();
    }
    m_opening.notify_all();
}

std::vector<Slot*> PoolCore::reap()
{
    const core::SteadyTime now = m_clock.steadyNow();
    const core::MutexLock lock(m_mutex);
    std::vector<Slot*> dead;
    bool recycling = false; // one at a time: the others go on serving
    for (Slot* slot = m_idle.front(); slot != nullptr;) {
        Slot& candidate = *slot;
        slot = slot->next;
        const bool tooMany = maxTotal() >= 0 && total() - count(SlotUse::Closing) > maxTotal();
        const bool overSize = m_config.size > 0 && count(SlotUse::Idle) > m_config.size;
        CloseReason reason = CloseReason::Overflow;
        if (m_closed) {
            reason = CloseReason::Shutdown;
        } else if (candidate.epoch != m_epoch) {
            reason = CloseReason::Drain;
        } else if (candidate.retire && !recycling && m_owed == 0) {
            reason = CloseReason::Admin;
            recycling = true;
            ++m_owed;
        } else if (!tooMany && !(overSize && now - candidate.idleSince >= m_config.overflowLinger)) {
            continue;
        }
        m_idle.remove(candidate);
        (void)condemn(candidate, reason);
        dead.push_back(&candidate);
    }
    if (m_circuit.refuses(now) && !lives()) {
        failQueue(now);
    }
    if (m_circuit.state() ==
        Circuit::State::Ramp) { // those who waited may have left, or been served by returns
        noteDemand();
        noteState();
    }
    wakeOpeners();
    return dead;
}

void PoolCore::visitLeased(const std::function<void(Slot&)>& visit)
{
    const core::MutexLock lock(m_mutex);
    for (const auto& slot : m_slots) {
        if (slot->use == SlotUse::Leased) {
            visit(*slot);
        }
    }
}

bool PoolCore::visitSlot(int index, const std::function<void(Slot&)>& visit)
{
    const core::MutexLock lock(m_mutex);
    if (index < 0 || index >= static_cast<int>(m_slots.size())) {
        return false;
    }
    Slot& slot = *m_slots[static_cast<std::size_t>(index)];
    if (slot.use == SlotUse::Free || slot.use == SlotUse::Connecting || slot.use == SlotUse::Closing) {
        return false;
    }
    visit(slot);
    touch();
    return true;
}

PoolState PoolCore::stateLocked() const
{
    if (m_closed) {
        return PoolState::Closed;
    }
    if (m_gate != Gate::Open) {
        return PoolState::Suspended;
    }
    switch (m_circuit.state()) {
    case Circuit::State::Blocked:
        return PoolState::Blocked;
    case Circuit::State::Down:
        return PoolState::Down;
    case Circuit::State::Suspect:
        return PoolState::Suspect;
    case Circuit::State::Ramp:
        return PoolState::Ramp;
    case Circuit::State::Up:
        break;
    }
    const bool old = std::any_of(m_slots.begin(), m_slots.end(), [epoch = m_epoch](const auto& slot) {
        return slot->use != SlotUse::Free && slot->epoch != epoch;
    });
    return old ? PoolState::Draining : PoolState::Up;
}

void PoolCore::noteState()
{
    const PoolState state = stateLocked();
    if (state != m_state) {
        m_state = state;
        m_stateSince = m_clock.wallNow();
    }
    touch();
}

PoolCounts PoolCore::countsLocked(core::SteadyTime now) const
{
    PoolCounts counts;
    counts.size = m_config.size;
    counts.maxOverflow = m_config.maxOverflow;
    counts.maxConnections = maxTotal();
    counts.idle = count(SlotUse::Idle);
    counts.leased = count(SlotUse::Leased);
    counts.opening = count(SlotUse::Connecting) + count(SlotUse::Validating);
    counts.resetting = count(SlotUse::Resetting) + count(SlotUse::Closing);
    counts.total = total();
    counts.waiting = static_cast<int>(m_queue.size() + m_checking.size());
    if (const Request* oldest = m_queue.front()) {
        counts.oldestWait = std::max(core::Nanos(0), core::Nanos(now - oldest->requestedAt));
    }
    counts.state = stateLocked();
    return counts;
}

PoolCounts PoolCore::counts() const
{
    const core::SteadyTime now = m_clock.steadyNow();
    const core::MutexLock lock(m_mutex);
    return countsLocked(now);
}

namespace {

SlotPhase phaseOf(SlotUse use)
{
    switch (use) {
    case SlotUse::Connecting:
        return SlotPhase::Connecting;
    case SlotUse::Validating:
        return SlotPhase::Validating;
    case SlotUse::Leased:
        return SlotPhase::Leased;
    case SlotUse::Resetting:
        return SlotPhase::Resetting;
    case SlotUse::Closing:
        return SlotPhase::Closing;
    case SlotUse::Free:
    case SlotUse::Idle:
        break;
    }
    return SlotPhase::Idle;
}

SlotInfo infoOf(const Slot& slot, core::SteadyTime now)
{
    SlotInfo info;
    info.slot = slot.index;
    info.phase = phaseOf(slot.use);
    info.leaked = slot.leaked;
    info.age = std::max(core::Nanos(0), core::Nanos(now - slot.openedAt));
    info.uses = slot.uses;
    if (slot.use == SlotUse::Leased) {
        info.heldFor = std::max(core::Nanos(0), core::Nanos(now - slot.grantedAt));
        info.tag = slot.tag.view();
        info.site = slot.site;
    }
    return info;
}

constexpr std::size_t kMostWaitersTold = 100;

void tellWaiters(const IntrusiveList<Request>& list, const char* phase, core::SteadyTime now,
                 std::vector<WaiterInfo>& to)
{
    for (const Request* request = list.front(); request != nullptr && to.size() < kMostWaitersTold;
         request = request->next) {
        WaiterInfo info;
        info.waitingFor = std::max(core::Nanos(0), core::Nanos(now - request->requestedAt));
        info.deadlineLeft = request->deadline == core::SteadyTime::max()
                                ? core::Nanos::max()
                                : std::max(core::Nanos(0), core::Nanos(request->deadline - now));
        info.tag = request->tag;
        info.site = request->site;
        info.phase = phase;
        to.push_back(std::move(info));
    }
}

} // namespace

PoolStats PoolCore::stats(const std::function<void(const Slot&, SlotInfo&)>& describe) const
{
    const core::SteadyTime now = m_clock.steadyNow();
    PoolStats stats;
    const core::MutexLock lock(m_mutex);
    stats.config = m_config;
    stats.counts = countsLocked(now);
    stats.outcomes = m_figures.outcomes;
    stats.closed = m_figures.closed;
    stats.requests = m_figures.requests;
    stats.waited = m_figures.waited;
    stats.checkouts = m_figures.checkouts;
    stats.checkins = m_figures.checkins;
    stats.opened = m_figures.opened;
    stats.connectErrors = m_figures.openErrors;
    stats.validationFailures = m_figures.rejected;
    stats.doubleReturns = m_figures.refusedReturns;
    stats.nestedAcquires = m_figures.nested;
    stats.peakLeased = m_peakLeased.peak(now);
    stats.peakWaiting = m_peakWaiting.peak(now);
    stats.stateSince = m_stateSince;
    if (m_circuit.state() != Circuit::State::Up && m_circuit.state() != Circuit::State::Blocked) {
        stats.nextTryIn = std::max(core::Nanos(0), core::Nanos(m_circuit.nextTry() - now));
    }
    stats.lastFault = {m_circuit.fault().message, m_circuit.fault().sqlstate, m_faultAt};
    stats.slots.reserve(m_slots.size());
    for (const auto& slot : m_slots) {
        if (slot->use != SlotUse::Free) {
            stats.slots.push_back(infoOf(*slot, now));
            stats.leaked += slot->leaked ? 1 : 0;
            describe(*slot, stats.slots.back());
        }
    }
    tellWaiters(m_checking, "validate", now, stats.waiters);
    // Whoever stands in front while something is being opened waits for that, not for a return.
    tellWaiters(m_queue, "queue", now, stats.waiters);
    const std::size_t first = std::min(m_checking.size(), stats.waiters.size());
    const std::size_t connecting = static_cast<std::size_t>(count(SlotUse::Connecting));
    for (std::size_t i = first; i < std::min(first + connecting, stats.waiters.size()); ++i) {
        stats.waiters[i].phase = "connect";
    }
    return stats;
}

Fault PoolCore::fault() const
{
    const core::MutexLock lock(m_mutex);
    return m_circuit.fault();
}

core::Nanos PoolCore::nextTryIn() const
{
    const core::SteadyTime now = m_clock.steadyNow();
    const core::MutexLock lock(m_mutex);
    return std::max(core::Nanos(0), core::Nanos(m_circuit.nextTry() - now));
}

std::string PoolCore::brokenRule() const
{
    const core::MutexLock lock(m_mutex);
    std::array<int, kSlotUses> uses{};
    std::uint64_t ended = 0;
    std::uint64_t closed = 0;
    for (const auto& slot : m_slots) {
        ++uses[static_cast<std::size_t>(slot->use)];
        const bool leased = slot->use == SlotUse::Leased;
        if (leased != (m_holders[static_cast<std::size_t>(slot->index)] != 0) ||
            leased != (leased && slot->lease != 0)) {
            return "a leased slot has exactly one holder";
        }
    }
    for (const std::uint64_t count : m_figures.outcomes) {
        ended += count;
    }
    for (const std::uint64_t count : m_figures.closed) {
        closed += count;
    }
    if (uses != m_uses) {
        return "the counts are the slots'";
    }
    if (m_idle.size() != static_cast<std::size_t>(count(SlotUse::Idle))) {
        return "every idle slot is in the idle list";
    }
    if (ended + m_queue.size() + m_checking.size() != m_figures.requests) {
        return "outcomes + waiting = requests";
    }
    if (m_figures.opened - closed != static_cast<std::uint64_t>(total() - count(SlotUse::Connecting))) {
        return "opened - closed = open";
    }
    if (m_figures.checkouts - m_figures.checkins != static_cast<std::uint64_t>(count(SlotUse::Leased))) {
        return "checkouts - checkins = leased";
    }
    if (m_gate == Gate::Open && !m_queue.empty() && !m_idle.empty()) {
        return "nobody waits while something is idle";
    }
    if (m_closed && !m_queue.empty()) {
        return "nobody waits for a closed pool";
    }
    for (const Request* request = m_queue.front(); request != nullptr && request->next != nullptr;
         request = request->next) {
        if (request->number >= request->next->number) {
            return "the queue is in the order of requests";
        }
    }
    return {};
}

} // namespace pool

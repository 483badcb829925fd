// PoolCore: what is done to the pool as a whole.
#include "monitor/pool/pool_section.h"

#include <algorithm>

namespace pool {

void PoolCore::configure(const PoolConfig& config)
{
    const Section lock(*this);
    m_config = config;
    m_resetMode.store(config.reset, std::memory_order_relaxed);
    for (const auto& slot : m_places.all()) {
        if (slot->use != SlotUse::Free && slot->use != SlotUse::Connecting) {
            slot->retireAt = retirement(*slot);
        }
    }
    touch();
    m_opening.notify_all();
}

PoolConfig PoolCore::config() const
{
    const BriefLock lock(m_mutex);
    return m_config;
}

void PoolCore::setGate(Gate gate)
{
    const core::SteadyTime now = m_clock.steadyNow();
    const Section lock(*this);
    m_gate = gate;
    noteState();
    if (gate == Gate::Refuse) {
        failQueue(now);
    }
    serveQueue(now);
    m_opening.notify_all();
}

LeaseLimits PoolCore::setLimits(const LeaseLimits& limits)
{
    const Section lock(*this);
    const LeaseLimits before = m_admission.limits();
    m_admission.limit(limits);
    touch();
    return before;
}

void PoolCore::drain()
{
    const Section lock(*this);
    ++m_epoch;
    noteState();
}

bool PoolCore::recycle(int index)
{
    return visitSlot(index, [](Slot& slot) { slot.retire = true; });
}

void PoolCore::recycleAll()
{
    const Section lock(*this);
    for (const auto& slot : m_places.all()) {
        slot->retire = slot->use != SlotUse::Free && slot->use != SlotUse::Connecting;
    }
    touch();
}

void PoolCore::retryNow()
{
    const Section lock(*this);
    m_circuit.retryNow(m_clock.steadyNow());
    noteState();
    m_opening.notify_all();
}

void PoolCore::close()
{
    const core::SteadyTime now = m_clock.steadyNow();
    const Section lock(*this);
    m_closed = true;
    noteState();
    failQueue(now);
    m_opening.notify_all();
}

void PoolCore::doubtAll()
{
    const Section lock(*this);
    suspect(m_clock.steadyNow());
}

void PoolCore::poke()
{
    const Section lock(*this);
    for (Request* request = m_queue.front(); request != nullptr; request = request->next) {
        request->served.nudge();
    }
    m_opening.notify_all();
}

std::vector<Slot*> PoolCore::reap()
{
    const core::SteadyTime now = m_clock.steadyNow();
    const Section lock(*this);
    std::vector<Slot*> dead;
    bool recycling = false; // one at a time: the others go on serving
    const int most = m_config.mostConnections();
    for (Slot* slot = m_places.idle().front(); slot != nullptr;) {
        Slot& candidate = *slot;
        slot = slot->next;
        const bool tooMany = most >= 0 && m_places.total() - m_places.count(SlotUse::Closing) > most;
        const bool overSize = m_config.size > 0 && m_places.count(SlotUse::Idle) > m_config.size;
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
        m_places.idle().remove(candidate);
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
    wakeOpeners(now);
    return dead;
}

void PoolCore::visitAll(SlotUse use, const std::function<void(Slot&)>& visit)
{
    const Section lock(*this);
    for (const auto& slot : m_places.all()) {
        if (slot->use == use) {
            visit(*slot);
        }
    }
}

bool PoolCore::visitSlot(int index, const std::function<void(Slot&)>& visit)
{
    const Section lock(*this);
    Slot* const slot = m_places.at(index);
    if (slot == nullptr || slot->use == SlotUse::Free || slot->use == SlotUse::Connecting ||
        slot->use == SlotUse::Closing) {
        return false;
    }
    visit(*slot);
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
    const auto& slots = m_places.all();
    const bool old = std::any_of(slots.begin(), slots.end(), [epoch = m_epoch](const auto& slot) {
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

} // namespace pool

// PoolCore: when something is opened, and what its success or failure means.
#include "monitor/pool/pool_section.h"

namespace pool {

namespace {

// Resources of one birth retire spread over this part of their life, so that they never all go at once.
constexpr double kRetireSpread = 0.1;

// 0, 1/2, 1/4, 3/4, 1/8 …: any number of first slots is spread evenly (van der Corput's sequence).
double evenSpread(unsigned index) noexcept
{
    double value = 0;
    for (double step = 0.5; index != 0; index >>= 1U, step /= 2) {
        value += (index & 1U) != 0 ? step : 0;
    }
    return value;
}

} // namespace

bool PoolCore::wantsOpening(core::SteadyTime now) const
{
    const int opening = m_places.count(SlotUse::Connecting);
    const int most = m_config.mostConnections();
    if (m_closed || m_gate != Gate::Open || (most >= 0 && m_places.total() >= most) ||
        opening >= m_circuit.attempts(m_mostOpening, now)) {
        return false;
    }
    const int idle = m_places.count(SlotUse::Idle) + m_places.count(SlotUse::Shelved);
    const bool minimum = idle + opening < m_config.minIdle;
    // While away somebody must look whether it is back, demand or not.
    return static_cast<int>(m_queue.size()) > opening || m_owed > opening || minimum ||
           (m_circuit.state() == Circuit::State::Down || m_circuit.state() == Circuit::State::Suspect);
}

Slot* PoolCore::beginOpening()
{
    const Section lock(*this, OnShelves::Left);
    const core::SteadyTime now = m_clock.steadyNow();
    if (!wantsOpening(now)) {
        return nullptr;
    }
    recallAll(); // with one more open they may be too many to keep
    Slot& slot = m_places.free();
    move(slot, SlotUse::Connecting);
    slot.epoch = m_epoch;
    slot.openedAt = now;
    slot.uses = 0;
    slot.retire = false;
    return &slot;
}

Slot* PoolCore::awaitOpening(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        if (Slot* slot = beginOpening()) {
            return slot;
        }
        BriefLock lock(m_mutex);
        const core::SteadyTime now = m_clock.steadyNow();
        // The pause of an attempt that failed ends by itself; everything else wakes us.
        const bool pausing = m_circuit.nextTry() > now;
        const core::Nanos span =
            pausing ? std::min<core::Nanos>(m_circuit.nextTry() - now, std::chrono::seconds(1))
                    : std::chrono::seconds(1);
        m_opening.wait_for(lock, stop, span,
                           [this]() REQUIRES(m_mutex) { return wantsOpening(m_clock.steadyNow()); });
    }
    return nullptr;
}

void PoolCore::wakeOpeners(core::SteadyTime now)
{
    if (wantsOpening(now)) {
        m_opening.notify_one();
    }
}

core::SteadyTime PoolCore::retirement(const Slot& slot) const
{
    if (m_config.recycle <= core::Nanos(0)) {
        return core::SteadyTime::max();
    }
    const double early = kRetireSpread * evenSpread(static_cast<unsigned>(slot.index));
    return slot.openedAt + std::chrono::duration_cast<core::Nanos>(m_config.recycle * (1 - early));
}

Disposal PoolCore::opened(Slot& slot, core::SteadyTime now, Circuit::Turn& turn)
{
    const Section lock(*this);
    ++m_figures.opened;
    turn = m_circuit.succeeded(now);
    noteAlive(now);
    slot.openedIn = std::max(core::Nanos(0), core::Nanos(now - slot.openedAt));
    slot.openedAt = now;
    slot.provenAt = now;
    slot.retireAt = retirement(slot);
    m_owed = std::max(0, m_owed - 1);
    const Disposal disposal = place(slot, Check::None, now);
    slot.openedIn = core::Nanos(0);
    noteDemand();
    noteState();
    wakeOpeners(now);
    return disposal;
}

void PoolCore::noteDemand()
{
    if (m_queue.empty()) {
        m_circuit.demandMet();
    }
}

Circuit::Turn PoolCore::openFailed(Slot& slot, const Fault& fault, core::SteadyTime now)
{
    const Section lock(*this);
    ++m_figures.openErrors;
    move(slot, SlotUse::Free);
    m_faultAt = m_clock.wallNow();
    using Others = Circuit::Others;
    const int open =
        m_places.total() - m_places.count(SlotUse::Connecting) - m_places.count(SlotUse::Closing);
    const Circuit::Turn turn = m_circuit.failed(fault, now,
                                                open == 0 ? Others::None
                                                : lives() ? Others::Alive
                                                          : Others::Silent);
    noteState();
    if (m_circuit.away()) {
        failQueue(now);
    }
    wakeOpeners(now);
    return turn;
}

} // namespace pool

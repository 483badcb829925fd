// PoolCore: places that stay with their threads while many ask at once and nobody waits.
#include "monitor/pool/pool_section.h"

#include <algorithm>

namespace pool {

namespace {

// How long after a collision at the lock places are shelved. A thread alone never collides: for it the idle
// ones are first in, first out, to the letter.
constexpr core::Nanos kCrowdFor = std::chrono::milliseconds(2);

} // namespace

void PoolCore::setShelving(Shelving shelving)
{
    const Section lock(*this);
    m_shelving = shelving;
}

void PoolCore::noteCrowd(const Section& lock, core::SteadyTime now)
{
    if (lock.collided()) {
        m_crowdedUntil = now + kCrowdFor;
    }
}

// Only where all of the pool is well: whatever changes that takes the places back.
bool PoolCore::mayShelve(const Slot& slot, core::SteadyTime now) const
{
    const bool wanted =
        m_shelving == Shelving::Always || (m_shelving == Shelving::WhenCrowded && now < m_crowdedUntil);
    if (!wanted || m_gate != Gate::Open || !m_queue.empty() || m_circuit.state() != Circuit::State::Up) {
        return false;
    }
    return (m_config.keepsAll() || m_places.total() <= m_config.size) && !m_admission.limited() &&
           slot.provenAt > m_doubtAt && slot.holder != 0 && m_shelves.of(slot.holder).slot == nullptr &&
           m_places.heldBy(slot.holder) == nullptr;
}

// An idle one, to the shelf of the thread that had it: most likely the next to ask.
void PoolCore::shelve(Slot& slot, core::SteadyTime now)
{
    m_places.idle().remove(slot);
    move(slot, SlotUse::Shelved);
    m_shelved.store(m_places.count(SlotUse::Shelved), std::memory_order_relaxed);
    m_peakLeased.note(leasedAbout(), now);
    const core::Nanos goodFor = m_config.prePing ? m_config.validateAfter : core::Nanos(std::chrono::hours(1));
    m_shelves.stock(slot, {.check = m_config.prePing ? Check::Look : Check::None,
                           .next = m_lastNumber + 1,
                           .timeout = m_config.timeout,
                           .validateAfter = goodFor});
    m_lastNumber += Shelf::kUses;
}

// Its uses become the core's figures, and the place what it is: leased or idle.
void PoolCore::recall(Shelf& shelf)
{
    const Shelves::Account account = Shelves::clear(shelf);
    Slot& slot = account.slot;
    m_figures.requests += account.taken;
    m_figures.checkouts += account.taken;
    m_figures.of(Outcome::Ok) += account.taken;
    m_figures.checkins += account.returned;
    if (account.leased) {
        move(slot, SlotUse::Leased);
        m_peakLeased.note(m_places.count(SlotUse::Leased), slot.grantedAt);
        m_places.setHolder(slot, slot.holder);
        m_admission.count(slot.priority);
    } else {
        move(slot, SlotUse::Idle);
        Slot* place = nullptr; // where it would stand had it never been away
        for (Slot* last = m_places.idle().back(); last != nullptr && last->idleSince > slot.idleSince;
             last = last->previous) {
            place = last;
        }
        m_places.idle().insertBefore(slot, place);
    }
    m_shelved.store(m_places.count(SlotUse::Shelved), std::memory_order_relaxed);
}

void PoolCore::recallOf(const Slot& slot)
{
    if (Shelf* const shelf = slot.shelf.load(std::memory_order_relaxed)) {
        recall(*shelf);
    }
}

void PoolCore::recallAll()
{
    for (std::size_t i = 0; i < Shelves::kCount && m_places.count(SlotUse::Shelved) > 0; ++i) {
        if (Shelf& shelf = m_shelves.at(i); shelf.slot != nullptr) {
            recall(shelf);
        }
    }
}

// Without taking anything back: what shelves hold is looked at in passing.
int PoolCore::leasedAbout() const
{
    int leased = m_places.count(SlotUse::Leased);
    int shelved = m_places.count(SlotUse::Shelved);
    for (std::size_t i = 0; i < Shelves::kCount && shelved > 0; ++i) {
        if (const Shelf& shelf = m_shelves.at(i); shelf.slot != nullptr) {
            --shelved;
            leased += shelf.stocked.load(std::memory_order_relaxed) ? 0 : 1;
        }
    }
    return leased;
}

} // namespace pool

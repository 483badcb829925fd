// PoolCore: places that stay with their threads while many ask at once and nobody waits.
#include "monitor/pool/pool_core.h"

#include <algorithm>

namespace pool {

namespace {

// How long after a collision at the lock places are shelved. A thread alone never collides: for it the idle
// ones are first in, first out, to the letter.
constexpr core::Nanos kCrowdFor = std::chrono::milliseconds(2);

core::SteadyTime deadlineOf(core::SteadyTime now, core::Nanos timeout) noexcept
{
    return core::SteadyTime::max() - now <= timeout ? core::SteadyTime::max() : now + timeout;
}

} // namespace

Shelf& PoolCore::shelfOf(std::uint32_t thread) const noexcept
{
    return m_shelves[thread % kShelves];
}

void PoolCore::setShelving(Shelving shelving)
{
    const Section lock(*this);
    m_shelving = shelving;
}

// The quick way in. Everything that could forbid it, from a waiter to a closed pool, has emptied the shelf
// before.
bool PoolCore::takeFromShelf(Request& request, core::SteadyTime now)
{
    Shelf& shelf = shelfOf(request.thread);
    if (!shelf.stocked.load(std::memory_order_relaxed)) {
        return false;
    }
    const BriefLock lock(shelf.mutex);
    if (shelf.slot == nullptr || shelf.leased || shelf.owner != request.thread || now >= shelf.goodUntil) {
        return false;
    }
    shelf.leased = true;
    shelf.stocked.store(false, std::memory_order_relaxed);
    ++shelf.taken;
    request.number = shelf.next++;
    request.deadline = deadlineOf(now, request.timeout.value_or(shelf.timeout));
    request.admitted = true;
    request.slot = shelf.slot;
    request.check = shelf.check;
    hand(request, now);
    return true;
}

// The quick way back; false: by the core's lock.
bool PoolCore::putOnShelf(Slot& slot, std::uint64_t lease, core::SteadyTime now)
{
    Shelf* const shelf = slot.shelf.load(std::memory_order_relaxed);
    if (shelf == nullptr) {
        return false;
    }
    const BriefLock lock(shelf->mutex);
    if (shelf->slot != &slot || !shelf->leased || slot.lease != lease || shelf->next == shelf->end) {
        return false;
    }
    slot.lease = 0;
    slot.provenAt = std::max(slot.provenAt, slot.grantedAt);
    slot.idleSince = now;
    shelf->goodUntil = std::min(slot.retireAt, slot.provenAt + shelf->validateAfter);
    shelf->leased = false;
    ++shelf->returned;
    shelf->stocked.store(true, std::memory_order_relaxed);
    return true;
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
    const bool keepsAll = m_config.size == 0 || m_config.overflowLinger > core::Nanos(0);
    const bool limited = std::any_of(m_limits.begin(), m_limits.end(), [](int limit) { return limit >= 0; });
    return (keepsAll || total() <= m_config.size) && !limited && slot.provenAt > m_suspicionAt &&
           slot.holder != 0 && shelfOf(slot.holder).slot == nullptr &&
           std::find(m_holders.begin(), m_holders.end(), slot.holder) == m_holders.end();
}

// An idle one, to the shelf of the thread that had it: most likely the next to ask.
void PoolCore::shelve(Slot& slot, core::SteadyTime now)
{
    m_idle.remove(slot);
    move(slot, SlotUse::Shelved);
    m_shelved.store(count(SlotUse::Shelved), std::memory_order_relaxed);
    m_peakLeased.note(leasedAbout(), now);
    Shelf& shelf = shelfOf(slot.holder);
    const BriefLock lock(shelf.mutex);
    shelf.slot = &slot;
    shelf.owner = slot.holder;
    shelf.leased = false;
    shelf.check = m_config.prePing ? Check::Look : Check::None;
    shelf.next = m_lastNumber + 1;
    m_lastNumber += Shelf::kUses;
    shelf.end = m_lastNumber + 1;
    shelf.taken = 0;
    shelf.returned = 0;
    shelf.timeout = m_config.timeout;
    shelf.validateAfter = m_config.prePing ? m_config.validateAfter : core::Nanos(std::chrono::hours(1));
    shelf.goodUntil = std::min(slot.retireAt, slot.provenAt + shelf.validateAfter);
    slot.shelf.store(&shelf, std::memory_order_relaxed);
    shelf.stocked.store(true, std::memory_order_relaxed);
}

// Its uses become the core's figures, and the place what it is: leased or idle.
void PoolCore::recall(Shelf& shelf)
{
    Slot& slot = *shelf.slot;
    const BriefLock lock(shelf.mutex);
    m_figures.requests += shelf.taken;
    m_figures.checkouts += shelf.taken;
    m_figures.outcomes[static_cast<std::size_t>(Outcome::Ok)] += shelf.taken;
    m_figures.checkins += shelf.returned;
    shelf.stocked.store(false, std::memory_order_relaxed);
    shelf.slot = nullptr;
    slot.shelf.store(nullptr, std::memory_order_relaxed);
    if (shelf.leased) {
        move(slot, SlotUse::Leased);
        m_peakLeased.note(count(SlotUse::Leased), slot.grantedAt);
        m_holders[static_cast<std::size_t>(slot.index)] = slot.holder;
        ++m_admitted[static_cast<std::size_t>(slot.priority)];
    } else {
        move(slot, SlotUse::Idle);
        Slot* place = nullptr; // where it would stand had it never been away
        for (Slot* last = m_idle.back(); last != nullptr && last->idleSince > slot.idleSince;
             last = last->previous) {
            place = last;
        }
        m_idle.insertBefore(slot, place);
    }
    m_shelved.store(count(SlotUse::Shelved), std::memory_order_relaxed);
}

void PoolCore::recallOf(const Slot& slot)
{
    if (Shelf* const shelf = slot.shelf.load(std::memory_order_relaxed)) {
        recall(*shelf);
    }
}

void PoolCore::recallAll()
{
    for (std::size_t i = 0; i < kShelves && count(SlotUse::Shelved) > 0; ++i) {
        if (m_shelves[i].slot != nullptr) {
            recall(m_shelves[i]);
        }
    }
}

// Without taking anything back: what shelves hold is looked at in passing.
int PoolCore::leasedAbout() const
{
    int leased = count(SlotUse::Leased);
    int shelved = count(SlotUse::Shelved);
    for (std::size_t i = 0; i < kShelves && shelved > 0; ++i) {
        if (m_shelves[i].slot != nullptr) {
            --shelved;
            leased += m_shelves[i].stocked.load(std::memory_order_relaxed) ? 0 : 1;
        }
    }
    return leased;
}

} // namespace pool

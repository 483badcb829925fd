#include "monitor/pool/shelf.h"

#include <algorithm>

namespace pool {

namespace {

core::SteadyTime deadlineOf(core::SteadyTime now, core::Nanos timeout) noexcept
{
    return core::SteadyTime::max() - now <= timeout ? core::SteadyTime::max() : now + timeout;
}

} // namespace

bool Shelves::take(Request& request, core::SteadyTime now) const
{
    Shelf& shelf = of(request.thread);
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
    lend(request, now);
    return true;
}

bool Shelves::put(Slot& slot, std::uint64_t lease, core::SteadyTime now)
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

void Shelves::stock(Slot& slot, const Terms& terms) const
{
    Shelf& shelf = of(slot.holder);
    const BriefLock lock(shelf.mutex);
    shelf.slot = &slot;
    shelf.owner = slot.holder;
    shelf.leased = false;
    shelf.check = terms.check;
    shelf.next = terms.next;
    shelf.end = terms.next + Shelf::kUses;
    shelf.taken = 0;
    shelf.returned = 0;
    shelf.timeout = terms.timeout;
    shelf.validateAfter = terms.validateAfter;
    shelf.goodUntil = std::min(slot.retireAt, slot.provenAt + terms.validateAfter);
    slot.shelf.store(&shelf, std::memory_order_relaxed);
    shelf.stocked.store(true, std::memory_order_relaxed);
}

Shelves::Account Shelves::clear(Shelf& shelf)
{
    Slot& slot = *shelf.slot;
    const BriefLock lock(shelf.mutex);
    shelf.stocked.store(false, std::memory_order_relaxed);
    shelf.slot = nullptr;
    slot.shelf.store(nullptr, std::memory_order_relaxed);
    return {slot, shelf.taken, shelf.returned, shelf.leased};
}

} // namespace pool

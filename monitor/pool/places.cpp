#include "monitor/pool/places.h"

#include <algorithm>

namespace pool {

Slot& Places::free()
{
    for (const auto& slot : m_slots) {
        if (slot->use == SlotUse::Free) {
            return *slot;
        }
    }
    m_slots.push_back(m_factory());
    m_holders.push_back(0);
    Slot& slot = *m_slots.back();
    slot.index = static_cast<int>(m_slots.size()) - 1;
    ++m_uses[static_cast<std::size_t>(SlotUse::Free)];
    return slot;
}

const Slot* Places::heldBy(std::uint32_t thread) const noexcept
{
    bool holds = false;
    for (const std::uint32_t holder : m_holders) { // all of them: four at a time, without a branch
        holds |= holder == thread;
    }
    if (!holds) [[likely]] {
        return nullptr;
    }
    const auto first = std::find(m_holders.begin(), m_holders.end(), thread);
    return m_slots[static_cast<std::size_t>(first - m_holders.begin())].get();
}

std::string_view Places::brokenRule() const noexcept
{
    std::array<int, kSlotUses> uses{};
    for (const auto& slot : m_slots) {
        ++uses[static_cast<std::size_t>(slot->use)];
        const bool leased = slot->use == SlotUse::Leased;
        const bool held = m_holders[static_cast<std::size_t>(slot->index)] != 0;
        if (leased != held || (leased && slot->lease == 0)) {
            return "a leased slot has exactly one holder";
        }
    }
    if (uses != m_uses) {
        return "the counts are the slots'";
    }
    return m_idle.size() == static_cast<std::size_t>(count(SlotUse::Idle))
               ? std::string_view()
               : "every idle slot is in the idle list";
}

} // namespace pool

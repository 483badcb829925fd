// The places of a pool: what each is used for, which are idle, and which thread holds which.
#pragma once

#include "monitor/pool/intrusive_list.h"
#include "monitor/pool/slot.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace pool {

// Places are made when needed and never go. Not thread-safe: lives under the lock of the core.
class Places {
public:
    using Factory = std::function<std::unique_ptr<Slot>()>;
    explicit Places(Factory factory)
        : m_factory(std::move(factory))
    {
    }

    [[nodiscard]] int count(SlotUse use) const noexcept { return m_uses[static_cast<std::size_t>(use)]; }
    // With something in them, or about to have.
    [[nodiscard]] int total() const noexcept
    {
        return static_cast<int>(m_slots.size()) - count(SlotUse::Free);
    }
    [[nodiscard]] const std::vector<std::unique_ptr<Slot>>& all() const noexcept { return m_slots; }
    [[nodiscard]] Slot* at(int index) const noexcept
    {
        return index < 0 || index >= static_cast<int>(m_slots.size())
                   ? nullptr
                   : m_slots[static_cast<std::size_t>(index)].get();
    }
    // One with nothing in it.
    [[nodiscard]] Slot& free();

    void move(Slot& slot, SlotUse to) noexcept
    {
        --m_uses[static_cast<std::size_t>(slot.use)];
        ++m_uses[static_cast<std::size_t>(to)];
        slot.use = to;
    }

    // The idle ones, front = idle for longest. Putting one there or taking it away is not moving it.
    [[nodiscard]] IntrusiveList<Slot>& idle() noexcept { return m_idle; }
    [[nodiscard]] const IntrusiveList<Slot>& idle() const noexcept { return m_idle; }

    // Whose it is: a thread's token, 0 = nobody's.
    void setHolder(const Slot& slot, std::uint32_t thread) noexcept
    {
        m_holders[static_cast<std::size_t>(slot.index)] = thread;
    }
    // As many as there are places: what looking through them costs.
    [[nodiscard]] std::size_t holders() const noexcept { return m_holders.size(); }
    // One that this thread holds; nullptr when it holds none.
    [[nodiscard]] const Slot* heldBy(std::uint32_t thread) const noexcept;

    // Empty when all of it agrees with itself, else what does not.
    [[nodiscard]] std::string_view brokenRule() const noexcept;

private:
    const Factory m_factory;
    std::vector<std::unique_ptr<Slot>> m_slots;
    std::vector<std::uint32_t> m_holders; // by slot
    std::array<int, kSlotUses> m_uses{};
    IntrusiveList<Slot> m_idle;
};

} // namespace pool

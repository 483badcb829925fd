// A list through the items' own `previous` and `next`: no allocation, O(1) removal from the middle.
#pragma once

#include <cstddef>

namespace pool {

// Not thread-safe; owns nothing. An item is in at most one list.
template <class T>
class IntrusiveList {
public:
    [[nodiscard]] T* front() const noexcept { return m_front; }
    [[nodiscard]] T* back() const noexcept { return m_back; }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool empty() const noexcept { return m_size == 0; }

    void pushBack(T& item) noexcept { insertBefore(item, nullptr); }
    // Before `place`; at the end when it is nullptr.
    void insertBefore(T& item, T* place) noexcept
    {
        item.next = place;
        item.previous = place != nullptr ? place->previous : m_back;
        (item.previous != nullptr ? item.previous->next : m_front) = &item;
        (place != nullptr ? place->previous : m_back) = &item;
        ++m_size;
    }
    void remove(T& item) noexcept
    {
        (item.previous != nullptr ? item.previous->next : m_front) = item.next;
        (item.next != nullptr ? item.next->previous : m_back) = item.previous;
        item.previous = nullptr;
        item.next = nullptr;
        --m_size;
    }

private:
    T* m_front = nullptr;
    T* m_back = nullptr;
    std::size_t m_size = 0;
};

} // namespace pool

// The last N things, oldest first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace core {

// Not thread-safe. at(0) is the oldest.
template <class T>
class Ring {
public:
    explicit Ring(std::size_t capacity) : m_capacity(std::max<std::size_t>(capacity, 1)) {}

    void push(T item)
    {
        if (m_items.size() < m_capacity) {
            m_items.push_back(std::move(item));
            return;
        }
        m_items[m_head] = std::move(item);
        m_head = (m_head + 1) % m_capacity;
    }
    void clear()
    {
        m_items.clear();
        m_head = 0;
    }
    [[nodiscard]] std::size_t size() const noexcept { return m_items.size(); }
    [[nodiscard]] bool empty() const noexcept { return m_items.empty(); }
    [[nodiscard]] std::size_t capacity() const noexcept { return m_capacity; }
    [[nodiscard]] const T& at(std::size_t index) const { return m_items[(m_head + index) % m_items.size()]; }
    [[nodiscard]] const T& newest() const { return at(size() - 1); }
    [[nodiscard]] std::vector<T> toVector() const
    {
        std::vector<T> all;
        all.reserve(size());
        for (std::size_t i = 0; i < size(); ++i) {
            all.push_back(at(i));
        }
        return all;
    }

private:
    std::size_t m_capacity;
    std::size_t m_head = 0; // index of the oldest once full
    std::vector<T> m_items;
};

} // namespace core

// A queue that never grows past its bound: what does not fit is dropped and counted, never waited for.
#pragma once

#include "monitor/core/mutex.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <stop_token>
#include <utility>
#include <vector>

namespace core {

// Many producers, one consumer. Thread-safe.
template <class T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : m_capacity(capacity) {}

    // False when the item was dropped because the queue is full.
    bool push(T item)
    {
        {
            const MutexLock lock(m_mutex);
            if (m_items.size() >= m_capacity) {
                ++m_dropped;
                return false;
            }
            m_items.push_back(std::move(item));
        }
        m_ready.notify_one();
        return true;
    }

    // Everything queued, oldest first; never waits.
    [[nodiscard]] std::vector<T> drain()
    {
        const MutexLock lock(m_mutex);
        return takeAll();
    }

    // Waits until something is queued, the time is over or stop is asked for; then everything queued.
    [[nodiscard]] std::vector<T> waitAndDrain(std::stop_token stop, std::chrono::milliseconds atMost)
    {
        MutexLock lock(m_mutex);
        m_ready.wait_for(lock, std::move(stop), atMost, [this] { return !m_items.empty(); });
        return takeAll();
    }

    // How many items were ever dropped.
    [[nodiscard]] std::uint64_t dropped() const
    {
        const MutexLock lock(m_mutex);
        return m_dropped;
    }

private:
    std::vector<T> takeAll()
    {
        std::vector<T> items(std::make_move_iterator(m_items.begin()), std::make_move_iterator(m_items.end()));
        m_items.clear();
        return items;
    }

    const std::size_t m_capacity;
    mutable Mutex m_mutex; // guards what follows; nothing slow under it
    CondVar m_ready;
    std::deque<T> m_items;
    std::uint64_t m_dropped = 0;
};

} // namespace core

// What a fair pool cannot do without, and nothing else: a mutex, the idle ones, and a queue in which each
// waiter has a condition variable of its own. The floor that the pool is measured against in the same run.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

namespace bench {

// Thread-safe. Strictly first come, first served; what comes back goes straight to the first who waits.
class FloorPool {
public:
    explicit FloorPool(int size)
    {
        for (int i = 0; i < size; ++i) {
            m_idle.push_back(i);
        }
    }

    [[nodiscard]] int take()
    {
        std::unique_lock lock(m_mutex);
        if (m_queue.empty() && !m_idle.empty()) {
            const int place = m_idle.front();
            m_idle.pop_front();
            return place;
        }
        Waiter self;
        m_queue.push_back(&self);
        self.served.wait(lock, [&self] { return self.place >= 0; });
        return self.place;
    }
    void giveBack(int place)
    {
        const std::lock_guard lock(m_mutex);
        if (m_queue.empty()) {
            m_idle.push_back(place);
            return;
        }
        Waiter& first = *m_queue.front();
        m_queue.pop_front();
        first.place = place;
        first.served.notify_one(); // under the lock: the waiter, and its condition, may be gone after it
    }

private:
    struct Waiter {
        std::condition_variable served;
        int place = -1;
    };
    std::mutex m_mutex; // guards what follows
    std::deque<int> m_idle;
    std::deque<Waiter*> m_queue;
};

} // namespace bench

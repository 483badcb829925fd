// The seam to the window's thread: values are put in here, and the event queue only carries "wake up".
#pragma once

#include "monitor/core/mutex.h"

#include <functional>
#include <optional>
#include <utility>

namespace core {

// Latest wins: a stalled receiver finds one value, not a queue. post() is thread-safe; take() is for one receiver.
template <class T>
class Mailbox {
public:
    // `wake` is called at most once between two take() calls, on the posting thread; it must not block.
    explicit Mailbox(std::function<void()> wake = {}) : m_wake(std::move(wake)) {}

    void post(T value)
    {
        bool first = false;
        {
            const MutexLock lock(m_mutex);
            first = !m_value.has_value();
            m_value = std::move(value);
        }
        if (first && m_wake) {
            m_wake();
        }
    }

    [[nodiscard]] std::optional<T> take()
    {
        const MutexLock lock(m_mutex);
        return std::exchange(m_value, std::nullopt);
    }

private:
    const std::function<void()> m_wake;
    Mutex m_mutex; // guards m_value; nothing slow under it
    std::optional<T> m_value GUARDED_BY(m_mutex);
};

} // namespace core

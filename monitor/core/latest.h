// The newest value of something, read by many: a mutex and a shared pointer. (The thread sanitizer complains of
// std::atomic<std::shared_ptr> with this libstdc++.)
#pragma once

#include "monitor/core/mutex.h"

#include <memory>
#include <utility>

namespace core {

// Thread-safe. set() replaces, get() may give nullptr before the first set().
template <class T>
class Latest {
public:
    void set(std::shared_ptr<const T> value)
    {
        const MutexLock lock(m_mutex);
        m_value.swap(value); // the old value is destroyed after the lock is gone
    }
    [[nodiscard]] std::shared_ptr<const T> get() const
    {
        const MutexLock lock(m_mutex);
        return m_value;
    }

private:
    mutable Mutex m_mutex; // guards m_value; nothing slow under it
    std::shared_ptr<const T> m_value GUARDED_BY(m_mutex);
};

} // namespace core

// std::mutex with clang's thread-safety annotations (https://clang.llvm.org/docs/ThreadSafetyAnalysis.html), so that
// "this member is guarded by that mutex" is checked by the compiler. With g++ the annotations vanish.
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define POOLSCOPE_TSA(x) __attribute__((x))
#else
#define POOLSCOPE_TSA(x)
#endif

#define GUARDED_BY(m) POOLSCOPE_TSA(guarded_by(m))
#define REQUIRES(...) POOLSCOPE_TSA(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) POOLSCOPE_TSA(locks_excluded(__VA_ARGS__))

namespace core {

class POOLSCOPE_TSA(capability("mutex")) Mutex {
public:
    void lock() POOLSCOPE_TSA(acquire_capability()) { m_mutex.lock(); }
    void unlock() POOLSCOPE_TSA(release_capability()) { m_mutex.unlock(); }
    bool try_lock() POOLSCOPE_TSA(try_acquire_capability(true)) { return m_mutex.try_lock(); }

private:
    std::mutex m_mutex;
};

class POOLSCOPE_TSA(scoped_lockable) MutexLock {
public:
    explicit MutexLock(Mutex& mutex) POOLSCOPE_TSA(acquire_capability(mutex)) : m_mutex(mutex) { m_mutex.lock(); }
    ~MutexLock() POOLSCOPE_TSA(release_capability()) { m_mutex.unlock(); }
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

    // For condition variables, which must let go of the lock while they wait.
    void lock() POOLSCOPE_TSA(acquire_capability()) { m_mutex.lock(); }
    void unlock() POOLSCOPE_TSA(release_capability()) { m_mutex.unlock(); }

private:
    Mutex& m_mutex;
};

// Waits on a MutexLock; always waited on with a predicate loop.
using CondVar = std::condition_variable_any;

} // namespace core

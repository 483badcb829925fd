// The lock of PoolCore, for its own files.
#pragma once

#include "monitor/pool/pool_core.h"

#include <cassert>
#include <utility>

namespace pool {

// The lock, and the wake-up it leads to after it has been let go.
class POOLSCOPE_TSA(scoped_lockable) PoolCore::Section {
public:
    // With everything back from the shelves, or with them left as they are.
    explicit Section(PoolCore& core, OnShelves shelves = OnShelves::TakenBack)
        POOLSCOPE_TSA(acquire_capability(core.m_mutex))
        : m_core(core)
        , m_collided(core.m_mutex.lock())
    {
        if (shelves == OnShelves::TakenBack) {
            m_core.recallAll();
        }
    }
    // Waking takes a microsecond or two: not under the lock. Nothing of the core is touched after it has been
    // let go.
    ~Section() POOLSCOPE_TSA(release_capability())
    {
        assert(m_core.brokenSum().empty());
        Signal* const toWake = std::exchange(m_core.m_toWake, nullptr);
        m_core.m_mutex.unlock();
        if (toWake != nullptr) {
            Signal::wake(toWake);
        }
    }
    Section(const Section&) = delete;
    Section& operator=(const Section&) = delete;
    // Somebody else had the lock.
    [[nodiscard]] bool collided() const noexcept { return m_collided; }

private:
    PoolCore& m_core;
    bool m_collided = false;
};

} // namespace pool

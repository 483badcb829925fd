// Going home in two steps: first nobody begins anything new and nobody waits any longer; what is under way
// gets a moment to finish by itself; then it is cut short.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"

#include <functional>
#include <stop_token>
#include <vector>

namespace load {

// Thread-safe. Statements that are cancelled are errors in the pool's books: a scenario that simply ends
// should leave none, and one that is stopped must not wait for a long one.
class Curfew {
public:
    // From the first step on.
    [[nodiscard]] std::stop_token stop() const noexcept { return m_stop.get_token(); }

    // Something that takes long, and how it is cut short. `cut` is called from the second step on, again and
    // again until this is gone: a server that does not answer may never have read the first request. It must
    // not block. When the destructor is through, `cut` is not running.
    class Lengthy {
    public:
        Lengthy(Curfew& curfew, std::function<void()> cut);
        ~Lengthy();
        Lengthy(const Lengthy&) = delete;
        Lengthy& operator=(const Lengthy&) = delete;

    private:
        friend class Curfew;
        Curfew& m_curfew;
        const std::function<void()> m_cut;
    };

    void enter();
    void leave();
    // Both steps; returns once everybody has left.
    void close();

private:
    std::stop_source m_stop;
    core::Mutex m_mutex; // guards what follows; nothing slow under it
    core::CondVar m_left;
    int m_inside GUARDED_BY(m_mutex) = 0;
    std::vector<const Lengthy*> m_lengthy GUARDED_BY(m_mutex);
};

} // namespace load

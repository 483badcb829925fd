// Going home in two steps: first nobody begins anything new and nobody waits any longer; what is under way
// gets a moment to finish by itself; then it is cut short.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"

#include <stop_token>

namespace load {

// Thread-safe. Statements that are cancelled are errors in the pool's books: a scenario that simply ends
// should leave none, and one that is stopped must not wait for a long one.
class Curfew {
public:
    // From the first step on.
    [[nodiscard]] std::stop_token stop() const noexcept { return m_stop.get_token(); }
    // From the second step on.
    [[nodiscard]] std::stop_token abort() const noexcept { return m_abort.get_token(); }

    void enter();
    void leave();
    // Both steps: returns once everybody has left, or a second after asking, having asked again with more
    // force.
    void close();

private:
    std::stop_source m_stop;
    std::stop_source m_abort;
    core::Mutex m_mutex; // guards m_inside; nothing slow under it
    core::CondVar m_left;
    int m_inside GUARDED_BY(m_mutex) = 0;
};

} // namespace load

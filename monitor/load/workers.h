// A scenario's crowd: threads that start together and are all gone when this is.
#pragma once

#include "monitor/load/curfew.h"

#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

namespace load {

// Not thread-safe: used by the scenario's own thread. The destructor closes the curfew, then joins.
class Workers {
public:
    // `index` is 0 … count-1 over all add() calls. The work must end soon after stop is asked for.
    using Work = std::function<void(std::stop_token stop, int index)>;

    explicit Workers(Curfew& curfew)
        : m_curfew(curfew) {}
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    // Throws std::system_error when the machine has no more threads; those already started go on.
    void add(int count, const Work& work);

private:
    Curfew& m_curfew;
    std::vector<std::jthread> m_threads; // last: joins first
};

} // namespace load

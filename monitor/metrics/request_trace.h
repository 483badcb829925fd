// Who asked the pool for a connection when, and for how long: what a replay needs.
#pragma once

#include "monitor/core/clock.h"

#include <cstdint>
#include <vector>

namespace metrics {

enum class RequestFate {
    Returned,  // served and given back: `hold` is what it took
    Held,      // served and not yet given back: `hold` so far
    Unseen,    // served, but its return was overwritten before it was read: `hold` is not known
    TimedOut,  // never served …
    Cancelled, // … given up by who asked
    QueueFull  // … turned away: too many waited
};

struct RequestRecord {
    core::SteadyTime arrival = {};
    core::Nanos waited{0};    // until it was served or ended
    core::Nanos hold{0};      // grant to return, cleaning up included
    std::uint32_t origin = 0; // the same for requests of one tag and one place in the program
    RequestFate fate = RequestFate::Returned;
};

// Plain values: copied out of the recorder, then nobody else's.
struct RequestTrace {
    std::vector<RequestRecord> requests; // by arrival
    std::vector<core::Nanos> connects; // what opening the last connections took; may be older than the trace
    core::SteadyTime end = {};         // when it was taken
    core::WallTime at = {};            // the same
    std::uint64_t excluded = 0;        // refused for what no size mends: database away, suspended, closed
    std::uint64_t missed = 0;          // events overwritten before they were read, within the trace
    bool fromBirth = false;            // begins with the pool's first request, when nothing was open
    bool resized = false;              // the pool's settings were changed meanwhile
};

} // namespace metrics

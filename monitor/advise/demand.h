// From what was recorded to what a pool of any size is asked for.
#pragma once

#include "monitor/metrics/request_trace.h"

#include <cstdint>
#include <vector>

namespace advise {

inline constexpr core::Nanos kForever = core::Nanos::max() / 4; // never comes back within a replay

// One request of a replay. Times are since the first arrival.
struct Claim {
    core::Nanos arrival{0};
    core::Nanos patience{0}; // waits at most this long
    core::Nanos hold{0};     // kForever: does not come back
    enum class Then : std::uint8_t { TimesOut, GivesUp } then = Then::TimesOut; // when patience ends
};

struct Demand {
    std::vector<Claim> claims;   // by arrival
    std::uint64_t estimated = 0; // holds that were drawn
    bool holdsKnown = false;     // at least one connection came back
};

// Whoever was served holds as long as it did. Whoever was not (timed out, cancelled, turned away), or whose
// return was not seen, holds as long as one that was: drawn among those of the same tag and place in the
// program, among all when there are fewer than five of them. Who still holds one draws among the holds longer
// than its own so far, and keeps it for ever when there is none. A request that timed out or was cancelled
// waits as long as it did; all others wait for `timeout`. The same trace gives the same demand. Pure.
[[nodiscard]] Demand demandOf(const metrics::RequestTrace& trace, core::Nanos timeout);

} // namespace advise

// The recorded requests once more, against a pool of another size: a discrete-event simulation.
#pragma once

#include "monitor/advise/demand.h"
#include "monitor/metrics/pool_advice.h"

#include <optional>
#include <span>
#include <stop_token>

namespace advise {

// The pool to be played: monitor/pool's rules as far as they decide who waits how long.
struct ReplayPool {
    int places = 1;        // open at most, > 0
    int kept = 1;          // of them, those that stay open; the others are closed when they come back
    int minIdle = 0;       // opened ahead of demand
    int openAtStart = 0;   // idle ones to begin with
    int maxWaiters = 0;    // 0 = no bound
    int mostOpening = 2;   // opened at a time
    core::Nanos linger{0}; // how long one that is not kept stays open while nobody wants it
    // What opening one took, again and again in this order; empty: nothing.
    std::span<const core::Nanos> connects;
};

// First come, first served. A request is served at once when one is idle and nobody waits; else it queues,
// and one more is opened for each waiter that has none coming, `mostOpening` at a time, while fewer than
// `places` are open. What comes back or is opened goes to the first waiter. Whoever waits longer than its
// patience leaves. Not played: looks at idle connections, retirement by age, outages. When several things
// happen at one moment, returns come first, then opened connections, ends of patience, arrivals. nullopt when
// `stop` was requested. Pure; O(n log n) in the claims.
[[nodiscard]] std::optional<metrics::SizeForecast>
replay(const std::vector<Claim>& claims, const ReplayPool& pool, const std::stop_token& stop = {});

// Nearest rank; reorders `waits`.
[[nodiscard]] metrics::WaitFigures figuresOf(std::vector<core::Nanos>& waits);

} // namespace advise

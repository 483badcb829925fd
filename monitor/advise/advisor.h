// "What if the pool had n places": the recorded requests replayed for every size, and what follows from it.
#pragma once

#include "monitor/metrics/pool_advice.h"
#include "monitor/metrics/request_trace.h"
#include "monitor/metrics/snapshot.h"

#include <optional>
#include <stop_token>

namespace advise {

inline constexpr int kMostPlaces = 60;             // looked at, and today's size when it is larger
inline constexpr std::size_t kFewestRequests = 20; // for a 95th percentile

// The pool as it is today; sizes that are tried keep everything but the number of places.
struct Today {
    int size = 10;        // 0 keeps all open
    int maxOverflow = 20; // -1 = no limit
    core::Nanos timeout{0};
    core::Nanos slow{0}; // a wait that is called slow
    core::Nanos linger{0};
    int minIdle = 0;
    int maxWaiters = 0;
    int open = 0;                 // connections open now: what a replay begins with, as far as they stay open
    metrics::ServerView server{}; // how many the server allows, and who else is there
};

// A smaller pool than today's loses overflow first, a larger one keeps more open: 10 + 20 becomes 10 + 5 or 20 + 20.
// Suggested is the smallest size with no more timeouts than the
// largest one, and waits whose p99 is below `slow` and whose p95 is below a tenth of it. nullopt when `stop`
// was requested. Takes up to a second for 65,536 requests: not for a thread that somebody waits for.
// Thread-safe, pure but for `cost`.
[[nodiscard]] std::optional<metrics::PoolAdvice> advise(const metrics::RequestTrace& trace,
                                                        const Today& today, const std::stop_token& stop = {});

// Places the server has room for: max_connections without the reserved ones, without the sessions of others
// and without ours that are not the pool's (`open` of them are). nullopt when the server has not told.
[[nodiscard]] std::optional<int> serverLimit(const metrics::ServerView& server, int open);

} // namespace advise

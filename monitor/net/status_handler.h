// GET /pool/status: everything the pool tells about itself, without touching the database.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/metrics/pool_trace.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/net/response.h"

#include <string>
#include <vector>

namespace net {

// The reference's sentence, word for word: "Pool size: 10  Connections in pool: 1 Current Overflow: 0 Current
// Checked out connections: 0".
[[nodiscard]] std::string poolSentence(const metrics::PoolView& pool);

// `history`: earlier ticks, oldest first; the last 60 are told. `witness` adds events and life-lines; it may be
// null. 503 before the first tick.
[[nodiscard]] Response statusResponse(const metrics::SnapshotPtr& snapshot,
                                      const std::vector<metrics::SnapshotPtr>& history, core::Lang lang,
                                      const metrics::PoolWitness* witness = nullptr);

} // namespace net

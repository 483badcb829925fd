// How a figure of a snapshot is doing: the levels of tiles and rows, in one place. Pure functions.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "widgets/theme.h"

#include <string_view>

namespace widgets {

// Over 90 % critical, over 80 % warning (the contract's health rules; exactly on the line is not over it).
[[nodiscard]] StatusLevel usageLevel(const metrics::PoolView& pool);
// Somebody waits: warning; for more than half of the time-out: critical.
[[nodiscard]] StatusLevel waitingLevel(const metrics::PoolView& pool);
// Over slow_acquire: warning; over ten times that: critical.
[[nodiscard]] StatusLevel waitLevel(double seconds, const metrics::PoolConfigView& config);
// Over the threshold of a rule on db_slow_query_total, else 10 /s: warning.
[[nodiscard]] StatusLevel slowLevel(double perSecond, const metrics::Snapshot& snapshot);
// Any: warning; while the pool is down: critical.
[[nodiscard]] StatusLevel errorLevel(double perSecond, const metrics::PoolView& pool);
// Ok, or no data for NaN.
[[nodiscard]] StatusLevel knownLevel(double value);
// By the thresholds of the rules on `metric`.
[[nodiscard]] StatusLevel ruleLevel(double value, const metrics::Snapshot& snapshot, std::string_view metric);
// The view of that name; all NaN when there is none.
[[nodiscard]] metrics::LatencyView latencyOf(const metrics::Snapshot& snapshot, std::string_view name);

} // namespace widgets

// GET /host: psutil's figures, as percentages with one decimal.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "monitor/net/response.h"

#include <nlohmann/json_fwd.hpp>

namespace net {

// memory_usage, disk_usage (of /), cpu_usage in percent, process_count, load_average{1,5,15}, cores. What has
// no sample is null, never zero.
[[nodiscard]] nlohmann::json hostJson(const metrics::Snapshot& snapshot);
// The same with a timestamp; 503 before the first tick.
[[nodiscard]] Response hostResponse(const metrics::SnapshotPtr& snapshot, core::Lang lang);

} // namespace net

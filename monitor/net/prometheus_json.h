// The bodies of Prometheus' HTTP API (https://prometheus.io/docs/prometheus/2.42/querying/api/). Pure
// functions.
#pragma once

#include "monitor/metrics/querier.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/net/response.h"

#include <string>
#include <string_view>
#include <vector>

namespace net {

// {"status":"error","errorType":…,"error":…}: "bad_data" with 400, "execution" with 422, "unavailable" with
// 503 …
[[nodiscard]] Response apiError(int status, std::string_view type, std::string_view text);
// {"status":"success","data":…} around a JSON text.
[[nodiscard]] Response apiSuccess(std::string_view data);

// The data of /query and /query_range; values as strings, times in seconds.
[[nodiscard]] std::string vectorData(const std::vector<metrics::PointSeries>& series);
[[nodiscard]] std::string scalarData(const std::vector<metrics::PointSeries>& series);
[[nodiscard]] std::string matrixData(const std::vector<metrics::PointSeries>& series);

[[nodiscard]] std::string seriesData(const std::vector<metrics::Labels>& sets);
[[nodiscard]] std::string namesData(const std::vector<std::string>& names);

// Rules and alerts of one tick. Resolved alerts are inactive to Prometheus and left out. `type` of /rules:
// "alert", "record" or empty for both.
[[nodiscard]] std::string rulesData(const metrics::Snapshot& snapshot, std::string_view type);
[[nodiscard]] std::string alertsData(const metrics::Snapshot& snapshot);
// Of the metric of that name, of all when it is empty; at most `limit` metrics.
[[nodiscard]] std::string metadataData(const metrics::Snapshot& snapshot, std::string_view name,
                                       std::size_t limit);
[[nodiscard]] std::string buildInfoData();

} // namespace net

// /api/v1/*: what promtool, Grafana's Prometheus data source and amtool-like clients ask, over the embedded
// history. Needs Request::query to hold the form of a POST too.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/querier.h"
#include "monitor/net/request.h"
#include "monitor/net/response.h"

#include <string_view>

namespace net {

// Prometheus' own limit of points a series in one answer.
inline constexpr std::int64_t kMaxPointsPerSeries = 11'000;
// Of all series together: an answer stays below some 40 MB.
inline constexpr std::size_t kMaxPoints = 1'000'000;

// Thread-safe as the querier is; may take long, so it belongs on a WorkQueue.
class PrometheusApi {
public:
    PrometheusApi(const metrics::Querier& querier, const core::Clock& clock)
        : m_querier(querier)
        , m_clock(clock)
    {
    }

    [[nodiscard]] Response query(const Request& request) const;       // query, time, limit
    [[nodiscard]] Response queryRange(const Request& request) const;  // query, start, end, step, limit
    [[nodiscard]] Response series(const Request& request) const;      // match[], start, end, limit
    [[nodiscard]] Response labels(const Request& request) const;      // match[], start, end, limit
    [[nodiscard]] Response labelValues(const Request& request) const; // Request::capture is the label

private:
    const metrics::Querier& m_querier;
    const core::Clock& m_clock;
};

} // namespace net

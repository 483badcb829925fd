// How charts, tables and exports ask for the past: PromQL over whatever holds the samples.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/metric_def.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace metrics {

struct Point {
    std::int64_t at = 0; // ms since the epoch, UTC
    double value = 0;    // NaN marks a gap
};

struct PointSeries {
    Labels labels; // with __name__ where the expression keeps it
    std::vector<Point> points; // ascending
};

// Thread-safe. Errors name position and reason.
class Querier {
public:
    virtual ~Querier() = default;
    // The expression at start, start+step … ≤ end, as Prometheus' query_range.
    [[nodiscard]] virtual core::Result<std::vector<PointSeries>> range(std::string_view expression, std::int64_t start,
                                                                       std::int64_t end, std::int64_t step) const = 0;
    // The expression at one moment; each series has one point.
    [[nodiscard]] virtual core::Result<std::vector<PointSeries>> instant(std::string_view expression,
                                                                         std::int64_t at) const = 0;
};

} // namespace metrics

// Where the rows of a file come from: every sample of a range, or what expressions give there.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/querier.h"
#include "monitor/series/reader.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace exporting {

// Both ends included, ms since the epoch.
struct TimeSpan {
    std::int64_t from = 0;
    std::int64_t to = 0;
};

struct RangeColumn {
    std::string head;       // db_pool_usage_ratio, host_disk_usage_ratio{mountpoint="/"}
    metrics::Labels labels; // with __name__ where there is one
};

// One moment: a value for each column; NaN where there is none.
struct RangeRow {
    std::int64_t at = 0;
    std::span<const double> values;
};

// Not thread-safe. Errors are one line; code "EMPTY" when nothing is known of the range, "CANCELED" when it
// was stopped.
class RangeSource {
public:
    virtual ~RangeSource() = default;
    // Sorted by head; to be called first.
    [[nodiscard]] virtual core::Result<std::vector<RangeColumn>> columns() = 0;
    // The rows of a part of the range, ascending; parts are asked for in order. An error of `take` ends it.
    using Take = std::function<core::Result<void>(const RangeRow&)>;
    [[nodiscard]] virtual core::Result<void> read(const TimeSpan& part, const Take& take) = 0;
    // How long the next part should be (ms), so that it neither holds too much nor takes forever.
    [[nodiscard]] virtual std::int64_t stride() const = 0;
};

// From a metric's or histogram part's name to its description; null for what nobody has described.
using DefFinder = std::function<const metrics::MetricDef*(std::string_view name)>;
// Over Engine::catalog() or the like, which outlives the result.
[[nodiscard]] DefFinder defFinder(std::span<const metrics::MetricDef* const> catalog);

// Every sample as it was taken; where only minutes or hours are left, their last values. Only the part at
// hand is held. The reader outlives it. `matchers` none: every series.
[[nodiscard]] std::unique_ptr<RangeSource> sampleSource(const series::Reader& reader,
                                                        std::vector<series::Matcher> matchers,
                                                        const TimeSpan& range, DefFinder defs);

struct ExpressionRange {
    std::vector<std::string> expressions;
    TimeSpan range;
    std::int64_t step = 0; // ms; the querier's limit of points a series holds (11,000)
};
// Expressions at range.from, + step … Held as a whole: at most 11,000 points a series.
[[nodiscard]] std::unique_ptr<RangeSource> expressionSource(const metrics::Querier& querier,
                                                            ExpressionRange what, std::stop_token stop = {});

} // namespace exporting

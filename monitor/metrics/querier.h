// How charts, tables and exports ask for the past: PromQL over whatever holds the samples.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/metric_def.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
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

// A word of the language, for completion.
struct QueryWord {
    enum class Kind { Function, Aggregation, Keyword };
    Kind kind = Kind::Function;
    std::string text;
    std::string takes; // "instant vector, scalar"; empty but for functions
};

// What an expression comes out as; Prometheus' HTTP API names it in every answer.
enum class ResultType { Scalar, String, Vector, Matrix };

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
    // The same, but given up soon after `stop` was requested, with the code "canceled". Unless overridden: at their end.
    [[nodiscard]] virtual core::Result<std::vector<PointSeries>> rangeUntil(const std::stop_token& stop,
                                                                            std::string_view expression,
                                                                            std::int64_t start, std::int64_t end,
                                                                            std::int64_t step) const
    {
        static_cast<void>(stop);
        return range(expression, start, end, step);
    }
    [[nodiscard]] virtual core::Result<std::vector<PointSeries>>
    instantUntil(const std::stop_token& stop, std::string_view expression, std::int64_t at) const
    {
        static_cast<void>(stop);
        return instant(expression, at);
    }
    // Functions, aggregations and keywords, sorted; none unless overridden.
    [[nodiscard]] virtual std::vector<QueryWord> words() const { return {}; }
    // The type of the expression's instant result; a scalar or string comes as one series without labels.
    [[nodiscard]] virtual core::Result<ResultType> resultType(std::string_view) const { return ResultType::Vector; }
    // The label sets, __name__ included, that have samples within start … end and match the selector; each once.
    // Unless overridden: those alive at `end`.
    [[nodiscard]] virtual core::Result<std::vector<Labels>> series(std::string_view selector, std::int64_t start,
                                                                   std::int64_t end) const
    {
        static_cast<void>(start);
        auto alive = instant(selector, end);
        if (!alive) {
            return core::fail(alive.error().message, alive.error().code);
        }
        std::vector<Labels> sets;
        for (PointSeries& one : *alive) {
            sets.push_back(std::move(one.labels));
        }
        return sets;
    }
};

} // namespace metrics

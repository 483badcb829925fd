// How charts, tables and exports ask for the past: PromQL over whatever holds the samples.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/metric_def.h"

#include <cstdint>
#include <limits>
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

// [start, end) in steps, all in ms; the last one may reach beyond the end.
struct Steps {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t step = 1000;

    [[nodiscard]] std::int64_t count() const noexcept
    {
        return step <= 0 || end <= start ? 0 : (end - start + step - 1) / step;
    }
};

// What a series did within one step.
struct Extremes {
    std::int64_t at = 0; // ms since the epoch, where the step begins
    double min = 0;
    double max = 0;
    double mean = 0;
};

struct ExtremesSeries {
    Labels labels;
    std::vector<Extremes> steps; // ascending; those without a sample are left out
};

// How far apart moments lie at which a series is looked at, so that about `kLooksPerStep` of them make a step. Whole
// seconds; no finer than a minute where a finer look would read more than a day of single samples.
inline constexpr std::int64_t kLooksPerStep = 12;
[[nodiscard]] std::int64_t lookWithin(std::int64_t step) noexcept;
// The extremes of values at single moments; a moment belongs to the step it ends or lies within.
[[nodiscard]] std::vector<Extremes> foldExtremes(const std::vector<Point>& points, const Steps& steps);

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
    // The smallest, the largest and the mean of each step: what a chart draws of a range that holds more samples than
    // pixels. Unless overridden: of the values at some moments (lookWithin()). Given up soon after `stop` was
    // requested, with the code "canceled".
    [[nodiscard]] virtual core::Result<std::vector<ExtremesSeries>>
    extremes(const std::stop_token& stop, std::string_view expression, const Steps& steps) const;
    // From here on (ms since the epoch) no sample is missing; what is older others may know. Unless overridden: it knows
    // all there is. The greatest number: it knows nothing yet.
    [[nodiscard]] virtual std::int64_t completeFrom() const { return std::numeric_limits<std::int64_t>::min(); }
    // The expression with name="value" for each of the labels in each of its selectors; an empty value: without the label.
    // What a selector says itself of a label stays. Unless overridden only the expression itself, for no labels.
    [[nodiscard]] virtual core::Result<std::string> narrowed(std::string_view expression, const Labels& labels) const
    {
        return labels.empty() ? core::Result<std::string>(std::string(expression)) : core::fail("cannot be narrowed");
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

#include "monitor/promql/evaluator.h"

#include "monitor/promql/tree_walk.h"

#include <algorithm>
#include <utility>

namespace promql {

namespace {

metrics::PointSeries pointsOf(const Column& column, const Grid& grid)
{
    metrics::PointSeries series{*column.labels, {}};
    for (std::size_t step = 0; step < column.values.size(); ++step) {
        if (!isAbsent(column.values[step])) {
            series.points.push_back({grid.at(step), column.values[step]});
        }
    }
    return series;
}

QueryResult evaluateAll(const Expr& expr, TreeWalk& walk, const Grid& grid)
{
    QueryResult result;
    result.type = expr.type();
    if (result.type == ValueType::String) {
        result.text = std::get<StringLiteral>(unwrapped(expr).node).value;
        return result;
    }
    if (result.type == ValueType::Matrix) {
        for (const auto& data : walk.matrix(unwrapped(expr))) {
            metrics::PointSeries series{*data.labels, {}};
            for (const series::Sample& sample : data.samples) {
                series.points.push_back({sample.at, sample.value});
            }
            if (!series.points.empty()) {
                result.series.push_back(std::move(series));
            }
        }
        return result;
    }
    for (const Column& column : walk.evaluate(expr)) {
        result.series.push_back(pointsOf(column, grid));
    }
    return result;
}

} // namespace

core::Result<QueryResult> evaluateInstant(const Expr& expr, const series::Reader& reader, std::int64_t at,
                                          const EvalOptions& options)
{
    try {
        const Grid grid{at, at, 1};
        TreeWalk walk(reader, grid, grid, options);
        return evaluateAll(expr, walk, grid);
    } catch (const EvalError& error) {
        return core::fail(error.what());
    } catch (const series::TooManySamples& error) {
        return core::fail(error.what());
    }
}

core::Result<std::vector<InstantSample>> evaluateVector(const Expr& expr, const series::Reader& reader,
                                                        std::int64_t at, const EvalOptions& options)
{
    const ValueType type = expr.type();
    if (type != ValueType::Scalar && type != ValueType::Vector) {
        return core::fail("rule result is not a vector or scalar");
    }
    try {
        const Grid grid{at, at, 1};
        std::vector<InstantSample> samples;
        for (Column& column : TreeWalk(reader, grid, grid, options).evaluate(expr)) {
            if (!isAbsent(column.values.front())) {
                samples.push_back({std::move(column.labels), column.values.front()});
            }
        }
        return samples;
    } catch (const EvalError& error) {
        return core::fail(error.what());
    } catch (const series::TooManySamples& error) {
        return core::fail(error.what());
    }
}

core::Result<QueryResult> evaluateRange(const Expr& expr, const series::Reader& reader, const Grid& grid,
                                        const EvalOptions& options)
{
    const ValueType type = expr.type();
    if (type != ValueType::Scalar && type != ValueType::Vector) {
        return core::fail("invalid expression type \"" + std::string(valueTypeName(type)) +
                          "\" for range query, must be Scalar or instant Vector");
    }
    if (grid.step <= 0 || grid.count() == 0) {
        return core::fail("end timestamp must not be before start time");
    }
    try {
        TreeWalk walk(reader, grid, grid, options);
        QueryResult result = evaluateAll(expr, walk, grid);
        std::sort(result.series.begin(), result.series.end(),
                  [](const auto& a, const auto& b) { return a.labels < b.labels; });
        return result;
    } catch (const EvalError& error) {
        return core::fail(error.what());
    } catch (const series::TooManySamples& error) {
        return core::fail(error.what());
    }
}

} // namespace promql

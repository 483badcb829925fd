#include "monitor/promql/evaluator.h"

#include "monitor/promql/aggregate.h"
#include "monitor/promql/binary.h"
#include "monitor/promql/range_functions.h"
#include "monitor/promql/tree_walk.h"
#include "monitor/promql/value_functions.h"
#include "monitor/promql/vector_functions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace promql {

Columns TreeWalk::evaluate(const Expr& expr)
{
    return std::visit([&](const auto& node) { return evaluateNode(node); }, expr.node);
}

Columns TreeWalk::evaluateNode(const NumberLiteral& literal)
{
    return {constant(literal.value)};
}

Columns TreeWalk::evaluateNode(const StringLiteral&)
{
    throw EvalError("unexpected string in an expression"); // the type check lets none come here
}

Columns TreeWalk::evaluateNode(const MatrixSelector&)
{
    throw EvalError("unexpected range vector in an expression"); // likewise
}

Columns TreeWalk::evaluateNode(const Paren& paren)
{
    return evaluate(*paren.inner);
}

Columns TreeWalk::evaluateNode(const Unary& unary)
{
    Columns columns = evaluate(*unary.operand);
    if (unary.op == TokenType::Sub) {
        for (Column& column : columns) {
            column.labels = share(series::withoutName(*column.labels));
            for (double& value : column.values) {
                value = isAbsent(value) ? value : -value;
            }
        }
        requireDistinct(columns);
    }
    return columns;
}

Columns TreeWalk::evaluateNode(const Binary& binary)
{
    const bool leftScalar = binary.left->type() == ValueType::Scalar;
    const bool rightScalar = binary.right->type() == ValueType::Scalar;
    Columns left = evaluate(*binary.left);
    const Columns right = evaluate(*binary.right);
    if (leftScalar && rightScalar) {
        for (std::size_t step = 0; step < m_steps; ++step) {
            double& value = left.front().values[step];
            value = scalarOperation(binary.op, value, right.front().values[step]);
        }
        return left;
    }
    if (leftScalar) {
        return vectorScalar(binary, right, left.front(), ScalarSide::Left);
    }
    if (rightScalar) {
        return vectorScalar(binary, left, right.front(), ScalarSide::Right);
    }
    return isSetOperator(binary.op) ? setOperation(binary, left, right, m_steps)
                                    : vectorVector(binary, left, right, m_steps);
}

Columns TreeWalk::evaluateNode(const Aggregate& node)
{
    AggregateParameter parameter;
    Columns number;
    if (node.op == TokenType::CountValues) {
        parameter.label = std::get<StringLiteral>(unwrapped(*node.parameter).node).value;
    } else if (node.parameter) {
        number = evaluate(*node.parameter);
        parameter.number = &number.front();
    }
    return aggregate(node, evaluate(*node.operand), parameter, m_steps);
}

Columns TreeWalk::evaluateNode(const Call& call)
{
    const std::string_view name = call.function->name;
    if (findRangeFunction(name) != nullptr || name == "absent_over_time") {
        return rangeCall(call);
    }
    if (name == "timestamp") {
        return timestampCall(call);
    }
    if (name == "time") {
        return {timeColumn()};
    }
    if (name == "pi") {
        return {constant(std::numbers::pi)};
    }
    if (isCalendarFunction(name) && call.arguments.empty()) {
        // The present time in whole seconds, as Prometheus takes it here.
        Column now = timeColumn();
        std::for_each(now.values.begin(), now.values.end(), [](double& value) { value = std::floor(value); });
        return applyValueFunction(findValueFunction(name), {std::move(now)});
    }
    std::vector<Columns> arguments;
    for (const ExprPtr& argument : call.arguments) {
        arguments.push_back(argument->type() == ValueType::String ? Columns() : evaluate(*argument));
    }
    if (const ValueFunction function = findValueFunction(name)) {
        return applyValueFunction(function, arguments.front());
    }
    return applyVectorFunction(call, arguments, m_steps);
}

Column TreeWalk::constant(double value) const
{
    return scalarColumn(std::vector<double>(m_steps, value));
}

Column TreeWalk::timeColumn() const
{
    Column column = constant(0);
    for (std::size_t step = 0; step < m_steps; ++step) {
        column.values[step] = static_cast<double>(m_grid.at(step)) / 1000;
    }
    return column;
}

std::int64_t TreeWalk::effective(const Modifiers& when, std::int64_t at) const noexcept
{
    if (when.at) {
        at = *when.at;
    } else if (when.atBoundary) {
        at = *when.atBoundary == TokenType::Start ? m_query.start : m_query.end;
    }
    return at - when.offset;
}

void TreeWalk::charge(std::size_t samples)
{
    m_samples += samples;
    if (m_samples > m_options.maxSamples) {
        throw EvalError("query processing would load too many samples into memory in query execution");
    }
}

// A selector at every step: the newest sample not older than the look-back, unless the series has ended.
Columns TreeWalk::select(const VectorSelector& selector, Taken taken)
{
    const std::int64_t first = effective(selector.when, m_grid.start);
    const std::int64_t last = effective(selector.when, m_grid.at(m_steps - 1));
    Columns columns;
    if (m_steps == 1) {
        for (auto& found : m_reader.latest(selector.matchers, first - m_options.lookback, first)) {
            const double value = taken == Taken::Value ? found.sample.value : static_cast<double>(found.sample.at) / 1000;
            columns.push_back({std::move(found.labels), {value}});
        }
        charge(columns.size());
        return columns;
    }
    for (auto& data : m_reader.select(selector.matchers, first - m_options.lookback, last)) {
        Column column{std::move(data.labels), std::vector<double>(m_steps, absentValue())};
        charge(m_steps);
        std::size_t next = 0; // the first sample after the step
        bool any = false;
        for (std::size_t step = 0; step < m_steps; ++step) {
            const std::int64_t at = effective(selector.when, m_grid.at(step));
            while (next < data.samples.size() && data.samples[next].at <= at) {
                ++next;
            }
            if (next == 0) {
                continue;
            }
            const series::Sample& sample = data.samples[next - 1];
            if (sample.at >= at - m_options.lookback && !series::isStale(sample.value)) {
                column.values[step] = taken == Taken::Value ? sample.value : static_cast<double>(sample.at) / 1000;
                any = true;
            }
        }
        if (any) {
            columns.push_back(std::move(column));
        }
    }
    return columns;
}

Columns TreeWalk::evaluateNode(const VectorSelector& selector)
{
    return select(selector, Taken::Value);
}

Columns TreeWalk::timestampCall(const Call& call)
{
    const Expr& argument = unwrapped(*call.arguments.front());
    const auto* selector = std::get_if<VectorSelector>(&argument.node);
    Columns columns = selector != nullptr ? select(*selector, Taken::Time) : evaluate(argument);
    ColumnBuilder builder(m_steps);
    for (const Column& column : columns) {
        const std::size_t slot = builder.slot(share(series::withoutName(*column.labels)));
        for (std::size_t step = 0; step < m_steps; ++step) {
            if (!isAbsent(column.values[step])) {
                const double own = static_cast<double>(m_grid.at(step)) / 1000;
                builder.put(slot, step, selector != nullptr ? column.values[step] : own);
            }
        }
    }
    return builder.take();
}

// The samples of a range vector over all steps, without stale markers.
std::vector<series::SeriesData> TreeWalk::rangeSamples(const Expr& expr, RangeTimes& times)
{
    std::vector<series::SeriesData> all;
    if (const auto* matrix = std::get_if<MatrixSelector>(&expr.node)) {
        times = {matrix->range, &matrix->selector.when};
        const std::int64_t from = effective(matrix->selector.when, m_grid.start) - matrix->range;
        const std::int64_t to = effective(matrix->selector.when, m_grid.at(m_steps - 1));
        all = m_reader.select(matrix->selector.matchers, from, to);
        for (auto& data : all) {
            std::erase_if(data.samples, [](const series::Sample& sample) { return series::isStale(sample.value); });
            charge(data.samples.size());
        }
        return all;
    }
    const auto& subquery = std::get<Subquery>(expr.node);
    times = {subquery.range, &subquery.when};
    const Grid inner = subqueryGrid(subquery);
    if (inner.count() == 0) {
        return all;
    }
    TreeWalk walk(m_reader, inner, m_query, m_options);
    walk.m_samples = m_samples;
    for (Column& column : walk.evaluate(*subquery.inner)) {
        series::SeriesData data{std::move(column.labels), {}};
        for (std::size_t step = 0; step < column.values.size(); ++step) {
            if (!isAbsent(column.values[step])) {
                data.samples.push_back({inner.at(step), column.values[step]});
            }
        }
        charge(data.samples.size());
        all.push_back(std::move(data));
    }
    return all;
}

// Aligned to multiples of the step, whatever the query's own start is.
Grid TreeWalk::subqueryGrid(const Subquery& subquery) const
{
    const std::int64_t step = subquery.step != 0 ? subquery.step : m_options.subqueryStep;
    const std::int64_t from = effective(subquery.when, m_grid.start) - subquery.range;
    std::int64_t start = step * (from / step);
    if (start < from) {
        start += step;
    }
    return {start, effective(subquery.when, m_grid.at(m_steps - 1)), step};
}

Columns TreeWalk::rangeCall(const Call& call)
{
    std::vector<Columns> scalars;
    const Expr* range = nullptr;
    for (const ExprPtr& argument : call.arguments) {
        if (argument->type() == ValueType::Matrix) {
            range = &unwrapped(*argument);
        } else {
            scalars.push_back(evaluate(*argument));
        }
    }
    RangeTimes times;
    const auto data = rangeSamples(*range, times);
    if (call.function->name == "absent_over_time") {
        return absentOverTime(*range, data, times);
    }
    const RangeFunction function = findRangeFunction(call.function->name);
    const bool keepName = call.function->name == "last_over_time";
    Columns columns;
    for (const series::SeriesData& one : data) {
        Column column{keepName ? one.labels : share(series::withoutName(*one.labels)),
                      std::vector<double>(m_steps, absentValue())};
        if (slideOver(one, times, function, scalars, column.values)) {
            columns.push_back(std::move(column));
        }
    }
    requireDistinct(columns);
    return columns;
}

// One series under a sliding window; true when any step has a result.
bool TreeWalk::slideOver(const series::SeriesData& data, const RangeTimes& times, RangeFunction function,
                         const std::vector<Columns>& scalars, std::vector<double>& out) const
{
    const auto& samples = data.samples;
    std::vector<std::size_t> resets;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        if (samples[i].value < samples[i - 1].value) {
            resets.push_back(i);
        }
    }
    std::vector<std::size_t> inside;
    std::size_t begin = 0;
    std::size_t end = 0;
    bool any = false;
    for (std::size_t step = 0; step < m_steps; ++step) {
        Window window;
        window.at = m_grid.at(step);
        window.to = effective(*times.when, window.at);
        window.from = window.to - times.range;
        while (end < samples.size() && samples[end].at <= window.to) {
            ++end;
        }
        while (begin < end && samples[begin].at < window.from) {
            ++begin;
        }
        if (begin == end) {
            continue;
        }
        inside.clear();
        for (auto at = std::upper_bound(resets.begin(), resets.end(), begin); at != resets.end() && *at < end; ++at) {
            inside.push_back(*at - begin);
        }
        window.samples = std::span(samples).subspan(begin, end - begin);
        window.resets = inside;
        window.first = scalars.empty() ? 0 : scalars[0].front().values[step];
        window.second = scalars.size() < 2 ? 0 : scalars[1].front().values[step];
        if (const auto value = function(window)) {
            out[step] = *value;
            any = true;
        }
    }
    return any;
}

Columns TreeWalk::absentOverTime(const Expr& range, const std::vector<series::SeriesData>& data,
                                 const RangeTimes& times) const
{
    std::vector<double> values(m_steps, 1);
    for (const series::SeriesData& one : data) {
        std::vector<double> present(m_steps, absentValue());
        slideOver(one, times, findRangeFunction("present_over_time"), {}, present);
        for (std::size_t step = 0; step < m_steps; ++step) {
            values[step] = isAbsent(present[step]) ? values[step] : absentValue();
        }
    }
    if (std::all_of(values.begin(), values.end(), isAbsent)) {
        return {};
    }
    return {Column{share(absentLabels(range)), std::move(values)}};
}

Columns TreeWalk::evaluateNode(const Subquery&)
{
    throw EvalError("unexpected range vector in an expression"); // only as a function's argument or by itself
}

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
    }
}

core::Result<QueryResult> evaluateRange(const Expr& expr, const series::Reader& reader, const Grid& grid,
                                        const EvalOptions& options)
{
    const ValueType type = expr.type();
    if (type != ValueType::Scalar && type != ValueType::Vector) {
        return core::fail("invalid expression type \"" + std::string(valueTypeName(type))
                          + "\" for range query, must be Scalar or instant Vector");
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
    }
}

} // namespace promql

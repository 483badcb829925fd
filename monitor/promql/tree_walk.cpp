#include "monitor/promql/tree_walk.h"

#include "monitor/promql/aggregate.h"
#include "monitor/promql/binary.h"
#include "monitor/promql/value_functions.h"
#include "monitor/promql/vector_functions.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace promql {

Columns TreeWalk::evaluate(const Expr& expr)
{
    requireWanted();
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

Column TreeWalk::constant(double value)
{
    charge(m_steps);
    return scalarColumn(std::vector<double>(m_steps, value));
}

Column TreeWalk::timeColumn()
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

void TreeWalk::requireWanted() const
{
    if (m_options.stop.stop_requested()) {
        throw EvalError(std::string(kCanceled));
    }
}

void TreeWalk::charge(std::size_t samples)
{
    requireWanted();
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
            const double value =
                taken == Taken::Value ? found.sample.value : static_cast<double>(found.sample.at) / 1000;
            columns.push_back({std::move(found.labels), {value}});
        }
        charge(columns.size());
        return columns;
    }
    const series::Use use{taken == Taken::Value ? series::Use::Kind::Value : series::Use::Kind::Exact, first, last,
                          m_grid.step, 0};
    for (auto& data : m_reader.sampled(selector.matchers, first - m_options.lookback, last, use)) {
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
                column.values[step] =
                    taken == Taken::Value ? sample.value : static_cast<double>(sample.at) / 1000;
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

Columns TreeWalk::evaluateNode(const Subquery&)
{
    throw EvalError("unexpected range vector in an expression"); // only as a function's argument or by itself
}

} // namespace promql

// Source of every formula: evaluator.aggregation in promql/engine.go of Prometheus 2.42 (Apache-2.0).
#include "monitor/promql/aggregate.h"

#include "monitor/promql/range_functions.h"
#include "monitor/promql/text.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace promql {

namespace {

using series::Labels;
using series::LabelsPtr;

Labels groupLabels(const Aggregate& node, const std::vector<std::string>& grouping, const Labels& labels)
{
    return node.without ? series::dropLabels(series::withoutName(labels), grouping)
                        : series::keepLabels(labels, grouping);
}

// What one group has seen at one step.
struct Accumulator {
    double value = 0;
    double mean = 0;
    std::size_t count = 0;
};

void addMean(Accumulator& state, double value) noexcept
{
    if (std::isinf(state.mean)) {
        const bool sameInf = std::isinf(value) && (state.mean > 0) == (value > 0);
        if (sameInf || std::isfinite(value)) {
            return; // Inf - Inf would make a NaN of a mean that is right already
        }
    }
    const auto count = static_cast<double>(state.count);
    state.mean += value / count - state.mean / count;
}

void add(TokenType op, Accumulator& state, double value) noexcept
{
    if (++state.count == 1) {
        state.mean = value;
        state.value = op == TokenType::Stddev || op == TokenType::Stdvar ? 0 : value;
        return;
    }
    switch (op) {
    case TokenType::Sum:
        state.value += value;
        break;
    case TokenType::Avg:
        addMean(state, value);
        break;
    case TokenType::Max:
        if (state.value < value || std::isnan(state.value)) {
            state.value = value;
        }
        break;
    case TokenType::Min:
        if (state.value > value || std::isnan(state.value)) {
            state.value = value;
        }
        break;
    case TokenType::Stddev:
    case TokenType::Stdvar: {
        const double distance = value - state.mean;
        state.mean += distance / static_cast<double>(state.count);
        state.value += distance * (value - state.mean);
        break;
    }
    default: // count and group need no more
        break;
    }
}

double finished(TokenType op, const Accumulator& state) noexcept
{
    const auto count = static_cast<double>(state.count);
    switch (op) {
    case TokenType::Avg:
        return state.mean;
    case TokenType::Count:
        return count;
    case TokenType::Group:
        return 1;
    case TokenType::Stdvar:
        return state.value / count;
    case TokenType::Stddev:
        return std::sqrt(state.value / count);
    default:
        return state.value;
    }
}

// Which group each input column belongs to, in the order of the groups' first column.
struct Grouping {
    std::vector<std::size_t> of;
    std::vector<LabelsPtr> labels;
};

Grouping groupColumns(const Aggregate& node, const Columns& input)
{
    Grouping result;
    std::unordered_map<Labels, std::size_t, series::LabelsHash> ids;
    for (const Column& column : input) {
        Labels labels = groupLabels(node, node.grouping, *column.labels);
        const auto [at, created] = ids.try_emplace(labels, ids.size());
        if (created) {
            result.labels.push_back(share(std::move(labels)));
        }
        result.of.push_back(at->second);
    }
    return result;
}

Columns simple(const Aggregate& node, const Columns& input, std::size_t steps)
{
    const Grouping groups = groupColumns(node, input);
    std::vector<std::vector<Accumulator>> states(groups.labels.size(), std::vector<Accumulator>(steps));
    for (std::size_t i = 0; i < input.size(); ++i) {
        std::vector<Accumulator>& state = states[groups.of[i]];
        for (std::size_t step = 0; step < steps; ++step) {
            if (!isAbsent(input[i].values[step])) {
                add(node.op, state[step], input[i].values[step]);
            }
        }
    }
    ColumnBuilder builder(steps);
    for (std::size_t group = 0; group < states.size(); ++group) {
        const std::size_t slot = builder.slot(groups.labels[group]);
        for (std::size_t step = 0; step < steps; ++step) {
            if (states[group][step].count > 0) {
                builder.put(slot, step, finished(node.op, states[group][step]));
            }
        }
    }
    return builder.take();
}

// How many topk may keep; fails on what is no whole number of 64 bits.
std::size_t limitOf(double value)
{
    constexpr double kLimit = 9223372036854775808.0; // 2^63
    if (!(value < kLimit && value >= -kLimit)) {
        const std::string text = std::isnan(value)   ? "NaN"
                                 : std::isinf(value) ? (value > 0 ? "+Inf" : "-Inf")
                                                     : fixedText(value);
        throw EvalError("Scalar value " + text + " overflows int64");
    }
    return value < 1 ? 0 : static_cast<std::size_t>(value);
}

Columns extremes(const Aggregate& node, const Columns& input, const Column& limits)
{
    const std::size_t steps = limits.values.size();
    const Grouping groups = groupColumns(node, input);
    const bool largest = node.op == TokenType::Topk;
    ColumnBuilder builder(steps);
    std::vector<std::vector<std::size_t>> members(groups.labels.size());
    for (std::size_t step = 0; step < steps; ++step) {
        const std::size_t limit = limitOf(limits.values[step]);
        for (auto& member : members) {
            member.clear();
        }
        for (std::size_t i = 0; i < input.size(); ++i) {
            if (!isAbsent(input[i].values[step])) {
                members[groups.of[i]].push_back(i);
            }
        }
        for (auto& member : members) {
            const auto before = [&](std::size_t a, std::size_t b) {
                const double left = input[a].values[step];
                const double right = input[b].values[step];
                if (std::isnan(left) || std::isnan(right)) {
                    return !std::isnan(left); // NaN is never among the best while a number is left
                }
                return largest ? left > right : left < right;
            };
            std::stable_sort(member.begin(), member.end(),
                             [&](std::size_t a, std::size_t b) { return before(a, b) && !before(b, a); });
            member.resize(std::min(member.size(), limit));
            for (const std::size_t i : member) {
                builder.put(builder.slot(input[i].labels), step, input[i].values[step]);
            }
        }
    }
    return builder.take();
}

Columns quantiles(const Aggregate& node, const Columns& input, const Column& shares)
{
    const std::size_t steps = shares.values.size();
    const Grouping groups = groupColumns(node, input);
    ColumnBuilder builder(steps);
    std::vector<std::vector<double>> values(groups.labels.size());
    for (std::size_t step = 0; step < steps; ++step) {
        for (auto& list : values) {
            list.clear();
        }
        for (std::size_t i = 0; i < input.size(); ++i) {
            if (!isAbsent(input[i].values[step])) {
                values[groups.of[i]].push_back(input[i].values[step]);
            }
        }
        for (std::size_t group = 0; group < values.size(); ++group) {
            if (!values[group].empty()) {
                builder.put(builder.slot(groups.labels[group]), step,
                            quantileOf(shares.values[step], values[group]));
            }
        }
    }
    return builder.take();
}

Columns countValues(const Aggregate& node, const Columns& input, std::string_view label, std::size_t steps)
{
    if (!series::isLabelName(label)) {
        throw EvalError("invalid label name " + goQuoted(label));
    }
    std::vector<std::string> grouping = node.grouping;
    if (!node.without) {
        grouping.emplace_back(label);
    }
    ColumnBuilder builder(steps);
    for (std::size_t step = 0; step < steps; ++step) {
        std::vector<std::pair<std::size_t, double>> counts; // slot and count, in order of appearance
        for (const Column& column : input) {
            if (isAbsent(column.values[step])) {
                continue;
            }
            Labels labels = *column.labels;
            series::setLabel(labels, label, fixedText(column.values[step]));
            const std::size_t slot = builder.slot(share(groupLabels(node, grouping, labels)));
            const auto known = std::find_if(counts.begin(), counts.end(),
                                            [slot](const auto& entry) { return entry.first == slot; });
            if (known != counts.end()) {
                ++known->second;
            } else {
                counts.emplace_back(slot, 1);
            }
        }
        for (const auto& [slot, count] : counts) {
            builder.put(slot, step, count);
        }
    }
    return builder.take();
}

} // namespace

Columns aggregate(const Aggregate& node, const Columns& input, AggregateParameter parameter,
                  std::size_t steps)
{
    switch (node.op) {
    case TokenType::Topk:
    case TokenType::Bottomk:
        return extremes(node, input, *parameter.number);
    case TokenType::Quantile:
        return quantiles(node, input, *parameter.number);
    case TokenType::CountValues:
        return countValues(node, input, parameter.label, steps);
    default:
        return simple(node, input, steps);
    }
}

} // namespace promql

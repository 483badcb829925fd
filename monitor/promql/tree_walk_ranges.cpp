// Range vectors of one evaluation: windows that slide over the samples of a series.
#include "monitor/promql/tree_walk.h"
#include "monitor/promql/vector_functions.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace promql {

namespace {

constexpr std::size_t kLookAtStop = 64; // windows

// What a function looks at in its window; of most every sample.
series::Use::Kind useOf(std::string_view function)
{
    struct Row {
        std::string_view name;
        series::Use::Kind kind;
    };
    static constexpr std::array kRows{Row{"rate", series::Use::Kind::Counter},
                                      Row{"increase", series::Use::Kind::Counter},
                                      Row{"min_over_time", series::Use::Kind::Minimum},
                                      Row{"max_over_time", series::Use::Kind::Maximum},
                                      Row{"avg_over_time", series::Use::Kind::Average},
                                      Row{"last_over_time", series::Use::Kind::Value},
                                      Row{"delta", series::Use::Kind::Value},
                                      Row{"deriv", series::Use::Kind::Value},
                                      Row{"predict_linear", series::Use::Kind::Value}};
    const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) { return one.name == function; });
    return row == kRows.end() ? series::Use::Kind::Exact : row->kind;
}

} // namespace

// The samples of a range vector over all steps, without stale markers.
std::vector<series::SeriesData> TreeWalk::rangeSamples(const Expr& expr, RangeTimes& times,
                                                       series::Use::Kind kind)
{
    std::vector<series::SeriesData> all;
    if (const auto* matrix = std::get_if<MatrixSelector>(&expr.node)) {
        times = {matrix->range, &matrix->selector.when};
        const std::int64_t from = effective(matrix->selector.when, m_grid.start) - matrix->range;
        const std::int64_t to = effective(matrix->selector.when, m_grid.at(m_steps - 1));
        const series::Use use{kind, from + matrix->range, to, m_steps > 1 ? m_grid.step : 0, matrix->range};
        all = m_reader.sampled(matrix->selector.matchers, from, to, use);
        for (auto& data : all) {
            std::erase_if(data.samples,
                          [](const series::Sample& sample) { return series::isStale(sample.value); });
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
    charge(inner.count());
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
    const auto* matrix = std::get_if<MatrixSelector>(&range->node);
    const EndsFunction fromEnds = findEndsFunction(call.function->name);
    if (m_steps == 1 && matrix != nullptr && fromEnds != nullptr) {
        return endsCall(*matrix, fromEnds);
    }
    RangeTimes times;
    const auto data = rangeSamples(*range, times, useOf(call.function->name));
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

// At one moment and of a selector, as in nearly every rule: without unpacking what lies between the ends.
Columns TreeWalk::endsCall(const MatrixSelector& matrix, EndsFunction function)
{
    const std::int64_t to = effective(matrix.selector.when, m_grid.start);
    const std::int64_t from = to - matrix.range;
    Columns columns;
    for (series::RangeEnds& ends : m_reader.ends(matrix.selector.matchers, from, to)) {
        charge(ends.count);
        if (const auto value = function({ends, from, to})) {
            columns.push_back({std::move(ends.labels), {*value}});
        }
    }
    if (!series::findName(matrix.selector.matchers)) { // else they differ in more than the name
        requireDistinct(columns);
    }
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
        if (step % kLookAtStop == 0) {
            requireWanted();
        }
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
        for (auto at = std::upper_bound(resets.begin(), resets.end(), begin); at != resets.end() && *at < end;
             ++at) {
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

} // namespace promql

#include "monitor/promql/querier.h"

#include "monitor/promql/functions.h"
#include "monitor/promql/narrow.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace promql {

namespace {

constexpr std::size_t kRemembered = 256;

core::Result<QueryResult> coded(core::Result<QueryResult> result)
{
    if (!result) {
        const std::string& message = result.error().message;
        return core::fail(message, message == kCanceled ? "canceled" : "execution");
    }
    return result;
}

core::Result<std::vector<metrics::PointSeries>> seriesOf(core::Result<QueryResult> result)
{
    if (!result) {
        return core::Unexpected{result.error()};
    }
    return std::move(result->series);
}

// "instant vector, scalar".
std::string argumentsOf(const FunctionDef& function)
{
    std::string text;
    for (const ValueType type : function.arguments) {
        text += (text.empty() ? "" : ", ") + std::string(valueTypeName(type));
    }
    return text;
}

} // namespace

Querier::Querier(const series::Reader& reader, EvalOptions options)
    : m_reader(reader)
    , m_options(options)
{
}

core::Result<std::shared_ptr<const Expr>> Querier::parsed(std::string_view expression) const
{
    {
        const core::MutexLock lock(m_mutex);
        if (const auto known = m_parsed.find(expression); known != m_parsed.end()) {
            return known->second;
        }
    }
    auto made = parseExpression(expression);
    if (!made) {
        return core::fail(made.error().text(), "bad_data");
    }
    const core::MutexLock lock(m_mutex);
    if (m_parsed.size() >= kRemembered) {
        m_parsed.clear();
    }
    m_parsed.emplace(std::string(expression), *made);
    return std::move(*made);
}

EvalOptions Querier::optionsUntil(const std::stop_token& stop) const
{
    EvalOptions options = m_options;
    options.stop = stop;
    return options;
}

core::Result<QueryResult> Querier::query(std::string_view expression, std::int64_t at,
                                         const std::stop_token& stop) const
{
    const auto expr = parsed(expression);
    if (!expr) {
        return core::Unexpected{expr.error()};
    }
    return coded(evaluateInstant(**expr, m_reader, at, optionsUntil(stop)));
}

core::Result<QueryResult> Querier::queryRange(std::string_view expression, const Grid& grid,
                                              const std::stop_token& stop) const
{
    if (grid.step <= 0) {
        return core::fail(
            "zero or negative query resolution step widths are not accepted. Try a positive integer",
            "bad_data");
    }
    if (grid.end < grid.start) {
        return core::fail("end timestamp must not be before start time", "bad_data");
    }
    if (grid.count() > kMaxPoints + 1) {
        return core::fail(
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query "
            "resolution (?step=XX)",
            "bad_data");
    }
    const auto expr = parsed(expression);
    if (!expr) {
        return core::Unexpected{expr.error()};
    }
    return coded(evaluateRange(**expr, m_reader, grid, optionsUntil(stop)));
}

core::Result<std::vector<metrics::PointSeries>>
Querier::range(std::string_view expression, std::int64_t start, std::int64_t end, std::int64_t step) const
{
    return rangeUntil({}, expression, start, end, step);
}

core::Result<std::vector<metrics::PointSeries>> Querier::instant(std::string_view expression,
                                                                 std::int64_t at) const
{
    return instantUntil({}, expression, at);
}

core::Result<std::vector<metrics::PointSeries>> Querier::rangeUntil(const std::stop_token& stop,
                                                                    std::string_view expression,
                                                                    std::int64_t start, std::int64_t end,
                                                                    std::int64_t step) const
{
    return seriesOf(queryRange(expression, {start, end, step}, stop));
}

core::Result<std::vector<metrics::PointSeries>>
Querier::instantUntil(const std::stop_token& stop, std::string_view expression, std::int64_t at) const
{
    return seriesOf(query(expression, at, stop));
}

std::vector<metrics::QueryWord> Querier::words() const
{
    using Kind = metrics::QueryWord::Kind;
    std::vector<metrics::QueryWord> words;
    for (const FunctionDef& function : allFunctions()) {
        words.push_back({Kind::Function, std::string(function.name), argumentsOf(function)});
    }
    for (int type = static_cast<int>(TokenType::Atan2); type <= static_cast<int>(TokenType::End); ++type) {
        const auto token = static_cast<TokenType>(type);
        const std::string_view text = tokenText(token);
        if (!text.empty() && keywordType(text)) {
            words.push_back({isAggregator(token) ? Kind::Aggregation : Kind::Keyword, std::string(text), {}});
        }
    }
    std::sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.text < b.text; });
    return words;
}

core::Result<metrics::ResultType> Querier::resultType(std::string_view expression) const
{
    const auto expr = parsed(expression);
    if (!expr) {
        return core::Unexpected{expr.error()};
    }
    switch ((*expr)->type()) {
    case ValueType::Scalar:
        return metrics::ResultType::Scalar;
    case ValueType::String:
        return metrics::ResultType::String;
    case ValueType::Vector:
        return metrics::ResultType::Vector;
    case ValueType::Matrix:
        return metrics::ResultType::Matrix;
    }
    return metrics::ResultType::Vector;
}

core::Result<std::vector<metrics::Labels>> Querier::series(std::string_view selector, std::int64_t start,
                                                           std::int64_t end) const
{
    const auto expr = parsed(selector);
    if (!expr) {
        return core::Unexpected{expr.error()};
    }
    const auto* vector = std::get_if<VectorSelector>(&unwrapped(**expr).node);
    if (!vector) {
        return core::fail("match[] must be a series selector", "bad_data");
    }
    std::vector<metrics::Labels> sets;
    for (const ::series::LabelsPtr& labels : m_reader.list(vector->matchers, start, end)) {
        sets.push_back(*labels);
    }
    return sets;
}

core::Result<std::string> Querier::narrowed(std::string_view expression, const metrics::Labels& labels) const
{
    return promql::narrowed(expression, labels);
}

} // namespace promql

#include "monitor/promql/querier.h"

#include <utility>
#include <variant>

namespace promql {

namespace {

constexpr std::size_t kRemembered = 256;

core::Result<QueryResult> coded(core::Result<QueryResult> result)
{
    if (!result) {
        return core::fail(result.error().message, "execution");
    }
    return result;
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

core::Result<QueryResult> Querier::query(std::string_view expression, std::int64_t at) const
{
    const auto expr = parsed(expression);
    if (!expr) {
        return core::Unexpected{expr.error()};
    }
    return coded(evaluateInstant(**expr, m_reader, at, m_options));
}

core::Result<QueryResult> Querier::queryRange(std::string_view expression, const Grid& grid) const
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
    return coded(evaluateRange(**expr, m_reader, grid, m_options));
}

core::Result<std::vector<metrics::PointSeries>>
Querier::range(std::string_view expression, std::int64_t start, std::int64_t end, std::int64_t step) const
{
    auto result = queryRange(expression, {start, end, step});
    if (!result) {
        return core::Unexpected{result.error()};
    }
    return std::move(result->series);
}

core::Result<std::vector<metrics::PointSeries>> Querier::instant(std::string_view expression,
                                                                 std::int64_t at) const
{
    auto result = query(expression, at);
    if (!result) {
        return core::Unexpected{result.error()};
    }
    return std::move(result->series);
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

} // namespace promql

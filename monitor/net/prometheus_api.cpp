#include "monitor/net/prometheus_api.h"

#include "monitor/core/format.h"
#include "monitor/net/prometheus_json.h"
#include "monitor/net/prometheus_parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace net {

namespace {

using Sets = std::vector<metrics::Labels>;

// A refusal on its way out of the small functions below.
struct BadParameter {
    std::string name;
    std::string reason;
};

Response badData(const BadParameter& bad)
{
    return apiError(400, "bad_data", fmt::format("invalid parameter \"{}\": {}", bad.name, bad.reason));
}

// Parse errors are the client's, all others the engine's.
Response queryError(const core::Error& error)
{
    const bool execution = error.code == "execution";
    return apiError(execution ? 422 : 400, execution ? "execution" : "bad_data", error.message);
}

core::Result<std::int64_t, BadParameter> timeOf(const Request& request, const char* name,
                                                std::int64_t fallback)
{
    const std::string_view text = request.parameter(name);
    if (text.empty()) {
        return fallback;
    }
    if (const auto time = parseApiTime(text)) {
        return *time;
    }
    return core::Unexpected{
        BadParameter{name, fmt::format("cannot parse \"{}\" to a valid timestamp", core::oneLine(text, 60))}};
}

// 0 or absent: no limit.
core::Result<std::size_t, BadParameter> limitOf(const Request& request)
{
    const std::string_view text = request.parameter("limit");
    std::size_t limit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (!text.empty() && (error != std::errc() || end != text.data() + text.size())) {
        return core::Unexpected{BadParameter{"limit", "limit must be a whole number"}};
    }
    return limit == 0 ? std::numeric_limits<std::size_t>::max() : limit;
}

template <class Items>
void keepAtMost(Items& items, std::size_t limit)
{
    if (items.size() > limit) {
        items.resize(limit);
    }
}

struct Span {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t step = 1;
};

core::Result<Span, BadParameter> spanOf(const Request& request)
{
    for (const char* name : {"start", "end"}) {
        if (request.parameter(name).empty()) {
            return core::Unexpected{BadParameter{name, "cannot parse \"\" to a valid timestamp"}};
        }
    }
    const auto start = timeOf(request, "start", 0);
    const auto end = timeOf(request, "end", 0);
    if (!start || !end) {
        return core::Unexpected{(start ? end : start).error()};
    }
    const auto step = parseApiDuration(request.parameter("step"));
    if (!step) {
        return core::Unexpected{BadParameter{"step", "cannot parse it to a valid duration"}};
    }
    if (*end < *start) {
        return core::Unexpected{BadParameter{"end", "end timestamp must not be before start time"}};
    }
    if (*step <= 0) {
        return core::Unexpected{BadParameter{
            "step",
            "zero or negative query resolution step widths are not accepted. Try a positive integer"}};
    }
    return Span{*start, *end, *step};
}

// The label sets all selectors together name; each once, sorted.
core::Result<Sets> matching(const metrics::Querier& querier, const std::vector<std::string>& selectors,
                            std::pair<std::int64_t, std::int64_t> range)
{
    std::set<metrics::Labels> sets;
    for (const std::string& selector : selectors) {
        auto found = querier.series(selector, range.first, range.second);
        if (!found) {
            return core::fail(found.error().message, found.error().code);
        }
        sets.insert(std::make_move_iterator(found->begin()), std::make_move_iterator(found->end()));
    }
    return Sets(sets.begin(), sets.end());
}

struct Selection {
    Sets sets;
    std::size_t limit = 0;
};

// What /series, /labels and /label/…/values have in common. `needsMatch`: match[] must be there.
enum class MatchRule { Needed, Optional };

core::Result<Selection, Response> select(const Request& request, const metrics::Querier& querier,
                                         std::int64_t now, MatchRule rule)
{
    const auto start = timeOf(request, "start", std::numeric_limits<std::int64_t>::min() / 2);
    const auto end = timeOf(request, "end", now);
    const auto limit = limitOf(request);
    if (!start || !end) {
        return core::Unexpected{badData((start ? end : start).error())};
    }
    if (!limit) {
        return core::Unexpected{badData(limit.error())};
    }
    std::vector<std::string> selectors = request.parameters("match[]");
    if (selectors.empty()) {
        if (rule == MatchRule::Needed) {
            return core::Unexpected{apiError(400, "bad_data", "no match[] parameter provided")};
        }
        selectors.emplace_back(R"({__name__=~".+"})");
    }
    auto sets = matching(querier, selectors, {*start, *end});
    if (!sets) {
        return core::Unexpected{queryError(sets.error())};
    }
    return Selection{std::move(*sets), *limit};
}

bool isLabelName(std::string_view name)
{
    const auto letter = [](char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; };
    return !name.empty() && (letter(name.front()) || name.front() == '_') &&
           std::ranges::all_of(name, [&](char c) { return letter(c) || c == '_' || (c >= '0' && c <= '9'); });
}

} // namespace

Response PrometheusApi::query(const Request& request) const
{
    const std::string_view expression = request.parameter("query");
    const auto at = timeOf(request, "time", core::epochMillis(m_clock.wallNow()));
    const auto limit = limitOf(request);
    if (!at) {
        return badData(at.error());
    }
    if (!limit) {
        return badData(limit.error());
    }
    const auto type = m_querier.resultType(expression);
    if (!type) {
        return queryError(type.error());
    }
    auto result = m_querier.instant(expression, *at);
    if (!result) {
        return queryError(result.error());
    }
    keepAtMost(*result, *limit);
    switch (*type) {
    case metrics::ResultType::Scalar:
        return apiSuccess(scalarData(*result));
    case metrics::ResultType::Matrix:
        return apiSuccess(matrixData(*result));
    case metrics::ResultType::String:
    case metrics::ResultType::Vector:
        break;
    }
    return apiSuccess(vectorData(*result));
}

Response PrometheusApi::queryRange(const Request& request) const
{
    const auto span = spanOf(request);
    if (!span) {
        return badData(span.error());
    }
    const auto limit = limitOf(request);
    if (!limit) {
        return badData(limit.error());
    }
    if ((span->end - span->start) / span->step > kMaxPointsPerSeries) {
        return apiError(
            400, "bad_data",
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query "
            "resolution (?step=XX)");
    }
    auto result = m_querier.range(request.parameter("query"), span->start, span->end, span->step);
    if (!result) {
        return queryError(result.error());
    }
    keepAtMost(*result, *limit);
    std::size_t points = 0;
    for (const metrics::PointSeries& one : *result) {
        points += one.points.size();
    }
    if (points > kMaxPoints) {
        return apiError(422, "execution",
                        "the answer would have more than 1,000,000 points; ask for fewer series or a "
                        "longer step");
    }
    return apiSuccess(matrixData(*result));
}

Response PrometheusApi::series(const Request& request) const
{
    auto selection = select(request, m_querier, core::epochMillis(m_clock.wallNow()), MatchRule::Needed);
    if (!selection) {
        return selection.error();
    }
    keepAtMost(selection->sets, selection->limit);
    return apiSuccess(seriesData(selection->sets));
}

Response PrometheusApi::labels(const Request& request) const
{
    const auto selection =
        select(request, m_querier, core::epochMillis(m_clock.wallNow()), MatchRule::Optional);
    if (!selection) {
        return selection.error();
    }
    std::set<std::string> names;
    for (const metrics::Labels& labels : selection->sets) {
        for (const auto& [name, value] : labels) {
            names.insert(name);
        }
    }
    std::vector<std::string> list(names.begin(), names.end());
    keepAtMost(list, selection->limit);
    return apiSuccess(namesData(list));
}

Response PrometheusApi::labelValues(const Request& request) const
{
    if (!isLabelName(request.capture)) {
        return apiError(400, "bad_data",
                        fmt::format("invalid label name: \"{}\"", core::oneLine(request.capture, 60)));
    }
    const auto selection =
        select(request, m_querier, core::epochMillis(m_clock.wallNow()), MatchRule::Optional);
    if (!selection) {
        return selection.error();
    }
    std::set<std::string> values;
    for (const metrics::Labels& labels : selection->sets) {
        for (const auto& [name, value] : labels) {
            if (name == request.capture) {
                values.insert(value);
            }
        }
    }
    std::vector<std::string> list(values.begin(), values.end());
    keepAtMost(list, selection->limit);
    return apiSuccess(namesData(list));
}

} // namespace net

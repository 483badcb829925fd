#include "monitor/alert/series_notation.h"

#include "monitor/core/format.h"
#include "monitor/promql/parser.h"
#include "monitor/promql/text.h"
#include "monitor/series/sample.h"

#include <charconv>

namespace alert {

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    const auto last = text.find_last_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
}

auto refused(std::string_view item)
{
    return core::fail("no series values: " + core::oneLine(item, 60), "bad_series");
}

// Where a number ends: at the sign of a step, or at an x that repeats. A sign after an e belongs to the
// exponent.
std::size_t endOfNumber(std::string_view item, std::size_t from)
{
    for (std::size_t at = from + 1; at < item.size(); ++at) {
        const char c = item[at];
        const bool exponent =
            (item[at - 1] | 32) == 'e' && at >= 2 && item[at - 2] >= '0' && item[at - 2] <= '9';
        if (c == 'x' || ((c == '+' || c == '-') && !exponent)) {
            return at;
        }
    }
    return item.size();
}

std::optional<std::size_t> countOf(std::string_view text)
{
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && count < kMaxNoted ? std::optional(count) : std::nullopt;
}

core::Result<void> addItem(std::string_view item, NotedValues& values)
{
    const std::size_t first = item == "stale" ? item.size() : endOfNumber(item, 0);
    const std::string_view start = item.substr(0, first);
    std::string_view rest = item.substr(first);
    double value = 0;
    double step = 0;
    const bool gap = start == "_";
    if (start == "stale") {
        value = series::staleMarker();
    } else if (!gap && !promql::parseFloat(start, value)) {
        return refused(item);
    }
    if (!rest.empty() && rest.front() != 'x') {
        const std::size_t second = endOfNumber(rest, 0);
        const std::string_view by = rest.substr(0, second);
        if (gap || second == rest.size() ||
            !promql::parseFloat(by.front() == '+' ? by.substr(1) : by, step)) {
            return refused(item);
        }
        rest = rest.substr(second);
    }
    std::size_t times = 0;
    if (!rest.empty()) {
        const auto count = countOf(rest.substr(1));
        if (!count) {
            return refused(item);
        }
        times = gap && *count > 0 ? *count - 1 : *count;
        if (gap && *count == 0) {
            return {};
        }
    }
    if (values.size() + times + 1 > kMaxNoted) {
        return core::fail("more than 1,000,000 values", "bad_series");
    }
    for (std::size_t i = 0; i <= times; ++i) {
        values.push_back(gap ? std::nullopt : std::optional(value));
        value = step != 0 ? value + step : value; // a stale marker must keep its bits
    }
    return {};
}

} // namespace

core::Result<NotedValues> parseNotation(std::string_view text)
{
    NotedValues values;
    for (std::string_view rest = trimmed(text); !rest.empty();) {
        const std::size_t end = std::min(rest.find_first_of(" \t\r\n"), rest.size());
        if (auto added = addItem(rest.substr(0, end), values); !added) {
            return core::Unexpected<core::Error>{added.error()};
        }
        rest = trimmed(rest.substr(end));
    }
    return values;
}

core::Result<series::Labels> parseMetric(std::string_view text)
{
    series::Labels labels;
    const std::string_view metric = trimmed(text);
    if (metric.empty() || metric == "{}") {
        return labels;
    }
    const auto brace = metric.find('{');
    if (brace != std::string_view::npos && brace > 0 && trimmed(metric.substr(brace)) == "{}") {
        return parseMetric(metric.substr(0, brace));
    }
    const auto matchers = promql::parseSelector(metric);
    if (!matchers) {
        return core::fail(matchers.error().text(), "bad_series");
    }
    for (const series::Matcher& matcher : *matchers) {
        if (matcher.op() != series::MatchOp::Equal) {
            return core::fail("a series has values, no conditions: " + core::oneLine(metric, 60),
                              "bad_series");
        }
        series::setLabel(labels, matcher.name(), matcher.value());
    }
    return labels;
}

} // namespace alert

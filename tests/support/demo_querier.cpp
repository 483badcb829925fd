#include "tests/support/demo_querier.h"

#include "monitor/core/clock.h"
#include "monitor/core/format.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <regex>

namespace demo {

namespace {

constexpr std::int64_t kRateWindow = 10'000;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') {
        text.remove_prefix(1);
    }
    while (!text.empty() && text.back() == ' ') {
        text.remove_suffix(1);
    }
    return text;
}

// The argument of `function(…)` when the whole text is such a call.
std::optional<std::string_view> argumentOf(std::string_view function, std::string_view text) {
    text = trimmed(text);
    if (!text.starts_with(function) || !text.ends_with(')')) {
        return std::nullopt;
    }
    text.remove_prefix(function.size());
    text = trimmed(text);
    if (!text.starts_with('(')) {
        return std::nullopt;
    }
    return trimmed(text.substr(1, text.size() - 2));
}

struct Matcher {
    std::string label;
    std::string op;
    std::string value;
};

bool holds(const Matcher& matcher, const metrics::Labels& labels) {
    const auto at =
        std::find_if(labels.begin(), labels.end(), [&](const auto& l) { return l.first == matcher.label; });
    const std::string value = at == labels.end() ? std::string() : at->second;
    if (matcher.op == "=~") {
        return std::regex_match(value, std::regex(matcher.value));
    }
    if (matcher.op == "!~") {
        return !std::regex_match(value, std::regex(matcher.value));
    }
    return (value == matcher.value) == (matcher.op == "=");
}

double valueAt(const std::vector<metrics::Point>& points, std::int64_t at, std::int64_t lookBack) {
    const auto after =
        std::upper_bound(points.begin(), points.end(), at,
                         [](std::int64_t moment, const metrics::Point& p) { return moment < p.at; });
    if (after == points.begin() || std::prev(after)->at <= at - lookBack) {
        return std::nan("");
    }
    return std::prev(after)->value;
}

double rateAt(const std::vector<metrics::Point>& points, std::int64_t at) {
    const auto less = [](std::int64_t moment, const metrics::Point& p) { return moment < p.at; };
    const auto end = std::upper_bound(points.begin(), points.end(), at, less);
    const auto begin = std::upper_bound(points.begin(), end, at - kRateWindow, less);
    if (end - begin < 2) {
        return std::nan("");
    }
    const auto& first = *begin;
    const auto& last = *std::prev(end);
    return (last.value - first.value) * 1000.0 / static_cast<double>(last.at - first.at);
}

} // namespace

void History::add(const std::string& name, const metrics::Labels& labels, metrics::Point point) {
    auto& all = m_series[name];
    auto at = std::find_if(all.begin(), all.end(), [&](const Stored& s) { return s.labels == labels; });
    if (at == all.end()) {
        all.push_back({labels, {}});
        at = std::prev(all.end());
    }
    at->points.push_back(point);
}

void History::append(const metrics::Snapshot& snapshot) {
    const std::int64_t at = core::epochMillis(snapshot.at);
    for (const metrics::Family& family : snapshot.families) {
        for (const metrics::Series& series : family.series) {
            if (!series.histogram) {
                add(std::string(family.def->name), series.labels, {at, series.value});
                continue;
            }
            const metrics::HistogramValue& histogram = *series.histogram;
            add(std::string(family.def->name) + "_count", series.labels,
                {at, static_cast<double>(histogram.count)});
            std::uint64_t below = 0;
            for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
                below += histogram.counts[i];
                const std::string le =
                    i < histogram.bounds.size() ? core::floatText(histogram.bounds[i]) : "+Inf";
                add(std::string(family.def->name) + "_bucket", {{"le", le}},
                    {at, static_cast<double>(below)});
            }
        }
    }
    for (const metrics::LatencyView& view : snapshot.latency) {
        add("quantile_" + view.name, {{"q", "0.5"}}, {at, view.p50});
        add("quantile_" + view.name, {{"q", "0.95"}}, {at, view.p95});
        add("quantile_" + view.name, {{"q", "0.99"}}, {at, view.p99});
    }
}

core::Result<History::Matches> History::select(std::string_view selector) const {
    static const std::regex kSelector(R"(\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{(.*)\})?\s*)");
    static const std::regex kMatcher(R"re(\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"([^"]*)"\s*,?)re");
    const std::string text(selector);
    std::smatch parts;
    if (!std::regex_match(text, parts, kSelector)) {
        return core::fail("1:1: the demo cannot evaluate " + text);
    }
    std::vector<Matcher> matchers;
    const std::string inside = parts[2].str();
    for (std::sregex_iterator at(inside.begin(), inside.end(), kMatcher), end; at != end; ++at) {
        matchers.push_back({(*at)[1].str(), (*at)[2].str(), (*at)[3].str()});
    }
    Matches found;
    if (const auto family = m_series.find(parts[1].str()); family != m_series.end()) {
        for (const Stored& stored : family->second) {
            if (std::all_of(matchers.begin(), matchers.end(),
                            [&](const Matcher& m) { return holds(m, stored.labels); })) {
                found.push_back(&stored);
            }
        }
    }
    return found;
}

core::Result<std::vector<metrics::PointSeries>>
History::range(std::string_view expression, std::int64_t start, std::int64_t end, std::int64_t step) const {
    if (step <= 0) {
        return core::fail("zero or negative query resolution step widths are not accepted");
    }
    if (const auto quantile = argumentOf("histogram_quantile", expression)) {
        static const std::regex kQuantile(
            R"(([0-9.]+)\s*,.*db_(?:connection_)?(wait|usage|query)(?:_duration)?_seconds_bucket.*)");
        const std::string text(*quantile);
        std::smatch parts;
        if (!std::regex_match(text, parts, kQuantile)) {
            return core::fail("1:1: the demo knows no such histogram");
        }
        return range("quantile_" + parts[2].str() + "{q=\"" + parts[1].str() + "\"}", start, end, step);
    }
    if (const auto inner = argumentOf("sum", expression)) {
        auto each = range(*inner, start, end, step);
        if (!each) {
            return each;
        }
        std::map<std::int64_t, double> total;
        for (const metrics::PointSeries& series : *each) {
            for (const metrics::Point& point : series.points) {
                total[point.at] += point.value;
            }
        }
        metrics::PointSeries sum;
        for (const auto& [at, value] : total) {
            sum.points.push_back({at, value});
        }
        return std::vector{sum};
    }
    std::string_view selector = expression;
    const auto rated = argumentOf("rate", expression);
    if (rated) {
        selector = rated->substr(0, rated->find('['));
    }
    const auto matches = select(selector);
    if (!matches) {
        return core::fail(matches.error().message);
    }
    std::vector<metrics::PointSeries> answer;
    for (const Stored* stored : *matches) {
        metrics::PointSeries series{stored->labels, {}};
        for (std::int64_t at = start; at <= end; at += step) {
            const double value = rated ? rateAt(stored->points, at) : valueAt(stored->points, at, m_lookBack);
            if (!std::isnan(value)) {
                series.points.push_back({at, value});
            }
        }
        answer.push_back(std::move(series));
    }
    return answer;
}

core::Result<std::vector<metrics::PointSeries>> History::instant(std::string_view expression,
                                                                 std::int64_t at) const {
    return range(expression, at, at, 1);
}

} // namespace demo

#include "widgets/charts/feed.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <utility>

namespace widgets {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Per second over the last kRateSpan seconds of what is fed in; starts anew when the counter is away. Where it falls there
// is nothing until a whole span lies behind it, as in the past that is asked for.
class LiveRate {
public:
    double operator()(double seconds, double count)
    {
        if (std::isnan(count) ||
            (!m_seen.empty() && (count < m_seen.back().second || seconds < m_seen.back().first))) {
            m_reset = !std::isnan(count) && !m_seen.empty() && count < m_seen.back().second;
            m_seen.clear();
        }
        if (std::isnan(count)) {
            return kNone;
        }
        if (m_seen.empty() || seconds > m_seen.back().first) {
            m_seen.emplace_back(seconds, count);
        }
        while (m_seen.size() > 2 && m_seen.front().first < seconds - kRateSpan - 0.05) {
            m_seen.pop_front();
        }
        const double span = m_seen.back().first - m_seen.front().first;
        if (m_reset && span < kRateSpan - 0.05) {
            return kNone;
        }
        m_reset = false;
        return span > 0 ? (m_seen.back().second - m_seen.front().second) / span : kNone;
    }

private:
    bool m_reset = false; // it fell less than a span ago
    std::deque<std::pair<double, double>> m_seen;
};

double steadySeconds(const metrics::Snapshot& snapshot)
{
    return std::chrono::duration<double>(snapshot.steady.time_since_epoch()).count();
}

bool contains(const metrics::Labels& all, const metrics::Labels& some)
{
    return std::all_of(some.begin(), some.end(), [&](const auto& label) {
        return std::find(all.begin(), all.end(), label) != all.end();
    });
}

double sumOf(const metrics::Snapshot& snapshot, const std::string& name, const metrics::Labels& labels)
{
    const metrics::Family* family = snapshot.find(name);
    double sum = kNone;
    for (std::size_t i = 0; family && i < family->series.size(); ++i) {
        const metrics::Series& series = family->series[i];
        if (contains(series.labels, labels) && !std::isnan(series.value)) {
            sum = std::isnan(sum) ? series.value : sum + series.value;
        }
    }
    return sum;
}

double countOf(const metrics::Snapshot& snapshot, const std::string& name)
{
    const metrics::Family* family = snapshot.find(name);
    double count = kNone;
    for (std::size_t i = 0; family && i < family->series.size(); ++i) {
        if (const auto& histogram = family->series[i].histogram) {
            count = (std::isnan(count) ? 0 : count) + static_cast<double>(histogram->count);
        }
    }
    return count;
}

// A sum for each value of these labels, and for each console that a server knows: those of two are never added up.
std::string sharedSum(const std::string& what, const metrics::Labels& labels)
{
    std::string by = "job, instance";
    for (const auto& [name, value] : labels) {
        by += ", " + name;
    }
    return "sum by (" + by + ") (" + what + ")";
}

} // namespace

std::string selectorOf(const std::string& name, const metrics::Labels& labels, Match match)
{
    std::string text = name;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        text += i == 0 ? "{" : ",";
        text += labels[i].first + (match == Match::Pattern ? "=~\"" : "=\"");
        for (const char c : labels[i].second) {
            if (c == '"' || c == '\\') {
                text += '\\';
            }
            text += c == '\n' ? "\\n" : std::string(1, c);
        }
        text += '"';
    }
    return labels.empty() ? text : text + "}";
}

std::int64_t rateSpan(std::int64_t step) noexcept
{
    return std::max<std::int64_t>(static_cast<std::int64_t>(kRateSpan) * 1000, step);
}

std::string withRateSpan(std::string expression, std::int64_t step)
{
    constexpr std::int64_t kMinute = 60'000;
    const std::pair<const char*, std::int64_t> spans[] = {{"$w", rateSpan(step)}, {"$m", std::max(rateSpan(step), kMinute)}};
    for (const auto& [mark, span] : spans) {
        const std::string text = std::to_string(span / 1000) + "s";
        for (std::size_t at = expression.find(mark); at != std::string::npos; at = expression.find(mark, at)) {
            expression.replace(at, 2, text);
        }
    }
    return expression;
}

Feed gauge(std::string name, metrics::Labels labels)
{
    Feed feed{selectorOf(name, labels), {}, {}, name, labels};
    feed.value = [name = std::move(name), labels = std::move(labels)](const metrics::Snapshot& s) {
        return s.value(name, labels);
    };
    return feed;
}

Feed gaugeSum(std::string name)
{
    return {"sum(" + name + ")", [name](const metrics::Snapshot& s) { return sumOf(s, name, {}); }, {}, sharedSum(name, {})};
}

Feed rateSum(std::string name, metrics::Labels labels)
{
    std::string counter = selectorOf(name, labels);
    Feed feed{"sum(rate(" + counter + "[$w]))", {}, counter, sharedSum("rate(" + name + "[$w])", labels), labels};
    feed.count = [name = std::move(name), labels = std::move(labels)](const metrics::Snapshot& s) {
        return sumOf(s, name, labels);
    };
    feed.value = [count = feed.count, rate = LiveRate()](const metrics::Snapshot& s) mutable {
        return rate(steadySeconds(s), count(s));
    };
    return feed;
}

Feed histogramRate(std::string name)
{
    Feed feed{"sum(rate(" + name + "_count[$w]))", {}, name + "_count", sharedSum("rate(" + name + "_count[$w])", {})};
    feed.count = [name = std::move(name)](const metrics::Snapshot& s) { return countOf(s, name); };
    feed.value = [count = feed.count, rate = LiveRate()](const metrics::Snapshot& s) mutable {
        return rate(steadySeconds(s), count(s));
    };
    return feed;
}

Feed percentile(const char* stage, const char* quantile)
{
    return gauge("db_pool_latency_seconds", {{"q", quantile}, {"stage", stage}});
}

Feed computed(std::string expression, std::function<double(const metrics::Snapshot&)> value)
{
    return {std::move(expression), std::move(value), {}, {}, {}};
}

} // namespace widgets

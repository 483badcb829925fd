#include "widgets/charts/chart_feeder.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace widgets {

namespace {

// Up to an hour each sample is asked for, so that no spike is lost; beyond it this many.
constexpr qint64 kMostPoints = 3600;
constexpr std::size_t kMostResets = 200; // of a series; a counter that falls at every tick is none

} // namespace

void ChartFeeder::setFeeds(std::vector<Feed> feeds)
{
    m_feeds = std::move(feeds);
    m_resets.clear();
    m_counts.clear();
    m_coveredFrom = m_coveredTo = 0;
    for (std::size_t i = 0; m_chart && i < m_chart->seriesCount(); ++i) {
        m_chart->samples(i).clear();
        m_chart->means(i).clear();
    }
}

void ChartFeeder::setResets(std::size_t series, std::vector<Reset> resets)
{
    m_resets.resize(std::max(m_resets.size(), series + 1));
    m_resets[series] = std::move(resets);
}

std::vector<Reset> ChartFeeder::resets() const
{
    std::vector<Reset> all;
    for (const std::vector<Reset>& some : m_resets) {
        all.insert(all.end(), some.begin(), some.end());
    }
    std::sort(all.begin(), all.end(), [](const Reset& a, const Reset& b) { return a.to < b.to; });
    all.erase(std::unique(all.begin(), all.end(), [](const Reset& a, const Reset& b) { return a.to == b.to; }), all.end());
    return all;
}

ChartFeeder::Took ChartFeeder::take(const metrics::Snapshot& snapshot, qint64 length, const metrics::Querier* querier)
{
    const qint64 at = core::epochMillis(snapshot.at);
    const qint64 interval =
        std::max<qint64>(std::chrono::duration_cast<core::Millis>(snapshot.interval).count(), 1);
    if (!m_chart || at <= m_coveredTo) {
        return Took::Tick;
    }
    m_chart->setInterval(interval);
    const qint64 gapAfter = m_chart->model().gapAfter();
    bool filled = true;
    if (querier && (m_coveredFrom == 0 || m_coveredFrom > at - length)) {
        for (std::size_t i = 0; i < m_chart->seriesCount(); ++i) {
            m_chart->samples(i).clear();
            m_chart->means(i).clear();
        }
        m_coveredFrom = at - length;
        fill(m_coveredFrom, at, *querier);
    } else if (querier && at - m_coveredTo > gapAfter) {
        fill(m_coveredTo + interval, at, *querier);
    } else {
        filled = false;
        m_coveredFrom = m_coveredFrom == 0 ? at : m_coveredFrom;
    }
    if (filled) {
        m_counts.clear(); // what fell before was asked for just now
    }
    const std::size_t count = std::min(m_feeds.size(), m_chart->seriesCount());
    bool reset = false;
    for (std::size_t i = 0; i < count; ++i) {
        reset = fell(i, snapshot) || reset;
        const double value = m_feeds[i].value(snapshot);
        // A rate knows nothing at its first tick; the query has just told it.
        if (!filled || !std::isnan(value)) {
            m_chart->samples(i).append(at, value, gapAfter);
        }
    }
    m_coveredTo = at;
    return filled ? Took::Past : reset ? Took::Reset : Took::Tick;
}

bool ChartFeeder::fell(std::size_t series, const metrics::Snapshot& snapshot)
{
    if (!m_feeds[series].count) {
        return false;
    }
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    m_counts.resize(m_feeds.size(), {0, kNone});
    m_resets.resize(std::max(m_resets.size(), series + 1));
    metrics::Point& before = m_counts[series];
    const metrics::Point now{core::epochMillis(snapshot.at), m_feeds[series].count(snapshot)};
    const bool reset = now.value < before.value; // NaN is neither
    std::vector<Reset>& resets = m_resets[series];
    if (reset) {
        resets.erase(resets.begin(), resets.begin() + (resets.size() < kMostResets ? 0 : 1));
        resets.push_back({before.at, now.at});
    }
    before = std::isnan(now.value) ? before : now;
    return reset;
}

ChartFeeder::Took ChartFeeder::append(const metrics::Snapshot& snapshot, qint64 gapAfter)
{
    const qint64 at = core::epochMillis(snapshot.at);
    if (!m_chart || at <= m_coveredTo) {
        return Took::Tick;
    }
    bool reset = false;
    for (std::size_t i = 0; i < std::min(m_feeds.size(), m_chart->seriesCount()); ++i) {
        reset = fell(i, snapshot) || reset;
        m_chart->samples(i).append(at, m_feeds[i].value(snapshot), gapAfter);
    }
    m_coveredTo = at;
    return reset ? Took::Reset : Took::Tick;
}

// An expression that gives several series or none leaves what the ticks will bring.
void ChartFeeder::fill(qint64 from, qint64 to, const metrics::Querier& querier)
{
    const qint64 interval = m_chart->model().interval;
    const qint64 wanted = (to - from) / kMostPoints;
    const qint64 step = std::max<qint64>(interval, (wanted + interval - 1) / interval * interval);
    if (to < from) {
        return;
    }
    const std::size_t count = std::min(m_feeds.size(), m_chart->seriesCount());
    for (std::size_t i = 0; i < count; ++i) {
        auto answer = querier.range(withRateSpan(m_feeds[i].expression, step), from, to, step);
        if (!answer || answer->empty()) {
            continue;
        }
        if (const std::string& counter = m_feeds[i].counter; !counter.empty()) {
            if (const auto counts = querier.range(counter, from, to, step)) {
                setResets(i, resetsIn(*counts));
                cutAtResets(answer->front().points, m_resets[i], rateSpan(step));
            }
        }
        SampleBuffer& samples = m_chart->samples(i);
        for (const metrics::Point& point : answer->front().points) {
            samples.append(point.at, point.value, step * 5 / 2);
        }
    }
}

} // namespace widgets

#include "widgets/charts/histogram_feed.h"

#include "widgets/charts/bucket_bound.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace widgets {

namespace {

constexpr qint64 kAskEvery = 5000;

// The family's series added up; they share their bounds.
HistogramBars summed(const metrics::Snapshot& snapshot, const std::string& name)
{
    HistogramBars bars;
    const metrics::Family* family = snapshot.find(name);
    for (std::size_t i = 0; family && i < family->series.size(); ++i) {
        const auto& histogram = family->series[i].histogram;
        if (!histogram || (!bars.bounds.empty() && bars.bounds != histogram->bounds)) {
            continue;
        }
        bars.bounds = histogram->bounds;
        bars.counts.resize(histogram->counts.size());
        std::transform(histogram->counts.begin(), histogram->counts.end(), bars.counts.begin(),
                       bars.counts.begin(), std::plus<>());
    }
    return bars;
}

} // namespace

HistogramBars HistogramFeed::take(const metrics::Snapshot& snapshot, qint64 length,
                                  const metrics::Querier* querier)
{
    HistogramBars bars = summed(snapshot, m_family);
    const auto view = std::find_if(snapshot.latency.begin(), snapshot.latency.end(),
                                   [&](const auto& v) { return v.name == m_view; });
    if (view != snapshot.latency.end()) {
        bars.percentiles = *view;
    }
    const qint64 at = core::epochMillis(snapshot.at);
    if (querier && !bars.counts.empty() &&
        (length != m_askedFor || at - m_askedAt >= kAskEvery || at < m_askedAt)) {
        m_askedAt = at;
        m_askedFor = length;
        askBefore(bars, at - length, *querier);
    }
    for (std::size_t i = 0; i < bars.counts.size() && m_before.size() == bars.counts.size(); ++i) {
        // Fewer than before: the counters began anew within the range.
        bars.counts[i] -= m_before[i] <= bars.counts[i] ? m_before[i] : 0;
    }
    return bars;
}

void HistogramFeed::askBefore(const HistogramBars& now, qint64 at, const metrics::Querier& querier)
{
    const auto answer = querier.instant(m_family + "_bucket", at);
    if (!answer) {
        return;
    }
    std::map<double, double> cumulative;
    for (const metrics::PointSeries& series : *answer) {
        const double bound = upperBound(series.labels);
        if (!series.points.empty() && !std::isnan(bound) && !std::isnan(series.points.back().value)) {
            cumulative[bound] += series.points.back().value;
        }
    }
    m_before.clear();
    double below = 0;
    for (std::size_t i = 0; i < now.counts.size() && cumulative.size() == now.counts.size(); ++i) {
        const double bound = i < now.bounds.size() ? now.bounds[i] : std::numeric_limits<double>::infinity();
        const auto found = cumulative.find(bound);
        if (found == cumulative.end()) {
            m_before.clear();
            return;
        }
        m_before.push_back(static_cast<std::uint64_t>(std::max(0.0, found->second - below)));
        below = found->second;
    }
}

} // namespace widgets

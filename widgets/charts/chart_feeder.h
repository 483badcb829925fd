// The one way samples come into a chart: a getter for each tick, one query for what was missed.
#pragma once

#include "widgets/charts/chart_widget.h"
#include "widgets/charts/feed.h"
#include "widgets/charts/resets.h"

#include <QPointer>

#include <vector>

namespace widgets {

// Main thread only. Each feed belongs to the chart's series of the same place.
class ChartFeeder {
public:
    ChartFeeder(ChartWidget* chart, std::vector<Feed> feeds)
        : m_chart(chart)
        , m_feeds(std::move(feeds))
    {
    }

    [[nodiscard]] ChartWidget* chart() const noexcept { return m_chart; }
    [[nodiscard]] const std::vector<Feed>& feeds() const noexcept { return m_feeds; }
    // Appends the tick; when ticks were missed (hidden, just opened, a longer range) they are asked of the
    // querier, once. `querier` may be null: then there is only what was seen. A tick seen before changes
    // nothing. Reset: a counter began anew with this tick, which resets() tells.
    enum class Took { Tick, Past, Reset };
    Took take(const metrics::Snapshot& snapshot, qint64 length, const metrics::Querier* querier);
    // Appends the tick and asks nobody; a silence longer than gapAfter (ms) is a gap.
    Took append(const metrics::Snapshot& snapshot, qint64 gapAfter);
    // The range became longer: the next take() asks for all of it, even with a tick seen before.
    void widen() { m_coveredFrom = m_coveredTo = 0; }
    // New feeds (a disk was mounted): everything is asked anew at the next tick.
    void setFeeds(std::vector<Feed> feeds);
    // Where the counters of what is shown began anew, as found last for series `series`.
    void setResets(std::size_t series, std::vector<Reset> resets);
    [[nodiscard]] std::vector<Reset> resets() const; // of all series, ascending, each once

private:
    void fill(qint64 from, qint64 to, const metrics::Querier& querier);
    // Whether the counter of series `series` fell since the tick before.
    bool fell(std::size_t series, const metrics::Snapshot& snapshot);

    QPointer<ChartWidget> m_chart;
    std::vector<Feed> m_feeds;
    std::vector<std::vector<Reset>> m_resets; // one a series
    std::vector<metrics::Point> m_counts;     // of the last tick; one a series, NaN where nothing is counted
    qint64 m_coveredFrom = 0; // ms since the epoch; 0 = nothing yet
    qint64 m_coveredTo = 0;
};

} // namespace widgets

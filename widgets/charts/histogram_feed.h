// What a histogram chart shows: the observations of the time range, by bucket.
#pragma once

#include "monitor/metrics/querier.h"
#include "widgets/charts/histogram_chart.h"

#include <string>

namespace widgets {

// Counts of a histogram since the program started, less those from before the range: exact whole numbers.
// Main thread only.
class HistogramFeed {
public:
    // `family`: "db_query_duration_seconds"; `view`: the latency view with its percentiles.
    HistogramFeed(std::string family, std::string view)
        : m_family(std::move(family))
        , m_view(std::move(view))
    {
    }

    // `length` in ms. The counts before the range are asked of the querier (may be null) every five seconds.
    [[nodiscard]] HistogramBars take(const metrics::Snapshot& snapshot, qint64 length,
                                     const metrics::Querier* querier);

private:
    void askBefore(const HistogramBars& now, qint64 at, const metrics::Querier& querier);

    std::string m_family;
    std::string m_view;
    std::vector<std::uint64_t> m_before; // per bucket; empty = nothing was there
    qint64 m_askedAt = 0;                // ms since the epoch
    qint64 m_askedFor = 0;               // the length then
};

} // namespace widgets

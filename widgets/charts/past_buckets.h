// Histograms of the past, from the counters of their buckets: for bars, percentiles and heat maps of any range.
#pragma once

#include "monitor/metrics/pool_trace.h"
#include "widgets/charts/histogram_chart.h"
#include "widgets/charts/past_loader.h"

#include <QObject>

#include <string>
#include <vector>

namespace widgets {

// What was observed in each step; counts are not cumulative, one more than bounds.
struct PastHistogram {
    struct Column {
        qint64 from = 0; // ms since the epoch
        qint64 to = 0;
        std::vector<double> counts;
    };
    std::vector<double> bounds; // upper ones in seconds, ascending, without +Inf
    std::vector<Column> columns;

    // All of it. Percentiles as histogram_quantile() tells them: linear within a bucket, NaN beyond the last bound.
    [[nodiscard]] HistogramBars bars() const;
    // For a heat map: each bucket spread evenly over the rows it covers.
    [[nodiscard]] std::vector<metrics::HeatColumnPtr> heat(metrics::Stage stage) const;
};

// From what "sum by (le) (increase(…_bucket[step]))" gives at the end of each step.
[[nodiscard]] PastHistogram pastHistogram(const std::vector<metrics::PointSeries>& buckets, qint64 step);

class PastSource;

// Main thread only; the querier and the server are asked on threads of their own.
class PastBuckets final : public QObject {
    Q_OBJECT
public:
    // `families`: "db_query_duration_seconds" …
    PastBuckets(const metrics::Querier* querier, std::vector<std::string> families, QObject* parent = nullptr);

    // What lies before the moment from which on `memory` is complete is the chosen server's. All outlive it and may be null.
    void setSource(const PastSource* source, const metrics::Querier* memory);
    // The server that some of what is shown is from; empty: all is the console's own.
    [[nodiscard]] QString server() const;
    [[nodiscard]] qint64 step() const noexcept { return m_step; } // of a column, ms
    // Both ends in ms since the epoch; the same again asks nothing.
    void load(qint64 from, qint64 to);
    void clear();
    // By the family's place; empty until its answer is there.
    [[nodiscard]] const PastHistogram& of(std::size_t family) const { return m_histograms.at(family); }

Q_SIGNALS:
    void arrived();

private:
    void take();
    void takeServer();
    void choose();
    void loadServer();
    void join(std::size_t family);

    const std::vector<std::string> m_families;
    std::vector<PastHistogram> m_histograms;
    qint64 m_from = 0;
    qint64 m_to = 0;
    qint64 m_step = 0;
    qint64 m_seam = 0; // left of it the server's, if it has any
    const PastSource* m_source = nullptr;
    const metrics::Querier* m_memory = nullptr;
    std::vector<PastHistogram> m_own; // one a family, as m_histograms
    std::vector<PastHistogram> m_older;
    PastLoader m_loader;
    PastLoader m_server{nullptr};
};

} // namespace widgets

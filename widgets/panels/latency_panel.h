// Latency: how long waiting, using and querying take. Three histograms, their percentiles over time, and how
// many.
#pragma once

#include "widgets/charts/histogram_feed.h"
#include "widgets/charts/past_buckets.h"
#include "widgets/panels/chart_page.h"

#include <vector>

namespace widgets {

class CulpritCard;
class HeatMap;

class LatencyPanel final : public ChartPage {
    Q_OBJECT
public:
    explicit LatencyPanel(const PanelContext& context, QWidget* parent = nullptr);

    // "wait/3": the culprits of the fourth bucket of the wait.
    void showHint(const QString& hint) override;

protected:
    void showFigures(const metrics::Snapshot& snapshot) override;
    void askPast() override;
    void retranslate() override;

private:
    struct Kind {
        Card* card = nullptr;
        HistogramChart* chart = nullptr;
        HistogramFeed feed;
        ChartCard* trend = nullptr;
        const char* view = "";
        Card* heatCard = nullptr;
        HeatMap* heat = nullptr;
        HistogramBars bars = {}; // as shown
    };
    void buildHistograms();
    void showPast();
    void showKind(Kind& kind, const HistogramBars& bars);
    void buildHeatMaps();
    void showCulprits(std::size_t kind, double from, double to);
    void showBucket(std::size_t kind, int bucket);
    void buildTrends();
    void buildRates();

    std::vector<Kind> m_kinds; // wait, usage, query
    PastBuckets m_past;
    CulpritCard* m_culprits = nullptr;
    ChartCard* m_rate = nullptr;
    ChartCard* m_troubles = nullptr;
};

} // namespace widgets

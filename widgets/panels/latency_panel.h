// Latency: how long waiting, using and querying take. Three histograms, their percentiles over time, and how
// many.
#pragma once

#include "widgets/charts/histogram_feed.h"
#include "widgets/panels/chart_page.h"

#include <array>

namespace widgets {

class LatencyPanel final : public ChartPage {
    Q_OBJECT
public:
    explicit LatencyPanel(const PanelContext& context, QWidget* parent = nullptr);

protected:
    void showFigures(const metrics::Snapshot& snapshot) override;
    void retranslate() override;

private:
    struct Kind {
        Card* card = nullptr;
        HistogramChart* chart = nullptr;
        HistogramFeed feed;
        ChartCard* trend = nullptr;
        const char* view = "";
    };
    void buildHistograms();
    void buildTrends();
    void buildRates();

    std::vector<Kind> m_kinds; // wait, usage, query
    ChartCard* m_rate = nullptr;
    ChartCard* m_troubles = nullptr;
};

} // namespace widgets

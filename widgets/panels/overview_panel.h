// The Overview: is everything well, and if not, where to look. Pool strip, tiles, trends, histograms, alerts,
// host.
#pragma once

#include "widgets/charts/histogram_feed.h"
#include "widgets/charts/past_buckets.h"
#include "widgets/panels/chart_page.h"

#include <array>
#include <deque>

namespace widgets {

class VerdictBar;

class AlertList;
class PoolStrip;
class Tile;
struct TileState;

class OverviewPanel final : public ChartPage {
    Q_OBJECT
public:
    explicit OverviewPanel(const PanelContext& context, QWidget* parent = nullptr);

protected:
    void showFigures(const metrics::Snapshot& snapshot) override;
    void askPast() override;
    void retranslate() override;

private:
    struct Figure {
        Tile* tile;
        Feed feed;
        qint64 shownAt = 0; // ms since the epoch
    };
    struct Histogram {
        Card* card;
        HistogramChart* chart;
        HistogramFeed feed;
    };
    void buildPool();
    void buildTiles();
    void buildTrends();
    void buildHistograms();
    void buildHost();
    // Of ranges that memory does not hold (overview_past.cpp).
    void connectPast();
    void askTiles();
    [[nodiscard]] QString pastTilesSource();
    void showPastHistograms();
    void showPastTiles();
    void showHistogram(Histogram& histogram, const HistogramBars& bars);
    void showPool(const metrics::PoolView& pool, core::WallTime at);
    void showTiles(const metrics::Snapshot& snapshot);
    void showTile(std::size_t which, const metrics::Snapshot& snapshot, TileState state);
    void showHost(const metrics::Snapshot& snapshot);
    void showAlerts(const metrics::Snapshot& snapshot);

    Card* m_poolCard = nullptr;
    VerdictBar* m_verdict = nullptr; // there when something is wrong
    PoolStrip* m_strip = nullptr;
    std::vector<Figure> m_figures;
    std::deque<Histogram> m_histograms;
    PastBuckets m_pastBuckets;
    PastLoader m_pastTiles;
    bool m_travelled = false; // the tiles show a past range
    QString m_liveSource;     // of the tiles while they are live
    Card* m_alertCard = nullptr;
    AlertList* m_alerts = nullptr;
    ChartCard* m_usage = nullptr;
    ChartCard* m_connections = nullptr;
    std::array<ChartCard*, 5> m_host{};
};

} // namespace widgets

// What the panels made of charts share: a page that scrolls, one group of charts, life only while visible.
#pragma once

#include "widgets/charts/chart_card.h"
#include "widgets/charts/chart_group.h"
#include "widgets/panels/panel.h"

#include <QVBoxLayout>

#include <functional>
#include <vector>

namespace widgets {

class HistogramChart;
class PastBuckets;
struct HistogramBars;

// One chart of a panel: what it is called, what it draws, where it comes from. The spec is made anew when the
// language changes.
struct ChartRow {
    std::function<ChartSpec()> spec;
    std::vector<Feed> feeds;
    std::string metric = {}; // whose rules give the thresholds
};

class ChartPage : public Panel {
    Q_OBJECT
public:
    explicit ChartPage(const PanelContext& context, QWidget* parent = nullptr);

    void showSnapshot(const metrics::SnapshotPtr& snapshot) final;
    void setTimeRange(const TimeRange& range) final;

protected:
    // Everything but the charts: tiles, notes, tables. Not called while paused.
    virtual void showFigures(const metrics::Snapshot& snapshot) = 0;
    // The page is shown, or its range became another: what is asked of the history is asked now.
    virtual void askPast() {}
    // All texts in the present language; the charts' own are done here.
    virtual void retranslate() = 0;

    // The page's column; rows of cards are added to it.
    [[nodiscard]] QVBoxLayout* column() const noexcept { return m_column; }
    // A card with a chart that is fed from now on.
    ChartCard* addChart(ChartRow row);
    // The bars, in the head of their card how many, beside them where they are from, which is returned: `past` of ranges
    // that memory does not hold.
    QString showBars(Card& card, HistogramChart& chart, const HistogramBars& bars, const PastBuckets& past);
    [[nodiscard]] ChartFeeder* feederOf(const ChartCard* card) const;
    [[nodiscard]] ChartGroup& group() noexcept { return *m_group; }
    [[nodiscard]] const metrics::Snapshot* last() const noexcept { return m_last.get(); }

    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void moveThreshold(const Threshold& threshold, double value);

    struct Entry {
        ChartCard* card;
        ChartFeeder* feeder;
        std::function<ChartSpec()> spec;
    };
    ChartGroup* m_group;
    QVBoxLayout* m_column = nullptr;
    std::vector<Entry> m_charts;
    metrics::SnapshotPtr m_last;
};

} // namespace widgets

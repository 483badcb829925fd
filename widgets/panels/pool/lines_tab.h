// The life-line of every place.
#pragma once

#include "widgets/panels/pool/pool_tab.h"

class QLabel;

namespace widgets {

class LaneView;

class LinesTab final : public PoolTab {
    Q_OBJECT
public:
    explicit LinesTab(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;
    void setTimeRange(const TimeRange& range) override;

protected:
    void retranslate() override;

private:
    void place();

    LaneView* m_view;
    QWidget* m_legend;
    QLabel* m_limit; // what is not kept
    metrics::SnapshotPtr m_snapshot;
    TimeRange m_range;
};

} // namespace widgets

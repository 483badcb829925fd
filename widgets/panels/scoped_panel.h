// A panel that shows the own pool, and in its place charts of other people's while these are chosen, or why there are none.
#pragma once

#include "widgets/panels/panel.h"
#include "widgets/panels/target_charts.h"

class QStackedLayout;

namespace widgets {

class ScopedPanel final : public Panel {
    Q_OBJECT
public:
    // Takes `own`. context.scope may be null: then it is `own` and nothing else.
    ScopedPanel(const PanelContext& context, Panel* own, TargetFace face, QWidget* parent = nullptr);

    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;
    void setTimeRange(const TimeRange& range) override;
    // Of the own pool, which is shown then.
    void showHint(const QString& hint) override;
    [[nodiscard]] QByteArray state() const override { return m_own->state(); }
    void restoreState(const QByteArray& state) override { m_own->restoreState(state); }

private:
    void choose();
    [[nodiscard]] Panel* makeOthers();
    void connectPanel(const Panel* panel);

    const TargetFace m_face;
    QStackedLayout* m_stack;
    Panel* m_own;
    Panel* m_others = nullptr; // made when first wanted
    TimeRange m_range;
    metrics::SnapshotPtr m_last;
};

} // namespace widgets

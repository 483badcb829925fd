// In the place of a panel that is of this program alone, while other people's pools are shown: what cannot be
// shown of these, why, and the way back.
#pragma once

#include "widgets/panels/panel.h"
#include "widgets/panels/target_charts.h"

class QLabel;
class QPushButton;

namespace widgets {

class OwnOnly final : public Panel {
    Q_OBJECT
public:
    // `face`: one of those that have no charts. `scope` outlives it.
    OwnOnly(const PanelContext& context, TargetFace face, TargetScope& scope, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override { Q_UNUSED(snapshot) }

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    const TargetFace m_face;
    TargetScope& m_scope;
    QLabel* m_title;
    QLabel* m_reason;
    QPushButton* m_own;
};

} // namespace widgets

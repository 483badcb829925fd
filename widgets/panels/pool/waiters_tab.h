// Who waits, in the order of being served.
#pragma once

#include "models/waiter_model.h"
#include "widgets/panels/pool/pool_tab.h"

class QLabel;

namespace widgets {

class TableView;

class WaitersTab final : public PoolTab {
    Q_OBJECT
public:
    explicit WaitersTab(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;

protected:
    void retranslate() override;

private:
    void showNote();

    models::WaiterModel m_model;
    TableView* m_view;
    QLabel* m_note;
    int m_waiting = 0;
};

} // namespace widgets

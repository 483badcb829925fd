// The requests that got nothing, and what the pool looked like at that moment: who held, who waited, why.
#pragma once

#include "models/autopsy_model.h"
#include "models/slot_model.h"
#include "models/sort_proxy.h"
#include "models/waiter_model.h"
#include "widgets/panels/pool/pool_tab.h"

class QLabel;

namespace widgets {

class Card;
class TableView;

class AutopsiesTab final : public PoolTab {
    Q_OBJECT
public:
    explicit AutopsiesTab(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;

protected:
    void retranslate() override;

private:
    [[nodiscard]] QWidget* buildDetails();
    void choose();
    void showChosen();

    models::AutopsyModel m_model;
    models::SlotModel m_holders{models::SlotModel::View::Holders};
    models::SortProxy m_holderOrder;
    models::WaiterModel m_waiters;
    models::AutopsyRowPtr m_chosen;
    TableView* m_list;
    QLabel* m_verdict = nullptr;
    Card* m_holderCard = nullptr;
    Card* m_waiterCard = nullptr;
    TableView* m_holderView = nullptr;
    TableView* m_waiterView = nullptr;
};

} // namespace widgets

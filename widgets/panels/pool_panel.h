// The pool from near: every place, who holds it, who waits, what can be done about it, and the settings.
#pragma once

#include "models/slot_model.h"
#include "models/sort_proxy.h"
#include "models/waiter_model.h"
#include "widgets/panels/panel.h"
#include "widgets/table_view.h"

#include <optional>

class QBoxLayout;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace widgets {

class Card;
class PoolSettings;

class PoolPanel final : public Panel {
    Q_OBJECT
public:
    explicit PoolPanel(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;
    // The number of a slot: selects it.
    void showHint(const QString& hint) override;

protected:
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] QWidget* buildControls();
    [[nodiscard]] QWidget* buildConnections();
    [[nodiscard]] QWidget* buildWaiters();
    void buildRowActions(QBoxLayout& row);
    void chooseView(int index);
    [[nodiscard]] TableView* view() const;
    [[nodiscard]] std::optional<metrics::SlotRow> chosenSlot() const;
    void updateRowActions();
    void showPool(const metrics::PoolView& pool);
    void suspend(bool failNewRequests);
    void drain();
    void cancelStatement();
    void recycle();
    void terminate();
    void retranslate();

    models::SlotModel m_slots{models::SlotModel::View::Slots};
    models::SlotModel m_holders{models::SlotModel::View::Holders};
    models::WaiterModel m_waiters;
    models::SortProxy m_slotOrder, m_holderOrder, m_waiterOrder;
    metrics::SnapshotPtr m_snapshot;

    QLabel* m_state = nullptr;
    QLabel* m_numbers = nullptr;
    QPushButton* m_suspend = nullptr;
    QMenu* m_suspendMenu = nullptr;
    QAction* m_suspendHold = nullptr;
    QAction* m_suspendFail = nullptr;
    QPushButton* m_resume = nullptr;
    QPushButton* m_drain = nullptr;
    Card* m_connections = nullptr;
    Card* m_queue = nullptr;
    QToolButton* m_allTab = nullptr;
    QToolButton* m_holdersTab = nullptr;
    QStackedWidget* m_stack = nullptr;
    TableView* m_slotView = nullptr;
    TableView* m_holderView = nullptr;
    TableView* m_waiterView = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_recycle = nullptr;
    QPushButton* m_terminate = nullptr;
    PoolSettings* m_settings = nullptr;
};

} // namespace widgets

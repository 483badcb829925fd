// The places of the pool, all of them or those that are held, and what can be done with the chosen one.
#pragma once

#include "models/slot_model.h"
#include "models/sort_proxy.h"
#include "widgets/panels/pool/pool_tab.h"

#include <optional>

class QBoxLayout;
class QPushButton;

namespace widgets {

class TableView;

class SlotsTab : public PoolTab {
    Q_OBJECT
public:
    explicit SlotsTab(const PanelContext& context, QWidget* parent = nullptr)
        : SlotsTab(models::SlotModel::View::Slots, context, parent)
    {
    }
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;
    bool showHint(const QString& hint) override;

protected:
    SlotsTab(models::SlotModel::View view, const PanelContext& context, QWidget* parent);
    void retranslate() override;

private:
    void buildActions(QBoxLayout& row);
    [[nodiscard]] std::optional<metrics::SlotRow> chosenSlot() const;
    void updateActions();
    void cancelStatement();
    void recycle();
    void terminate();

    const models::SlotModel::View m_kind;
    models::SlotModel m_model;
    models::SortProxy m_order;
    metrics::SnapshotPtr m_snapshot;
    TableView* m_view;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_recycle = nullptr;
    QPushButton* m_terminate = nullptr;
};

class HoldersTab final : public SlotsTab {
    Q_OBJECT
public:
    explicit HoldersTab(const PanelContext& context, QWidget* parent = nullptr)
        : SlotsTab(models::SlotModel::View::Holders, context, parent)
    {
    }
};

} // namespace widgets

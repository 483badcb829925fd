// Other people's pools in one table: the worst first, with the last minute's usage of each.
#pragma once

#include "models/sort_proxy.h"
#include "models/target_model.h"
#include "widgets/panels/panel.h"
#include "widgets/table_view.h"

class QComboBox;
class QLineEdit;

namespace widgets {

class Card;

class TargetsPanel final : public Panel {
    Q_OBJECT
public:
    explicit TargetsPanel(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildHead();
    void buildTable();
    void showGroups(const std::vector<models::TargetRow>& rows);
    void showCounts(const std::vector<models::TargetRow>& rows);
    void addWaits(std::vector<models::TargetRow>& rows, core::WallTime at) const;
    void retranslate();

    models::TargetModel m_model;
    models::SortProxy m_order;
    metrics::SnapshotPtr m_snapshot;
    Card* m_card;
    QComboBox* m_group;
    QLineEdit* m_needle;
    TableView* m_view;
};

} // namespace widgets

// The rules: how near each is to its threshold, and what can be done with it.
#pragma once

#include "models/rule_model.h"
#include "models/sort_proxy.h"
#include "widgets/dialogs/rule_dialog.h"
#include "widgets/panels/panel.h"
#include "widgets/table_view.h"

#include <QPointer>

#include <array>
#include <vector>

class QAction;
class QHBoxLayout;
class QLabel;
class QPushButton;

namespace widgets {

// Main thread only.
class RulesPage final : public QWidget {
    Q_OBJECT
public:
    explicit RulesPage(const PanelContext& context, QWidget* parent = nullptr);
    void show(const std::vector<metrics::RuleRow>& rows);
    using QWidget::show;
    // One more thing to do with rules, at the end of the row.
    void addButton(QPushButton* button);
    [[nodiscard]] int count() const { return m_model.rowCount(); }

Q_SIGNALS:
    void notice(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] QWidget* buildButtons();
    [[nodiscard]] const metrics::RuleRow* chosen() const;
    [[nodiscard]] const AlertCommands* commands() const;
    void add();
    void change();
    void duplicate();
    void switchChosen();
    void resetChosen();
    void buildOwners();
    void give(metrics::RuleOwner owner);
    void removeChosen();
    void openDialog(metrics::RuleEdit edit, RuleDialog::Name name);
    void send(metrics::RuleEdit::Kind kind, const metrics::RuleRow& row);
    void showButtons();
    void retranslate();

    const PanelContext m_context;
    models::RuleModel m_model;
    models::SortProxy m_order;
    TableView* m_view;
    QPushButton* m_add = nullptr;
    QPushButton* m_change = nullptr;
    QPushButton* m_duplicate = nullptr;
    QPushButton* m_switch = nullptr;
    QPushButton* m_reset = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_undo = nullptr;
    QHBoxLayout* m_buttons = nullptr;
    std::array<QAction*, 3> m_owners{}; // in the order of metrics::RuleOwner
    QLabel* m_differences = nullptr;    // of the chosen shadow
    QPointer<RuleDialog> m_dialog;
};

} // namespace widgets

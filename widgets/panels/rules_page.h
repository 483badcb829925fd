// The rules: how near each is to its threshold, and what can be done with it.
#pragma once

#include "models/rule_model.h"
#include "models/sort_proxy.h"
#include "widgets/dialogs/rule_dialog.h"
#include "widgets/panels/panel.h"
#include "widgets/table_view.h"

#include <QPointer>

#include <vector>

class QPushButton;

namespace widgets {

// Main thread only.
class RulesPage final : public QWidget {
    Q_OBJECT
public:
    explicit RulesPage(const PanelContext& context, QWidget* parent = nullptr);
    void show(const std::vector<metrics::RuleRow>& rows);
    using QWidget::show;
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
    QPointer<RuleDialog> m_dialog;
};

} // namespace widgets

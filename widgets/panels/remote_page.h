// What Prometheus-compatible servers watch themselves: their rules, and what fires or is pending there.
#pragma once

#include "models/remote_models.h"
#include "models/sort_proxy.h"
#include "widgets/remote_commands.h"
#include "widgets/table_view.h"

#include <QWidget>

#include <array>

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace widgets {

// "central: no answer since 12:00:03 (connection refused); what is shown is of 11:59:58", one text a server
// that is away or does not tell all; empty when all is well.
[[nodiscard]] QString troubleOf(const metrics::RemoteView& view);

class RemotePage final : public QWidget {
    Q_OBJECT
public:
    // `commands` may be null; it outlives the page.
    explicit RemotePage(const RemoteCommands* commands, QWidget* parent = nullptr);
    void refresh();
    [[nodiscard]] bool isWatched() const { return !m_view.empty(); } // some server is configured
    // Alerts that fire there; -1: nobody can say, for no server answers.
    [[nodiscard]] int firing() const;

Q_SIGNALS:
    void notice(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    enum Shown { Alerts, Rules, kTables };

    [[nodiscard]] QWidget* buildHead();
    void buildTable(Shown which, const QString& name, QAbstractItemModel& model,
                    const std::vector<int>& widths);
    void showHealth();
    void retranslate();

    const RemoteCommands* m_commands;
    metrics::RemoteView m_view;
    models::RemoteAlertModel m_alerts;
    models::RemoteRuleModel m_rules;
    std::array<models::SortProxy, kTables> m_orders;
    std::array<TableView*, kTables> m_tables{};
    std::array<QToolButton*, kTables> m_tabs{};
    QStackedWidget* m_stack;
    QLineEdit* m_needle;
    QLabel* m_health;
    QPushButton* m_look;
};

} // namespace widgets

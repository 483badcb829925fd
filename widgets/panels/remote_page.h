// What Prometheus-compatible servers watch themselves: their rules, and what fires or is pending there.
#pragma once

#include "models/remote_models.h"
#include "widgets/panels/segmented_tables.h"
#include "widgets/remote_commands.h"

#include <QWidget>

class QLineEdit;
class QPushButton;

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
    enum Shown { Alerts, Rules };

    void buildTools();
    void showHealth();
    void retranslate();

    const RemoteCommands* m_commands;
    metrics::RemoteView m_view;
    models::RemoteAlertModel m_alerts;
    models::RemoteRuleModel m_rules;
    SegmentedTables* m_tables;
    QLineEdit* m_needle;
    QPushButton* m_look;
};

} // namespace widgets

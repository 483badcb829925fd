// Targets as Prometheus-compatible servers see them.
#pragma once

#include "models/remote_models.h"
#include "models/sort_proxy.h"
#include "widgets/remote_commands.h"
#include "widgets/table_view.h"

#include <QWidget>

class QAction;
class QLabel;

namespace widgets {

class RemoteTargets final : public QWidget {
    Q_OBJECT
public:
    // `commands` may be null; it outlives this.
    explicit RemoteTargets(const RemoteCommands* commands, QWidget* parent = nullptr);
    void refresh();
    void setNeedle(const QString& needle) { m_order.setNeedle(needle); }
    [[nodiscard]] bool isWatched() const { return !m_view.empty(); } // some server is configured
    [[nodiscard]] int count() const { return m_model.rowCount(); }
    [[nodiscard]] int down() const;

Q_SIGNALS:
    void notice(const QString& text);
    // This one is to be watched from here, too.
    void watchAsked(const QString& url);

protected:
    void changeEvent(QEvent* event) override;

private:
    void showHealth();
    void retranslate();

    const RemoteCommands* m_commands;
    metrics::RemoteView m_view;
    models::RemoteTargetModel m_model;
    models::SortProxy m_order;
    QLabel* m_health;
    TableView* m_table;
    QAction* m_watch;
};

} // namespace widgets

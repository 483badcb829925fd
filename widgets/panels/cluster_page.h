// Other people's Alertmanagers: what fires there, what is silenced, how each peer is; silenced and
// acknowledged from here.
#pragma once

#include "models/cluster_models.h"
#include "models/sort_proxy.h"
#include "widgets/cluster_commands.h"
#include "widgets/table_view.h"

#include <QWidget>

#include <array>

class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace widgets {

class ClusterPage final : public QWidget {
    Q_OBJECT
public:
    // `commands` may be null; it outlives the page.
    explicit ClusterPage(const ClusterCommands* commands, QWidget* parent = nullptr);
    void refresh();
    [[nodiscard]] bool isWatched() const { return m_view != nullptr; } // some Alertmanager is configured
    // Alerts that nobody has hushed; -1: nobody can say, for no peer answers.
    [[nodiscard]] int open() const;

Q_SIGNALS:
    void notice(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    enum Shown { Alerts, Silences, Peers, kTables };

    [[nodiscard]] QWidget* buildHead();
    void buildTable(Shown which, const QString& name, QAbstractItemModel& model,
                    const std::vector<int>& widths);
    [[nodiscard]] const metrics::ClusterAlert* chosenAlert() const;
    [[nodiscard]] const metrics::ClusterSilence* chosenSilence() const;
    void acknowledge();
    void silence();
    void end();
    void showButtons();
    void showHealth();
    void retranslate();

    const ClusterCommands* m_commands;
    metrics::ClusterViewPtr m_view;
    models::ClusterAlertModel m_alerts;
    models::ClusterSilenceModel m_silences;
    models::ClusterPeerModel m_peers;
    std::array<models::SortProxy, kTables> m_orders;
    std::array<TableView*, kTables> m_tables{};
    std::array<QToolButton*, kTables> m_tabs{};
    QStackedWidget* m_stack;
    QLabel* m_health;
    QPushButton* m_ack;
    QPushButton* m_silence;
    QPushButton* m_end;
    QPushButton* m_look;
};

} // namespace widgets

// Other people's Alertmanagers: what fires there, what is silenced, how each peer is; silenced and
// acknowledged from here.
#pragma once

#include "models/cluster_models.h"
#include "widgets/cluster_commands.h"
#include "widgets/panels/segmented_tables.h"

#include <QWidget>

class QPushButton;

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
    enum Shown { Alerts, Silences, Peers };

    void buildTables();
    void buildTools();
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
    SegmentedTables* m_tables;
    QPushButton* m_ack;
    QPushButton* m_silence;
    QPushButton* m_end;
    QPushButton* m_look;
};

} // namespace widgets

// Active alerts with what they mean, and the rules with how near each is to its threshold.
#pragma once

#include "models/alert_model.h"
#include "models/sort_proxy.h"
#include "models/source_model.h"
#include "widgets/panels/panel.h"
#include "widgets/table_view.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace widgets {

class Card;
class ChannelsView;
class ClusterPage;
class HistoryPage;
class RemotePage;
class RulesPage;
class SilencesPage;

class AlertsPanel final : public Panel {
    Q_OBJECT
public:
    explicit AlertsPanel(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;
    // The name of an alert: selects it.
    void showHint(const QString& hint) override;

protected:
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] QWidget* buildAlerts();
    [[nodiscard]] QWidget* buildDetail();
    [[nodiscard]] QWidget* buildActions();
    [[nodiscard]] QWidget* buildRules();
    void buildTabs();
    void buildRuleButtons();
    void askForRules();
    void askForRuleFolder();
    void showReport(const QStringList& lines);
    [[nodiscard]] const AlertCommands* alertCommands() const;
    [[nodiscard]] const ClusterCommands* clusterCommands() const;
    void sayWhoTells(const metrics::AlertRow& row); // why nothing can be said about it from here
    [[nodiscard]] const metrics::AlertRow* chosen() const;
    void acknowledgeChosen();
    void snoozeChosen();
    void silenceChosen();
    // Of the targets that are shown; all of them while that is the own pool.
    [[nodiscard]] std::vector<metrics::AlertRow> ofScope(std::vector<metrics::AlertRow> rows) const;
    [[nodiscard]] QString scopeNames() const; // empty: the own pool
    void showCounts();
    void showDetail();
    void retranslate();

    models::AlertModel m_alerts;
    models::SourceModel m_sources;
    models::SortProxy m_alertOrder, m_sourceOrder;
    metrics::SnapshotPtr m_snapshot;
    QString m_pendingHint; // an alert that is not there yet

    Card* m_active = nullptr;
    TableView* m_alertView = nullptr;
    QFrame* m_detail = nullptr;
    QLabel* m_detailTitle = nullptr;
    QLabel* m_detailText = nullptr;
    QLabel* m_detailLabels = nullptr;
    Card* m_below = nullptr;
    QPushButton* m_ack = nullptr;
    QPushButton* m_snooze = nullptr;
    QPushButton* m_silence = nullptr;
    QToolButton* m_ruleTab = nullptr;
    QToolButton* m_historyTab = nullptr;
    QToolButton* m_silenceTab = nullptr;
    QToolButton* m_sourceTab = nullptr;
    QToolButton* m_channelTab = nullptr;
    QToolButton* m_clusterTab = nullptr;
    QToolButton* m_remoteTab = nullptr;
    ClusterPage* m_cluster = nullptr;
    RemotePage* m_remote = nullptr;
    ChannelsView* m_channels = nullptr;
    HistoryPage* m_history = nullptr;
    SilencesPage* m_silences = nullptr;
    QStackedWidget* m_stack = nullptr;
    RulesPage* m_rules = nullptr;
    TableView* m_sourceView = nullptr;
    QPushButton* m_reload = nullptr;
    QPushButton* m_importRules = nullptr;
    QPushButton* m_exportRules = nullptr;
};

} // namespace widgets

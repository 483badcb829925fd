#include "widgets/panels/alerts_panel.h"

#include "models/text.h"
#include "models/zone.h"
#include "monitor/metrics/label_of.h"
#include "widgets/card.h"
#include "widgets/channels_view.h"
#include "widgets/health.h"
#include "widgets/panels/cluster_page.h"
#include "widgets/panels/history_page.h"
#include "widgets/panels/remote_page.h"
#include "widgets/panels/rules_page.h"
#include "widgets/panels/silences_page.h"
#include "widgets/target_scope.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QEvent>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

namespace widgets {

namespace {

QString labelText(const metrics::Labels& labels)
{
    QStringList parts;
    for (const auto& [name, value] : labels) {
        parts += models::text(name) + QStringLiteral("=\"") + models::text(value) + QLatin1Char('"');
    }
    return parts.join(QStringLiteral("  "));
}

// What lies beside the state: who has seen it, why nobody is told.
QStringList flagsText(const metrics::AlertRow& row)
{
    const auto& zone = models::Zone::of();
    QStringList flags;
    if (!row.ackedBy.empty()) {
        flags << AlertsPanel::tr("✓ acknowledged by %1 at %2: %3")
                     .arg(models::text(row.ackedBy), zone.full(row.ackedAt), models::text(row.ackNote));
    }
    if (row.snoozedUntil != core::WallTime{}) {
        flags << AlertsPanel::tr("snoozed until %1").arg(zone.full(row.snoozedUntil));
    }
    if (!row.silencedBy.empty()) {
        flags << AlertsPanel::tr("silenced");
    } else if (!row.lastSilence.empty()) {
        flags << AlertsPanel::tr("was silenced before: %1").arg(models::text(row.lastSilence));
    }
    if (!row.source.empty()) {
        flags << AlertsPanel::tr("told by %1, not from here").arg(models::text(row.source));
    } else if (row.quiet && row.owner == metrics::RuleOwner::Shadow) {
        flags << AlertsPanel::tr("a shadow: compared with Prometheus, never told");
    } else if (row.quiet && row.incidentId.empty()) {
        flags << AlertsPanel::tr("its Prometheus cannot be seen to watch it; not yet told from here");
    } else if (row.quiet) {
        flags << AlertsPanel::tr(
            "Prometheus owns it: of what was told from here the end is told, nothing else");
    } else if (row.owner == metrics::RuleOwner::Prometheus) {
        flags << AlertsPanel::tr("told from here, for its Prometheus does not watch it");
    }
    if (row.flapping) {
        flags << AlertsPanel::tr("flapping: comes and goes");
    }
    if (row.overlay == metrics::Overlay::NoData) {
        flags << AlertsPanel::tr("no data: the state is the last one known");
    } else if (row.overlay == metrics::Overlay::Error) {
        flags << AlertsPanel::tr("the rule cannot be evaluated: the state is the last one known");
    }
    return flags;
}

} // namespace

AlertsPanel::AlertsPanel(const PanelContext& context, QWidget* parent)
    : Panel(context, parent)
{
    m_alertOrder.setSourceModel(&m_alerts);
    m_sourceOrder.setSourceModel(&m_sources);
    auto* split = new QSplitter(Qt::Vertical, this);
    split->addWidget(buildAlerts());
    split->addWidget(buildRules());
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setChildrenCollapsible(false);
    split->setHandleWidth(space::kMedium);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kMedium, space::kLarge, space::kMedium);
    layout->addWidget(split);
    if (context.scope != nullptr) {
        connect(context.scope, &TargetScope::changed, this, [this] {
            retranslate();
            if (m_snapshot) {
                showSnapshot(m_snapshot);
            }
        });
    }
    retranslate();
}

QString AlertsPanel::scopeNames() const
{
    return context().scope == nullptr ? QString() : context().scope->chosen().join(QStringLiteral(", "));
}

std::vector<metrics::AlertRow> AlertsPanel::ofScope(std::vector<metrics::AlertRow> rows) const
{
    if (!scopeNames().isEmpty()) {
        std::erase_if(rows, [this](const metrics::AlertRow& row) {
            const std::string target(metrics::labelOf(row.labels, "target"));
            return !context().scope->chosen().contains(models::text(target));
        });
    }
    return rows;
}

QWidget* AlertsPanel::buildAlerts()
{
    m_active = new Card(this);
    m_alertView = new TableView(QStringLiteral("alerts"), m_active);
    m_alertView->setModel(&m_alertOrder);
    m_alertView->setSelectionMode(QAbstractItemView::SingleSelection);
    m_alertView->setSortingEnabled(true);
    m_alertView->sortByColumn(0, Qt::AscendingOrder);
    m_alertView->setColumnWidths({150, 170, 84, 84, 76, 76, 110});
    connect(m_alertView, &TableView::notice, this, &AlertsPanel::toast);
    connect(m_alertView->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &AlertsPanel::showDetail);
    m_active->body()->addWidget(m_alertView, 1);
    m_active->body()->addWidget(buildDetail());
    return m_active;
}

QWidget* AlertsPanel::buildDetail()
{
    m_detail = new QFrame(m_active);
    m_detail->setProperty("role", QStringLiteral("detail"));
    m_detailTitle = new QLabel(m_detail);
    m_detailTitle->setProperty("role", QStringLiteral("title"));
    m_detailText = new QLabel(m_detail);
    m_detailLabels = new QLabel(m_detail);
    m_detailLabels->setProperty("role", QStringLiteral("muted"));
    for (QLabel* label : {m_detailTitle, m_detailText, m_detailLabels}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto* layout = new QVBoxLayout(m_detail);
    layout->setContentsMargins(space::kLarge, space::kMedium, space::kLarge, space::kMedium);
    layout->setSpacing(space::kTiny);
    layout->addWidget(m_detailTitle);
    layout->addWidget(m_detailText);
    layout->addWidget(m_detailLabels);
    layout->addWidget(buildActions());
    m_detail->hide();
    return m_detail;
}

void AlertsPanel::buildTabs()
{
    m_history = new HistoryPage(alertCommands(), m_below);
    m_silences = new SilencesPage(alertCommands(), m_below);
    connect(m_history, &HistoryPage::notice, this, &AlertsPanel::toast);
    connect(m_silences, &SilencesPage::notice, this, &AlertsPanel::toast);
    connect(m_history, &HistoryPage::travelAsked, this, &AlertsPanel::travelAsked);
    for (QWidget* page : {static_cast<QWidget*>(m_rules), static_cast<QWidget*>(m_history),
                          static_cast<QWidget*>(m_silences), static_cast<QWidget*>(m_sourceView)}) {
        m_stack->addWidget(page);
    }
}

QWidget* AlertsPanel::buildRules()
{
    m_below = new Card(this);
    m_ruleTab = new QToolButton(m_below);
    m_historyTab = new QToolButton(m_below);
    m_silenceTab = new QToolButton(m_below);
    m_sourceTab = new QToolButton(m_below);
    m_channelTab = new QToolButton(m_below);
    m_clusterTab = new QToolButton(m_below);
    m_remoteTab = new QToolButton(m_below);
    m_ruleTab->setObjectName(QStringLiteral("alerts.rules"));
    m_remoteTab->setObjectName(QStringLiteral("alerts.remote"));
    m_clusterTab->setObjectName(QStringLiteral("alerts.cluster"));
    m_channelTab->setObjectName(QStringLiteral("alerts.channels"));
    m_historyTab->setObjectName(QStringLiteral("alerts.history"));
    m_silenceTab->setObjectName(QStringLiteral("alerts.silences"));
    m_reload = new QPushButton(m_below);
    m_reload->setObjectName(QStringLiteral("alerts.reload"));
    auto* group = new QButtonGroup(m_below);
    m_stack = new QStackedWidget(m_below);
    int id = 0;
    for (QToolButton* tab :
         {m_ruleTab, m_historyTab, m_silenceTab, m_sourceTab, m_channelTab, m_clusterTab, m_remoteTab}) {
        tab->setProperty("kind", QStringLiteral("segment"));
        tab->setCheckable(true);
        group->addButton(tab, id++);
        m_below->head()->addWidget(tab);
    }
    m_ruleTab->setChecked(true);
    connect(group, &QButtonGroup::idClicked, this, [this](int page) {
        m_stack->setCurrentIndex(page);
        m_history->refresh();
    });
    connect(m_reload, &QPushButton::clicked, this, [this] {
        if (this->context().commands && this->context().commands->reloadRules) {
            this->context().commands->reloadRules();
        }
    });
    m_rules = new RulesPage(this->context(), m_below);
    connect(m_rules, &RulesPage::notice, this, &AlertsPanel::toast);
    buildRuleButtons();
    m_rules->addButton(m_reload);
    m_sourceView = new TableView(QStringLiteral("sources"), m_below);
    m_sourceView->setModel(&m_sourceOrder);
    m_sourceView->setColumnWidths({130, 150, 84, 84});
    m_sourceView->setSortingEnabled(true);
    m_sourceView->sortByColumn(0, Qt::AscendingOrder);
    connect(m_sourceView, &TableView::notice, this, &AlertsPanel::toast);
    buildTabs();
    static const ChannelCommands kNone;
    m_channels =
        new ChannelsView(this->context().commands ? this->context().commands->channels : kNone, m_below);
    connect(m_channels, &ChannelsView::toast, this, &AlertsPanel::toast);
    m_stack->addWidget(m_channels);
    m_cluster =
        new ClusterPage(this->context().commands ? &this->context().commands->cluster : nullptr, m_below);
    connect(m_cluster, &ClusterPage::notice, this, &AlertsPanel::toast);
    m_stack->addWidget(m_cluster);
    m_remote =
        new RemotePage(this->context().commands ? &this->context().commands->remote : nullptr, m_below);
    connect(m_remote, &RemotePage::notice, this, &AlertsPanel::toast);
    m_stack->addWidget(m_remote);
    m_below->body()->addWidget(m_stack, 1);
    return m_below;
}

void AlertsPanel::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    m_alerts.merge(ofScope(shownAlerts(*snapshot, Shadows::Too)));
    m_rules->show(snapshot->rules);
    m_sources.merge(snapshot->sources);
    m_channels->show(snapshot->channels);
    m_cluster->refresh();
    m_remote->refresh();
    if (m_stack->currentWidget() == m_history) {
        m_history->refresh();
    }
    m_silences->refresh();
    showCounts();
    if (!m_pendingHint.isEmpty()) {
        showHint(m_pendingHint);
    }
    showDetail();
}

void AlertsPanel::showCounts()
{
    const AlertCounts counts = m_snapshot ? countAlerts(ofScope(shownAlerts(*m_snapshot))) : AlertCounts{};
    QString note = tr("%1 firing · %2 covered · %3 pending · %4 resolved in the last 15 min")
                       .arg(counts.firing)
                       .arg(counts.covered)
                       .arg(counts.pending)
                       .arg(counts.resolved);
    if (const QString names = scopeNames(); m_snapshot && !names.isEmpty()) {
        note = tr("only of %1, not %2 of others")
                   .arg(names)
                   .arg(static_cast<qsizetype>(shownAlerts(*m_snapshot, Shadows::Too).size()) -
                        m_alerts.rowCount()) +
               QStringLiteral(" · ") + note;
    }
    m_active->setNote(note);
    m_ruleTab->setText(tr("Rules %1").arg(m_rules->count()));
    m_historyTab->setText(tr("History"));
    m_silenceTab->setText(m_silences->active() > 0 ? tr("Silences %1").arg(m_silences->active())
                                                   : tr("Silences"));
    m_sourceTab->setText(tr("Sources %1").arg(m_sources.rowCount()));
    m_channelTab->setText(tr("Notifications %1").arg(m_channels->count()));
    m_clusterTab->setText(!m_cluster->isWatched() ? tr("Cluster")
                          : m_cluster->open() < 0 ? tr("Cluster ?")
                                                  : tr("Cluster %1").arg(m_cluster->open()));
    m_remoteTab->setText(!m_remote->isWatched()   ? tr("Prometheus")
                         : m_remote->firing() < 0 ? tr("Prometheus ?")
                                                  : tr("Prometheus %1").arg(m_remote->firing()));
}

void AlertsPanel::showDetail()
{
    const QModelIndexList rows = m_alertView->selectionModel()->selectedRows();
    m_detail->setVisible(!rows.isEmpty());
    if (rows.isEmpty()) {
        return;
    }
    const metrics::AlertRow& row = m_alerts.at(m_alertOrder.mapToSource(rows.first()).row());
    const auto& zone = models::Zone::of();
    QString title = models::text(row.summary.empty() ? row.name : row.summary) + QStringLiteral("  ·  ") +
                    tr("since %1").arg(zone.full(row.activeSince));
    if (row.state == metrics::AlertState::Resolved) {
        title += QStringLiteral("  ·  ") + tr("resolved %1").arg(zone.full(row.resolvedAt));
    }
    m_detailTitle->setText(title);
    QStringList said;
    if (!row.description.empty()) {
        said << models::text(row.description);
    }
    said << flagsText(row);
    m_detailText->setText(said.join(QLatin1Char('\n')));
    m_detailText->setVisible(!said.isEmpty());
    const bool open = metrics::isOpen(row.state);
    const bool there = !row.source.empty();
    const bool withdraws = there && !row.ackedBy.empty();
    m_ack->setEnabled(open && (there || (row.ackedBy.empty() && !row.quiet)));
    m_ack->setText(withdraws ? tr("Withdraw") : tr("Acknowledge …"));
    m_ack->setToolTip(withdraws ? tr("Ends the acknowledgement at every Alertmanager (A)") : tr("Acknowledge (A)"));
    m_snooze->setEnabled(open && !there && !row.quiet);
    m_silence->setEnabled(there || !row.quiet);
    m_detailLabels->setText(labelText(row.labels));
}

void AlertsPanel::showHint(const QString& hint)
{
    m_pendingHint = hint;
    const auto named = [&hint](const metrics::AlertRow& row) { return models::text(row.name) == hint; };
    const auto all = m_snapshot ? shownAlerts(*m_snapshot, Shadows::Too) : std::vector<metrics::AlertRow>();
    if (std::ranges::any_of(all, named) && std::ranges::none_of(ofScope(all), named)) {
        context().scope->chooseOwn(); // it is of somebody else
    }
    for (int row = 0; row < m_alertOrder.rowCount(); ++row) {
        if (m_alertOrder.index(row, 0).data(models::NameRole).toString() == hint) {
            m_pendingHint.clear();
            m_alertView->selectRow(row);
            m_alertView->scrollTo(m_alertOrder.index(row, 0));
            return;
        }
    }
}

void AlertsPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    Panel::changeEvent(event);
}

void AlertsPanel::retranslate()
{
    m_active->setTitle(tr("Active alerts"));
    m_below->setTitle(tr("Watched"));
    m_ack->setText(tr("Acknowledge …"));
    m_ack->setToolTip(tr("Acknowledge (A)"));
    m_snooze->setText(tr("Snooze"));
    m_snooze->setToolTip(tr("Snooze (S)"));
    m_silence->setText(tr("Silence …"));
    m_silence->setToolTip(tr("Silence (Shift+S)"));
    m_importRules->setText(tr("Import …"));
    m_importRules->setToolTip(
        tr("Takes a Prometheus rule file, or what it can of an Alertmanager's configuration"));
    m_exportRules->setText(tr("Export …"));
    m_exportRules->setToolTip(tr("Copies the rule files in use into a folder"));
    m_reload->setText(tr("Reload"));
    m_reload->setToolTip(tr("Reads the rule files again; a broken one keeps the old rules"));
    m_alertView->setEmptyText(
        scopeNames().isEmpty()
            ? tr("No alerts: nothing is pending, firing, or was resolved in the last 15 minutes.")
            : tr("No alerts of %1: nothing is pending, firing, or was resolved in the last 15 minutes.")
                  .arg(scopeNames()));
    m_alertView->setAccessibleName(tr("Active alerts"));
    m_sourceView->setEmptyText(tr("No source has reported yet."));
    m_sourceView->setAccessibleName(tr("Sources of metrics"));
    showCounts();
    if (!m_detail->isHidden()) {
        showDetail();
    }
}

} // namespace widgets

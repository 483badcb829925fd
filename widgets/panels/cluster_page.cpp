#include "widgets/panels/cluster_page.h"

#include "models/text.h"
#include "widgets/dialogs/alert_talk.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QEvent>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>

#include <chrono>

namespace widgets {

using metrics::ClusterAlert;
using metrics::ClusterPeer;
using metrics::ClusterSilence;

namespace {

int openAlerts(const metrics::ClusterView& view)
{
    int open = 0;
    for (const ClusterAlert& alert : view.alerts) {
        open += alert.state != ClusterAlert::State::Suppressed ? 1 : 0;
    }
    return open;
}

bool isAnybodyThere(const metrics::ClusterView& view)
{
    for (const ClusterPeer& peer : view.peers) {
        if (peer.state == ClusterPeer::State::Up) {
            return true;
        }
    }
    return false;
}

} // namespace

ClusterPage::ClusterPage(const ClusterCommands* commands, QWidget* parent)
    : QWidget(parent)
    , m_commands(commands)
    , m_stack(new QStackedWidget(this))
    , m_health(new QLabel(this))
    , m_ack(new QPushButton(this))
    , m_silence(new QPushButton(this))
    , m_end(new QPushButton(this))
    , m_look(new QPushButton(this))
{
    m_health->setObjectName(QStringLiteral("cluster.health"));
    m_health->setProperty("role", QStringLiteral("muted"));
    m_health->setTextFormat(Qt::PlainText);
    m_health->setSizePolicy(QSizePolicy::Ignored,
                            QSizePolicy::Preferred); // long reasons do not widen the window
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(buildHead());
    layout->addWidget(m_health);
    layout->addWidget(m_stack, 1);
    buildTable(Alerts, QStringLiteral("cluster.alerts"), m_alerts, {100, 150, 180, 160, 90, 130});
    buildTable(Silences, QStringLiteral("cluster.silences"), m_silences, {96, 300, 76, 150, 110, 200});
    buildTable(Peers, QStringLiteral("cluster.peers"), m_peers, {200, 100, 150, 80, 170, 76, 76});
    retranslate();
}

QWidget* ClusterPage::buildHead()
{
    auto* head = new QWidget(this);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    auto* group = new QButtonGroup(head);
    const char* const names[] = {"cluster.showAlerts", "cluster.showSilences", "cluster.showPeers"};
    for (int which = Alerts; which < kTables; ++which) {
        auto* tab = new QToolButton(head);
        tab->setObjectName(QString::fromLatin1(names[which]));
        tab->setProperty("kind", QStringLiteral("segment"));
        tab->setCheckable(true);
        group->addButton(tab, which);
        row->addWidget(tab);
        m_tabs[static_cast<std::size_t>(which)] = tab;
    }
    m_tabs[Alerts]->setChecked(true);
    row->addStretch(1);
    const auto button = [&](QPushButton* made, const char* name, void (ClusterPage::*act)()) {
        made->setObjectName(QString::fromLatin1(name));
        row->addWidget(made);
        connect(made, &QPushButton::clicked, this, act);
    };
    button(m_ack, "cluster.ack", &ClusterPage::acknowledge);
    button(m_silence, "cluster.silence", &ClusterPage::silence);
    button(m_end, "cluster.end", &ClusterPage::end);
    m_look->setObjectName(QStringLiteral("cluster.look"));
    row->addWidget(m_look);
    connect(m_look, &QPushButton::clicked, this, [this] {
        if (m_commands != nullptr && m_commands->refresh) {
            m_commands->refresh();
        }
    });
    connect(group, &QButtonGroup::idClicked, this, [this](int which) {
        m_stack->setCurrentIndex(which);
        showButtons();
    });
    return head;
}

void ClusterPage::buildTable(Shown which, const QString& name, QAbstractItemModel& model,
                             const std::vector<int>& widths)
{
    models::SortProxy& order = m_orders[which];
    order.setSourceModel(&model);
    auto* table = new TableView(name, this);
    table->setModel(&order);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setSortingEnabled(true);
    table->sortByColumn(0, Qt::AscendingOrder);
    table->setColumnWidths(widths);
    connect(table, &TableView::notice, this, &ClusterPage::notice);
    connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ClusterPage::showButtons);
    m_tables[which] = table;
    m_stack->addWidget(table);
}

void ClusterPage::refresh()
{
    const auto view = m_commands != nullptr && m_commands->view ? m_commands->view() : nullptr;
    if (view == m_view) {
        return; // of the same round
    }
    m_view = view;
    static const metrics::ClusterView kNone;
    const metrics::ClusterView& now = view ? *view : kNone;
    m_alerts.merge(now.alerts);
    m_silences.merge(now.silences);
    m_peers.merge(now.peers);
    showHealth();
    showButtons();
}

int ClusterPage::open() const
{
    return !m_view ? 0 : isAnybodyThere(*m_view) ? openAlerts(*m_view) : -1;
}

const ClusterAlert* ClusterPage::chosenAlert() const
{
    const QModelIndexList rows = m_tables[Alerts]->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : &m_alerts.at(m_orders[Alerts].mapToSource(rows.first()).row());
}

const ClusterSilence* ClusterPage::chosenSilence() const
{
    const QModelIndexList rows = m_tables[Silences]->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : &m_silences.at(m_orders[Silences].mapToSource(rows.first()).row());
}

void ClusterPage::acknowledge()
{
    if (const ClusterAlert* alert = chosenAlert()) {
        (void)askAcknowledgeThere(m_commands, alert->name, alert->labels, this);
    }
}

void ClusterPage::silence()
{
    const ClusterAlert* alert = m_stack->currentIndex() == Alerts ? chosenAlert() : nullptr;
    (void)askSilenceThere(m_commands, alert != nullptr ? alert->labels : metrics::Labels(), this);
}

void ClusterPage::end()
{
    if (const ClusterSilence* silence = chosenSilence();
        silence != nullptr && m_commands != nullptr && m_commands->expire) {
        m_commands->expire(models::text(silence->silence.id));
    }
}

void ClusterPage::showButtons()
{
    const bool can = m_view != nullptr && m_commands != nullptr && m_commands->silence;
    const int which = m_stack->currentIndex();
    m_ack->setVisible(which == Alerts);
    m_silence->setVisible(which != Peers);
    m_end->setVisible(which == Silences);
    const ClusterAlert* alert = chosenAlert();
    m_ack->setEnabled(can && alert != nullptr && alert->ackedBy.empty());
    m_silence->setEnabled(can);
    const ClusterSilence* silence = chosenSilence();
    m_end->setEnabled(can && silence != nullptr &&
                      silence->silence.stateAt(core::SystemClock::instance().wallNow()) !=
                          metrics::SilenceState::Expired);
    m_look->setEnabled(can);
}

void ClusterPage::showHealth()
{
    const bool known = m_view != nullptr;
    int active = 0;
    QStringList away;
    const core::WallTime now = core::SystemClock::instance().wallNow();
    for (int row = 0; row < m_silences.rowCount(); ++row) {
        active += m_silences.at(row).silence.stateAt(now) == metrics::SilenceState::Active ? 1 : 0;
    }
    for (int row = 0; row < m_peers.rowCount(); ++row) {
        const ClusterPeer& peer = m_peers.at(row);
        if (peer.state == ClusterPeer::State::Away) {
            away << QStringLiteral("%1 (%2)").arg(models::text(peer.name), models::text(peer.error));
        }
    }
    const bool blind = known && !isAnybodyThere(*m_view);
    m_tabs[Alerts]->setText(blind ? tr("Alerts ?") : tr("Alerts %1").arg(m_alerts.rowCount()));
    m_tabs[Silences]->setText(blind ? tr("Silences ?") : tr("Silences %1").arg(active));
    m_tabs[Peers]->setText(tr("Peers %1").arg(m_peers.rowCount()));
    m_health->setVisible(known);
    m_health->setText(away.isEmpty() ? tr("All peers answer.")
                                     : tr("No answer: %1").arg(away.join(QStringLiteral(", "))));
    m_health->setToolTip(away.join(QLatin1Char('\n')));
    const QString none = tr("No Alertmanager is watched. Name its peers in the configuration file, under "
                            "\"alertmanager\": poolscope --print-config shows how.");
    const QString unknown = tr("No peer answers: what is known there cannot be told.");
    m_tables[Alerts]->setEmptyText(!known ? none : blind ? unknown : tr("Nothing fires there."));
    m_tables[Silences]->setEmptyText(!known ? none : blind ? unknown : tr("Nothing is silenced there."));
    m_tables[Peers]->setEmptyText(none);
}

void ClusterPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void ClusterPage::retranslate()
{
    m_ack->setText(tr("Acknowledge …"));
    m_ack->setToolTip(tr("Silences the chosen alert there for four hours, in your name"));
    m_silence->setText(tr("Silence …"));
    m_silence->setToolTip(tr("Silences what you choose at every Alertmanager"));
    m_end->setText(tr("End it now"));
    m_end->setToolTip(tr("Ends the chosen silence wherever it stands"));
    m_look->setText(tr("Look now"));
    m_look->setToolTip(tr("Asks every peer now, not with the next round"));
    m_tables[Alerts]->setAccessibleName(tr("Alerts of other Alertmanagers"));
    m_tables[Silences]->setAccessibleName(tr("Silences of other Alertmanagers"));
    m_tables[Peers]->setAccessibleName(tr("Alertmanagers"));
    showHealth();
    showButtons();
}

} // namespace widgets

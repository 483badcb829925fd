#include "widgets/panels/cluster_page.h"

#include "models/text.h"
#include "widgets/dialogs/alert_talk.h"

#include <QBoxLayout>
#include <QEvent>
#include <QItemSelectionModel>
#include <QPushButton>

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
    , m_tables(new SegmentedTables(QStringLiteral("cluster"), this))
    , m_ack(new QPushButton(this))
    , m_silence(new QPushButton(this))
    , m_end(new QPushButton(this))
    , m_look(new QPushButton(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tables);
    buildTables();
    buildTools();
    retranslate();
}

void ClusterPage::buildTables()
{
    for (TableView* table :
         {&m_tables->add({"alerts", "showAlerts"}, m_alerts, {160, 150, 180, 104, 90, 140}),
          &m_tables->add({"silences", "showSilences"}, m_silences, {96, 300, 76, 150, 110, 200}),
          &m_tables->add({"peers", "showPeers"}, m_peers, {200, 100, 104, 80, 170, 76, 76})}) {
        table->setSelectionMode(QAbstractItemView::SingleSelection);
        connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ClusterPage::showButtons);
    }
    connect(m_tables, &SegmentedTables::notice, this, &ClusterPage::notice);
    connect(m_tables, &SegmentedTables::currentChanged, this, &ClusterPage::showButtons);
}

void ClusterPage::buildTools()
{
    const auto button = [&](QPushButton* made, const char* name, void (ClusterPage::*act)()) {
        made->setObjectName(QString::fromLatin1(name));
        m_tables->addTool(made);
        connect(made, &QPushButton::clicked, this, act);
    };
    button(m_ack, "cluster.ack", &ClusterPage::acknowledge);
    button(m_silence, "cluster.silence", &ClusterPage::silence);
    button(m_end, "cluster.end", &ClusterPage::end);
    m_look->setObjectName(QStringLiteral("cluster.look"));
    m_tables->addTool(m_look);
    connect(m_look, &QPushButton::clicked, this, [this] {
        if (m_commands != nullptr && m_commands->refresh) {
            m_commands->refresh();
        }
    });
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
    const int row = m_tables->chosenRow(Alerts);
    return row < 0 ? nullptr : &m_alerts.at(row);
}

const ClusterSilence* ClusterPage::chosenSilence() const
{
    const int row = m_tables->chosenRow(Silences);
    return row < 0 ? nullptr : &m_silences.at(row);
}

void ClusterPage::acknowledge()
{
    const ClusterAlert* alert = chosenAlert();
    if (alert != nullptr && !alert->ackedBy.empty() && m_commands != nullptr && m_commands->withdraw) {
        m_commands->withdraw(alert->labels);
    } else if (alert != nullptr) {
        (void)askAcknowledgeThere(m_commands, alert->name, alert->labels, this);
    }
}

void ClusterPage::silence()
{
    const ClusterAlert* alert = m_tables->current() == Alerts ? chosenAlert() : nullptr;
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
    const int which = m_tables->current();
    m_ack->setVisible(which == Alerts);
    m_silence->setVisible(which != Peers);
    m_end->setVisible(which == Silences);
    const ClusterAlert* alert = chosenAlert();
    const bool acked = alert != nullptr && !alert->ackedBy.empty();
    m_ack->setEnabled(can && alert != nullptr);
    m_ack->setText(acked ? tr("Withdraw") : tr("Acknowledge …"));
    m_ack->setToolTip(acked ? tr("Ends the acknowledgement at every Alertmanager: they tell of the alert again")
                            : tr("Silences the chosen alert at every Alertmanager in your name, while it fires"));
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
    m_tables->setTitle(Alerts, blind ? tr("Alerts ?") : tr("Alerts %1").arg(m_alerts.rowCount()));
    m_tables->setTitle(Silences, blind ? tr("Silences ?") : tr("Silences %1").arg(active));
    m_tables->setTitle(Peers, tr("Peers %1").arg(m_peers.rowCount()));
    m_tables->setHealth(!known           ? QString()
                        : away.isEmpty() ? tr("All peers answer.")
                                         : tr("No answer: %1").arg(away.join(QStringLiteral(", "))),
                        away.join(QLatin1Char('\n')));
    const QString none = tr("No Alertmanager is watched. Name its peers in the configuration file, under "
                            "\"alertmanager\": poolscope --print-config shows how.");
    const QString unknown = tr("No peer answers: what is known there cannot be told.");
    m_tables->table(Alerts).setEmptyText(!known ? none : blind ? unknown : tr("Nothing fires there."));
    m_tables->table(Silences).setEmptyText(!known ? none : blind ? unknown : tr("Nothing is silenced there."));
    m_tables->table(Peers).setEmptyText(none);
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
    m_silence->setText(tr("Silence …"));
    m_silence->setToolTip(tr("Silences what you choose at every Alertmanager"));
    m_end->setText(tr("End it now"));
    m_end->setToolTip(tr("Ends the chosen silence wherever it stands"));
    m_look->setText(tr("Look now"));
    m_look->setToolTip(tr("Asks every peer now, not with the next round"));
    m_tables->table(Alerts).setAccessibleName(tr("Alerts of other Alertmanagers"));
    m_tables->table(Silences).setAccessibleName(tr("Silences of other Alertmanagers"));
    m_tables->table(Peers).setAccessibleName(tr("Alertmanagers"));
    showHealth();
    showButtons();
}

} // namespace widgets

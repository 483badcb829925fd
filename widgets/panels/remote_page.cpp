#include "widgets/panels/remote_page.h"

#include "models/text.h"
#include "models/zone.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

namespace widgets {

using metrics::AlertState;
using metrics::RemoteServer;

namespace {

QString troubleOf(const RemoteServer& server)
{
    if (server.state == RemoteServer::State::Away) {
        const QString why = RemotePage::tr("%1: no answer since %2 (%3)")
                                .arg(models::text(server.name), models::Zone::of().clock(server.since),
                                     models::text(server.error));
        return server.heard == core::WallTime{} ? why
                                                : why + RemotePage::tr("; what is shown is of %1")
                                                            .arg(models::Zone::of().clock(server.heard));
    }
    QStringList notes;
    if (!server.rulesNote.empty()) {
        notes << RemotePage::tr("%1 tells no rules (%2)")
                     .arg(models::text(server.name), models::text(server.rulesNote));
    }
    if (!server.targetsNote.empty()) {
        notes << RemotePage::tr("%1 tells no targets (%2)")
                     .arg(models::text(server.name), models::text(server.targetsNote));
    }
    return notes.join(QStringLiteral(" · "));
}

bool isAnybodyThere(const metrics::RemoteView& view)
{
    return std::any_of(view.begin(), view.end(),
                       [](const auto& server) { return server->state == RemoteServer::State::Up; });
}

} // namespace

QString troubleOf(const metrics::RemoteView& view)
{
    QStringList texts;
    for (const auto& server : view) {
        if (const QString trouble = troubleOf(*server); !trouble.isEmpty()) {
            texts << trouble;
        }
    }
    return texts.join(QStringLiteral(" · "));
}

RemotePage::RemotePage(const RemoteCommands* commands, QWidget* parent)
    : QWidget(parent)
    , m_commands(commands)
    , m_tables(new SegmentedTables(QStringLiteral("remote"), this))
    , m_needle(new QLineEdit(this))
    , m_look(new QPushButton(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tables);
    TableView& alerts = m_tables->add({"alerts", "showAlerts"}, m_alerts, {96, 170, 80, 280, 104, 110});
    TableView& rules =
        m_tables->add({"rules", "showRules"}, m_rules, {96, 170, 64, 84, 130, 84, 104, 64, 90, 110});
    alerts.setSelectionMode(QAbstractItemView::ExtendedSelection);
    rules.setSelectionMode(QAbstractItemView::ExtendedSelection);
    connect(m_tables, &SegmentedTables::notice, this, &RemotePage::notice);
    buildTools();
    retranslate();
}

void RemotePage::buildTools()
{
    m_needle->setObjectName(QStringLiteral("remote.needle"));
    m_needle->setClearButtonEnabled(true);
    m_needle->setMaximumWidth(200);
    m_tables->addTool(m_needle);
    connect(m_needle, &QLineEdit::textChanged, m_tables, &SegmentedTables::setNeedle);
    m_look->setObjectName(QStringLiteral("remote.look"));
    m_tables->addTool(m_look);
    connect(m_look, &QPushButton::clicked, this, [this] {
        if (m_commands != nullptr && m_commands->refresh) {
            m_commands->refresh();
        }
    });
}

void RemotePage::refresh()
{
    metrics::RemoteView view =
        m_commands != nullptr && m_commands->view ? m_commands->view() : metrics::RemoteView();
    if (view == m_view) {
        return; // of the same looks
    }
    m_view = std::move(view);
    std::vector<metrics::RemoteAlert> alerts;
    std::vector<metrics::RemoteRule> rules;
    for (const auto& server : m_view) {
        alerts.insert(alerts.end(), server->alerts.begin(), server->alerts.end());
        rules.insert(rules.end(), server->rules.begin(), server->rules.end());
    }
    m_alerts.merge(alerts);
    m_rules.merge(rules);
    showHealth();
}

int RemotePage::firing() const
{
    if (isWatched() && !isAnybodyThere(m_view)) {
        return -1;
    }
    int count = 0;
    for (const auto& server : m_view) {
        count += static_cast<int>(
            std::count_if(server->alerts.begin(), server->alerts.end(),
                          [](const metrics::RemoteAlert& row) { return row.state == AlertState::Firing; }));
    }
    return count;
}

void RemotePage::showHealth()
{
    const bool known = isWatched();
    const bool heard = std::any_of(m_view.begin(), m_view.end(),
                                   [](const auto& server) { return server->heard != core::WallTime{}; });
    m_tables->setTitle(Alerts, known && !heard ? tr("Alerts ?") : tr("Alerts %1").arg(m_alerts.rowCount()));
    m_tables->setTitle(Rules, known && !heard ? tr("Rules ?") : tr("Rules %1").arg(m_rules.rowCount()));
    const QString trouble = troubleOf(m_view);
    QStringList names;
    for (const auto& server : m_view) {
        names << models::text(server->name);
    }
    m_tables->setHealth(!known                ? QString()
                        : !trouble.isEmpty() ? trouble
                        : heard              ? tr("As told by %1.").arg(names.join(QStringLiteral(", ")))
                                             : tr("Asked: %1 …").arg(names.join(QStringLiteral(", "))),
                        trouble);
    m_look->setEnabled(known && m_commands->refresh);
    const QString none = tr("No Prometheus is watched. Name one in the configuration file, under "
                            "\"prometheus\": poolscope --print-config shows how.");
    const QString unknown = tr("What is known there cannot be told: there is no answer yet.");
    m_tables->table(Alerts).setEmptyText(!known ? none : !heard ? unknown : tr("Nothing fires there."));
    m_tables->table(Rules).setEmptyText(!known ? none : !heard ? unknown : tr("There are no rules there."));
}

void RemotePage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void RemotePage::retranslate()
{
    m_look->setText(tr("Look now"));
    m_look->setToolTip(tr("Asks the servers now, not with the next round"));
    m_needle->setPlaceholderText(tr("Find …"));
    m_needle->setAccessibleName(tr("Find …"));
    m_tables->table(Alerts).setAccessibleName(tr("Alerts at Prometheus"));
    m_tables->table(Rules).setAccessibleName(tr("Rules at Prometheus"));
    showHealth();
}

} // namespace widgets

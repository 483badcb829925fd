#include "widgets/panels/remote_page.h"

#include "models/text.h"
#include "models/zone.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>

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
    , m_stack(new QStackedWidget(this))
    , m_needle(new QLineEdit(this))
    , m_health(new QLabel(this))
    , m_look(new QPushButton(this))
{
    m_health->setObjectName(QStringLiteral("remote.health"));
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
    buildTable(Alerts, QStringLiteral("remote.alerts"), m_alerts, {96, 170, 80, 220, 172, 110});
    buildTable(Rules, QStringLiteral("remote.rules"), m_rules,
               {96, 170, 64, 84, 130, 84, 172, 64, 90, 110});
    retranslate();
}

QWidget* RemotePage::buildHead()
{
    auto* head = new QWidget(this);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    auto* group = new QButtonGroup(head);
    const char* const names[] = {"remote.showAlerts", "remote.showRules"};
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
    connect(group, &QButtonGroup::idClicked, m_stack, &QStackedWidget::setCurrentIndex);
    row->addStretch(1);
    m_needle->setObjectName(QStringLiteral("remote.needle"));
    m_needle->setClearButtonEnabled(true);
    m_needle->setMaximumWidth(200);
    row->addWidget(m_needle);
    connect(m_needle, &QLineEdit::textChanged, this, [this](const QString& text) {
        for (models::SortProxy& order : m_orders) {
            order.setNeedle(text);
        }
    });
    m_look->setObjectName(QStringLiteral("remote.look"));
    row->addWidget(m_look);
    connect(m_look, &QPushButton::clicked, this, [this] {
        if (m_commands != nullptr && m_commands->refresh) {
            m_commands->refresh();
        }
    });
    return head;
}

void RemotePage::buildTable(Shown which, const QString& name, QAbstractItemModel& model,
                            const std::vector<int>& widths)
{
    models::SortProxy& order = m_orders[which];
    order.setSourceModel(&model);
    auto* table = new TableView(name, this);
    table->setModel(&order);
    table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table->setSortingEnabled(true);
    table->sortByColumn(0, Qt::AscendingOrder);
    table->setColumnWidths(widths);
    connect(table, &TableView::notice, this, &RemotePage::notice);
    m_tables[which] = table;
    m_stack->addWidget(table);
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
    m_tabs[Alerts]->setText(known && !heard ? tr("Alerts ?") : tr("Alerts %1").arg(m_alerts.rowCount()));
    m_tabs[Rules]->setText(known && !heard ? tr("Rules ?") : tr("Rules %1").arg(m_rules.rowCount()));
    const QString trouble = troubleOf(m_view);
    QStringList names;
    for (const auto& server : m_view) {
        names << models::text(server->name);
    }
    m_health->setVisible(known);
    m_health->setText(!trouble.isEmpty() ? trouble
                      : heard            ? tr("As told by %1.").arg(names.join(QStringLiteral(", ")))
                                         : tr("Asked: %1 …").arg(names.join(QStringLiteral(", "))));
    m_health->setToolTip(trouble);
    m_look->setEnabled(known && m_commands->refresh);
    const QString none = tr("No Prometheus is watched. Name one in the configuration file, under "
                            "\"prometheus\": poolscope --print-config shows how.");
    const QString unknown = tr("What is known there cannot be told: there is no answer yet.");
    m_tables[Alerts]->setEmptyText(!known ? none : !heard ? unknown : tr("Nothing fires there."));
    m_tables[Rules]->setEmptyText(!known ? none : !heard ? unknown : tr("There are no rules there."));
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
    m_tables[Alerts]->setAccessibleName(tr("Alerts at Prometheus"));
    m_tables[Rules]->setAccessibleName(tr("Rules at Prometheus"));
    showHealth();
}

} // namespace widgets

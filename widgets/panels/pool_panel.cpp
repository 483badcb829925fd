#include "widgets/panels/pool_panel.h"

#include "models/text.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/panels/pool/pool_tab.h"
#include "widgets/theme.h"
#include "widgets/verdict_bar.h"

#include <QAction>
#include <QBoxLayout>
#include <QButtonGroup>
#include <QEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>

namespace widgets {

namespace {

QString stateWord(const std::string& state)
{
    if (state == "up") {
        return PoolPanel::tr("up");
    }
    if (state == "down") {
        return PoolPanel::tr("down: cannot connect");
    }
    if (state == "suspended") {
        return PoolPanel::tr("suspended: callers wait");
    }
    if (state == "blocked") {
        return PoolPanel::tr("blocked: callers are turned away");
    }
    if (state == "draining") {
        return PoolPanel::tr("draining: connections are replaced");
    }
    return state == "closed" ? PoolPanel::tr("closed") : models::text(state);
}

} // namespace

PoolPanel::PoolPanel(const PanelContext& context, QWidget* parent)
    : Panel(context, parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kMedium, space::kLarge, space::kMedium);
    layout->setSpacing(space::kMedium);
    layout->addWidget(buildHead());
    layout->addWidget(buildTabs(), 1);
    retranslate();
    chooseTab(0);
}

QWidget* PoolPanel::buildHead()
{
    auto* head = new QFrame(this);
    head->setProperty("role", QStringLiteral("card"));
    m_state = new QLabel(head);
    m_state->setProperty("role", QStringLiteral("title"));
    m_numbers = new QLabel(head);
    m_numbers->setProperty("role", QStringLiteral("muted"));
    m_numbers->setWordWrap(true);
    m_verdict = new VerdictBar(VerdictBar::WhenWell::Shown, head);
    m_verdict->setObjectName(QStringLiteral("pool.verdict"));
    m_verdict->setMinimumHeight(2 * fontMetrics().lineSpacing() + 2); // tabs stay where they are when a leak is told
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kMedium);
    row->addWidget(m_state);
    row->addWidget(m_numbers, 1);
    row->addWidget(buildButtons(head));
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(space::kLarge - 2, space::kSmall, space::kSmall, space::kSmall);
    column->setSpacing(space::kTiny);
    column->addLayout(row);
    column->addWidget(m_verdict);
    return head;
}

QWidget* PoolPanel::buildButtons(QWidget* parent)
{
    auto* bar = new QWidget(parent);
    m_suspend = new QPushButton(bar);
    m_suspendMenu = new QMenu(m_suspend);
    m_suspendHold = m_suspendMenu->addAction(QString());
    m_suspendFail = m_suspendMenu->addAction(QString());
    m_suspendHold->setObjectName(QStringLiteral("pool.suspend.hold"));
    m_suspendFail->setObjectName(QStringLiteral("pool.suspend.fail"));
    m_suspend->setMenu(m_suspendMenu);
    m_resume = new QPushButton(bar);
    m_resume->setObjectName(QStringLiteral("pool.resume"));
    m_resize = new QPushButton(bar);
    m_resize->setObjectName(QStringLiteral("pool.resize"));
    m_drain = new QPushButton(bar);
    m_drain->setObjectName(QStringLiteral("pool.drain"));
    connect(m_suspendHold, &QAction::triggered, this, [this] { suspend(false); });
    connect(m_suspendFail, &QAction::triggered, this, [this] { suspend(true); });
    connect(m_resume, &QPushButton::clicked, this, [this] {
        if (this->context().commands && this->context().commands->resumePool) {
            this->context().commands->resumePool();
        }
    });
    connect(m_resize, &QPushButton::clicked, this,
            [this] { openTab(QStringLiteral("settings"), QStringLiteral("pool_size")); });
    connect(m_drain, &QPushButton::clicked, this, &PoolPanel::drain);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins({});
    row->setSpacing(space::kSmall);
    for (QPushButton* button : {m_suspend, m_resume, m_resize, m_drain}) {
        row->addWidget(button);
    }
    return bar;
}

QWidget* PoolPanel::buildTabs()
{
    auto* card = new QFrame(this);
    card->setProperty("role", QStringLiteral("card"));
    auto* bar = new QHBoxLayout;
    bar->setSpacing(2);
    auto* group = new QButtonGroup(card);
    m_stack = new QStackedWidget(card);
    for (const PoolTabEntry& entry : poolTabs()) {
        auto* button = new QToolButton(card);
        button->setObjectName(QStringLiteral("pool.tab.") + QLatin1String(entry.id));
        button->setProperty("kind", QStringLiteral("segment"));
        button->setCheckable(true);
        group->addButton(button, static_cast<int>(m_tabs.size()));
        bar->addWidget(button);
        PoolTab* page = entry.make(context(), m_stack);
        m_stack->addWidget(page);
        connect(page, &PoolTab::toast, this, &PoolPanel::toast);
        connect(page, &PoolTab::tabRequested, this, &PoolPanel::openTab);
        m_tabs.push_back({&entry, button, page});
    }
    bar->addStretch(1);
    connect(group, &QButtonGroup::idClicked, this, &PoolPanel::chooseTab);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(space::kMedium, space::kSmall, space::kMedium, space::kSmall);
    column->setSpacing(space::kSmall);
    column->addLayout(bar);
    column->addWidget(m_stack, 1);
    return card;
}

void PoolPanel::chooseTab(int index)
{
    const Tab& tab = m_tabs.at(static_cast<std::size_t>(index));
    tab.button->setChecked(true);
    m_stack->setCurrentWidget(tab.page);
    if (m_snapshot) {
        tab.page->showSnapshot(m_snapshot);
    }
}

void PoolPanel::openTab(const QString& id, const QString& hint)
{
    for (std::size_t i = 0; i < m_tabs.size(); ++i) {
        if (id == QLatin1String(m_tabs[i].entry->id)) {
            chooseTab(static_cast<int>(i));
            if (!hint.isEmpty()) {
                (void)m_tabs[i].page->showHint(hint);
            }
        }
    }
}

QString PoolPanel::currentTab() const
{
    return QString::fromLatin1(m_tabs.at(static_cast<std::size_t>(m_stack->currentIndex())).entry->id);
}

void PoolPanel::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    m_tabs.at(static_cast<std::size_t>(m_stack->currentIndex())).page->showSnapshot(snapshot);
    showPool(snapshot->pool);
}

void PoolPanel::setTimeRange(const TimeRange& range)
{
    for (const Tab& tab : m_tabs) {
        tab.page->setTimeRange(range);
    }
}

void PoolPanel::showHint(const QString& hint)
{
    bool number = false;
    (void)hint.toInt(&number);
    if (number) {
        openTab(QStringLiteral("slots"), hint);
    } else {
        openTab(hint.section(QLatin1Char('/'), 0, 0), hint.section(QLatin1Char('/'), 1));
    }
}

void PoolPanel::showPool(const metrics::PoolView& pool)
{
    const QString state = pool.present ? stateWord(pool.state) : tr("no pool yet");
    m_state->setText(tr("Pool: %1").arg(state));
    QString numbers = tr("%1 of %2 in use · %3 idle · %4 waiting")
                          .arg(pool.checkedOut)
                          .arg(pool.maxConnections)
                          .arg(pool.checkedIn)
                          .arg(pool.waiting);
    if (pool.waiting > 0) {
        numbers += tr(", oldest %1").arg(models::spanText(pool.oldestWait));
    }
    m_numbers->setText(pool.present ? numbers : tr("The pool appears here as soon as the server answers."));
    m_verdict->show(pool);
    const bool halted = pool.state == "suspended" || pool.state == "blocked";
    m_suspend->setEnabled(pool.present && !halted);
    m_resume->setEnabled(pool.present && halted);
    m_resize->setEnabled(pool.present);
    m_drain->setEnabled(pool.present && pool.total > 0);
    for (const Tab& tab : m_tabs) {
        const QString title = tr(tab.entry->title);
        tab.button->setText(tab.entry->count != nullptr && pool.present
                                ? title + QLatin1Char(' ') + QString::number(tab.entry->count(pool))
                                : title);
    }
}

void PoolPanel::suspend(bool failNewRequests)
{
    const Commands* commands = context().commands;
    const Question question{
        tr("Suspend the pool?"),
        failNewRequests
            ? tr("Every caller that asks for a connection is turned away with an error until you resume. "
                 "Connections in use stay with their holders.")
            : tr("Callers wait, up to the pool's timeout, until you resume. Connections in use stay with "
                 "their holders."),
        tr("Suspend")};
    confirm(this, question, [commands, failNewRequests] {
        if (commands && commands->suspendPool) {
            commands->suspendPool(failNewRequests);
        }
    });
}

void PoolPanel::drain()
{
    const Commands* commands = context().commands;
    confirm(this,
            {tr("Drain the pool?"),
             tr("Idle connections are closed now, those in use when they come back. New ones are opened as "
                "they are needed."),
             tr("Drain")},
            [commands] {
                if (commands && commands->drainPool) {
                    commands->drainPool();
                }
            });
}

void PoolPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    Panel::changeEvent(event);
}

void PoolPanel::retranslate()
{
    m_suspend->setText(tr("Suspend") + QStringLiteral("  ▾"));
    m_suspendHold->setText(tr("Let new callers wait…"));
    m_suspendFail->setText(tr("Turn new callers away…"));
    m_resume->setText(tr("Resume"));
    m_resize->setText(tr("Resize…"));
    m_resize->setToolTip(
        tr("Opens the settings at the pool's size: it changes without dropping a connection in use"));
    m_drain->setText(tr("Drain…"));
    m_drain->setToolTip(tr("Replaces every connection, without disturbing those who hold one"));
    showPool(m_snapshot ? m_snapshot->pool : metrics::PoolView{});
}

} // namespace widgets

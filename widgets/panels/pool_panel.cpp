#include "widgets/panels/pool_panel.h"

#include "models/text.h"
#include "widgets/card.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/panels/pool_settings.h"
#include "widgets/theme.h"

#include <QAction>
#include <QBoxLayout>
#include <QButtonGroup>
#include <QEvent>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
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

QString lessonOf(const std::string& verdict)
{
    if (verdict == "busy") {
        return PoolPanel::tr("the database is busy");
    }
    if (verdict == "held") {
        return PoolPanel::tr("connections are held without working");
    }
    return verdict == "exhausted" ? PoolPanel::tr("every place is taken") : QString();
}

} // namespace

PoolPanel::PoolPanel(const PanelContext& context, QWidget* parent)
    : Panel(context, parent)
{
    m_slotOrder.setSourceModel(&m_slots);
    m_holderOrder.setSourceModel(&m_holders);
    m_waiterOrder.setSourceModel(&m_waiters);
    m_settings = new PoolSettings(context.commands, this);
    auto* right = new QSplitter(Qt::Vertical, this);
    right->addWidget(buildWaiters());
    right->addWidget(m_settings);
    right->setStretchFactor(1, 1);
    right->setChildrenCollapsible(false);
    right->setHandleWidth(space::kMedium);
    auto* across = new QSplitter(Qt::Horizontal, this);
    across->addWidget(buildConnections());
    across->addWidget(right);
    across->setStretchFactor(0, 5);
    across->setStretchFactor(1, 3);
    across->setChildrenCollapsible(false);
    across->setSizes({820, 440});
    across->setHandleWidth(space::kMedium);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kMedium, space::kLarge, space::kMedium);
    layout->setSpacing(space::kMedium);
    layout->addWidget(buildControls());
    layout->addWidget(across, 1);
    retranslate();
    updateRowActions();
}

QWidget* PoolPanel::buildControls()
{
    auto* bar = new QFrame(this);
    bar->setProperty("role", QStringLiteral("card"));
    m_state = new QLabel(bar);
    m_state->setProperty("role", QStringLiteral("title"));
    m_numbers = new QLabel(bar);
    m_numbers->setProperty("role", QStringLiteral("muted"));
    m_numbers->setWordWrap(true);
    m_suspend = new QPushButton(bar);
    m_suspendMenu = new QMenu(m_suspend);
    m_suspendHold = m_suspendMenu->addAction(QString());
    m_suspendFail = m_suspendMenu->addAction(QString());
    m_suspend->setMenu(m_suspendMenu);
    m_resume = new QPushButton(bar);
    m_resume->setObjectName(QStringLiteral("pool.resume"));
    m_drain = new QPushButton(bar);
    m_drain->setObjectName(QStringLiteral("pool.drain"));
    connect(m_suspendHold, &QAction::triggered, this, [this] { suspend(false); });
    connect(m_suspendFail, &QAction::triggered, this, [this] { suspend(true); });
    connect(m_resume, &QPushButton::clicked, this, [this] {
        if (this->context().commands && this->context().commands->resumePool) {
            this->context().commands->resumePool();
        }
    });
    connect(m_drain, &QPushButton::clicked, this, &PoolPanel::drain);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(space::kLarge - 2, space::kSmall, space::kSmall, space::kSmall);
    row->setSpacing(space::kMedium);
    row->addWidget(m_state);
    row->addWidget(m_numbers, 1);
    row->addWidget(m_suspend);
    row->addWidget(m_resume);
    row->addWidget(m_drain);
    return bar;
}

QWidget* PoolPanel::buildConnections()
{
    m_connections = new Card(this);
    auto* group = new QButtonGroup(m_connections);
    m_allTab = new QToolButton(m_connections);
    m_holdersTab = new QToolButton(m_connections);
    int id = 0;
    for (QToolButton* tab : {m_allTab, m_holdersTab}) {
        tab->setProperty("kind", QStringLiteral("segment"));
        tab->setCheckable(true);
        group->addButton(tab, id++);
        m_connections->head()->addWidget(tab);
    }
    m_allTab->setChecked(true);
    connect(group, &QButtonGroup::idClicked, this, &PoolPanel::chooseView);
    m_slotView = new TableView(QStringLiteral("slots"), m_connections);
    m_slotView->setModel(&m_slotOrder);
    m_holderView = new TableView(QStringLiteral("holders"), m_connections);
    m_holderView->setModel(&m_holderOrder);
    m_stack = new QStackedWidget(m_connections);
    for (TableView* table : {m_slotView, m_holderView}) {
        table->setSelectionMode(QAbstractItemView::SingleSelection);
        table->setSortingEnabled(true);
        m_stack->addWidget(table);
        connect(table, &TableView::notice, this, &PoolPanel::toast);
        connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
                &PoolPanel::updateRowActions);
    }
    m_slotView->sortByColumn(0, Qt::AscendingOrder);
    m_slotView->setColumnWidths({54, 106, 84, 80, 70, 78, 118});
    m_holderView->sortByColumn(3, Qt::DescendingOrder);
    m_holderView->setColumnWidths({48, 96, 110, 74, 120, 84, 170});
    m_connections->body()->addWidget(m_stack, 1);
    auto* row = new QHBoxLayout;
    buildRowActions(*row);
    m_connections->body()->addLayout(row);
    return m_connections;
}

void PoolPanel::buildRowActions(QBoxLayout& row)
{
    m_cancel = new QPushButton(m_connections);
    m_cancel->setObjectName(QStringLiteral("pool.cancel"));
    m_recycle = new QPushButton(m_connections);
    m_recycle->setObjectName(QStringLiteral("pool.recycle"));
    m_terminate = new QPushButton(m_connections);
    m_terminate->setObjectName(QStringLiteral("pool.terminate"));
    m_terminate->setProperty("kind", QStringLiteral("danger"));
    connect(m_cancel, &QPushButton::clicked, this, &PoolPanel::cancelStatement);
    connect(m_recycle, &QPushButton::clicked, this, &PoolPanel::recycle);
    connect(m_terminate, &QPushButton::clicked, this, &PoolPanel::terminate);
    row.addStretch(1);
    row.addWidget(m_cancel);
    row.addWidget(m_recycle);
    row.addWidget(m_terminate);
}

QWidget* PoolPanel::buildWaiters()
{
    m_queue = new Card(this);
    m_waiterView = new TableView(QStringLiteral("waiters"), m_queue);
    m_waiterView->setModel(&m_waiterOrder);
    m_waiterView->setSortingEnabled(true);
    m_waiterView->sortByColumn(0, Qt::AscendingOrder);
    m_waiterView->setColumnWidths({44, 86, 80, 98, 74});
    connect(m_waiterView, &TableView::notice, this, &PoolPanel::toast);
    m_queue->body()->addWidget(m_waiterView, 1);
    return m_queue;
}

void PoolPanel::chooseView(int index)
{
    m_stack->setCurrentIndex(index);
    updateRowActions();
}

TableView* PoolPanel::view() const
{
    return m_stack->currentWidget() == m_holderView ? m_holderView : m_slotView;
}

std::optional<metrics::SlotRow> PoolPanel::chosenSlot() const
{
    const QModelIndexList rows = view()->selectionModel()->selectedRows();
    if (rows.isEmpty() || !m_snapshot) {
        return std::nullopt;
    }
    const int number = rows.first().data(models::SlotRole).toInt();
    for (const metrics::SlotRow& row : m_snapshot->pool.slots) {
        if (row.slot == number) {
            return row;
        }
    }
    return std::nullopt;
}

void PoolPanel::updateRowActions()
{
    const auto slot = chosenSlot();
    const bool open = slot && slot->backendPid > 0;
    m_cancel->setEnabled(open && slot->state == metrics::SlotState::Active);
    m_recycle->setEnabled(open);
    m_terminate->setEnabled(open);
}

void PoolPanel::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    m_slots.show(snapshot->pool);
    m_holders.show(snapshot->pool);
    m_waiters.merge(snapshot->pool.waiters);
    m_settings->showSnapshot(*snapshot);
    showPool(snapshot->pool);
    updateRowActions();
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
    if (const QString lesson = lessonOf(pool.verdict); !lesson.isEmpty()) {
        numbers += QStringLiteral(" · ") + lesson;
    }
    m_numbers->setText(pool.present ? numbers : tr("The pool appears here as soon as the server answers."));
    const bool halted = pool.state == "suspended" || pool.state == "blocked";
    m_suspend->setEnabled(pool.present && !halted);
    m_resume->setEnabled(pool.present && halted);
    m_drain->setEnabled(pool.present && pool.total > 0);
    m_allTab->setText(tr("All %1").arg(m_slots.rowCount()));
    m_holdersTab->setText(tr("In use %1").arg(m_holders.rowCount()));
    m_queue->setNote(pool.waiting > m_waiters.rowCount()
                         ? tr("first %1 of %2").arg(m_waiters.rowCount()).arg(pool.waiting)
                         : QString::number(pool.waiting));
}

void PoolPanel::showHint(const QString& hint)
{
    for (int row = 0; row < m_slotOrder.rowCount(); ++row) {
        if (m_slotOrder.index(row, 0).data(models::SlotRole).toString() == hint) {
            m_allTab->click();
            m_slotView->selectRow(row);
            m_slotView->scrollTo(m_slotOrder.index(row, 0));
        }
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

void PoolPanel::cancelStatement()
{
    const auto slot = chosenSlot();
    const Commands* commands = context().commands;
    if (!slot || !commands || !commands->cancelStatement) {
        return;
    }
    const QString what = slot->tag.empty() ? tr("its holder") : models::text(slot->tag);
    confirm(
        this,
        {tr("Cancel the statement of backend %1?").arg(slot->backendPid),
         tr("%1 gets an error; the connection stays usable.\n\n%2").arg(what, models::text(slot->statement)),
         tr("Cancel statement of %1").arg(slot->backendPid)},
        [commands, number = slot->slot] { commands->cancelStatement(number); });
}

void PoolPanel::recycle()
{
    const auto slot = chosenSlot();
    if (slot && context().commands && context().commands->recycleSlot) {
        context().commands->recycleSlot(slot->slot);
        Q_EMIT toast(tr("Slot %1 is replaced as soon as nobody uses it").arg(slot->slot));
    }
}

void PoolPanel::terminate()
{
    const auto slot = chosenSlot();
    const Commands* commands = context().commands;
    if (!slot || !commands || !commands->terminateBackend) {
        return;
    }
    confirm(this,
            {tr("Terminate backend %1?").arg(slot->backendPid),
             tr("The server ends the session in slot %1; a running statement fails and its transaction is "
                "rolled back. "
                "The place is filled again when it is needed.")
                 .arg(slot->slot),
             tr("Terminate %1").arg(slot->backendPid)},
            [commands, number = slot->slot] { commands->terminateBackend(number); });
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
    m_drain->setText(tr("Drain…"));
    m_drain->setToolTip(tr("Replaces every connection, without disturbing those who hold one"));
    m_connections->setTitle(tr("Connections"));
    m_queue->setTitle(tr("Waiting for a connection"));
    m_slotView->setEmptyText(tr("No places yet: the pool appears here as soon as the server answers."));
    m_slotView->setAccessibleName(tr("Places of the pool"));
    m_holderView->setEmptyText(tr("Nobody holds a connection."));
    m_holderView->setAccessibleName(tr("Holders of connections"));
    m_waiterView->setEmptyText(tr("Nobody waits."));
    m_waiterView->setAccessibleName(tr("Callers waiting for a connection"));
    m_cancel->setText(tr("Cancel statement…"));
    m_recycle->setText(tr("Recycle"));
    m_recycle->setToolTip(tr("Replaces this connection as soon as nobody uses it"));
    m_terminate->setText(tr("Terminate…"));
    showPool(m_snapshot ? m_snapshot->pool : metrics::PoolView{});
}

} // namespace widgets

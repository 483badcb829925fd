#include "widgets/panels/pool/slots_tab.h"

#include "models/text.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/table_view.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QItemSelectionModel>
#include <QPushButton>

namespace widgets {

using View = models::SlotModel::View;

SlotsTab::SlotsTab(View view, const PanelContext& context, QWidget* parent)
    : PoolTab(context, parent)
    , m_kind(view)
    , m_model(view)
    , m_view(new TableView(view == View::Slots ? QStringLiteral("slots") : QStringLiteral("holders"), this))
{
    m_order.setSourceModel(&m_model);
    m_view->setModel(&m_order);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setSortingEnabled(true);
    if (view == View::Slots) {
        m_view->sortByColumn(0, Qt::AscendingOrder);
        m_view->setColumnWidths({56, 104, 84, 72, 78, 84, 88, 106, 122, 130});
    } else {
        m_view->sortByColumn(3, Qt::DescendingOrder);
        m_view->setColumnWidths({62, 106, 150, 96, 88, 106, 84, 230});
    }
    connect(m_view, &TableView::notice, this, &SlotsTab::toast);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SlotsTab::updateActions);
    auto* row = new QHBoxLayout;
    buildActions(*row);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(space::kSmall);
    column->addWidget(m_view, 1);
    column->addLayout(row);
    SlotsTab::retranslate();
    updateActions();
}

void SlotsTab::buildActions(QBoxLayout& row)
{
    const QString prefix = m_kind == View::Slots ? QStringLiteral("pool.") : QStringLiteral("pool.holders.");
    const auto button = [&](const char* name) {
        auto* made = new QPushButton(this);
        made->setObjectName(prefix + QLatin1String(name));
        row.addWidget(made);
        return made;
    };
    row.addStretch(1);
    m_cancel = button("cancel");
    m_recycle = button("recycle");
    m_terminate = button("terminate");
    m_terminate->setProperty("kind", QStringLiteral("danger"));
    connect(m_cancel, &QPushButton::clicked, this, &SlotsTab::cancelStatement);
    connect(m_recycle, &QPushButton::clicked, this, &SlotsTab::recycle);
    connect(m_terminate, &QPushButton::clicked, this, &SlotsTab::terminate);
}

std::optional<metrics::SlotRow> SlotsTab::chosenSlot() const
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
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

void SlotsTab::updateActions()
{
    const auto slot = chosenSlot();
    const bool open = slot && slot->backendPid > 0;
    m_cancel->setEnabled(open && slot->state == metrics::SlotState::Active);
    m_recycle->setEnabled(open);
    m_terminate->setEnabled(open);
}

void SlotsTab::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    m_model.show(snapshot->pool);
    updateActions();
}

bool SlotsTab::showHint(const QString& hint)
{
    for (int row = 0; row < m_order.rowCount(); ++row) {
        if (m_order.index(row, 0).data(models::SlotRole).toString() == hint) {
            m_view->selectRow(row);
            m_view->scrollTo(m_order.index(row, 0));
            return true;
        }
    }
    return false;
}

void SlotsTab::cancelStatement()
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

void SlotsTab::recycle()
{
    const auto slot = chosenSlot();
    if (slot && context().commands && context().commands->recycleSlot) {
        context().commands->recycleSlot(slot->slot);
        Q_EMIT toast(tr("Slot %1 is replaced as soon as nobody uses it").arg(slot->slot));
    }
}

void SlotsTab::terminate()
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

void SlotsTab::retranslate()
{
    const bool all = m_kind == View::Slots;
    m_view->setEmptyText(all ? tr("No places yet: the pool appears here as soon as the server answers.")
                             : tr("Nobody holds a connection."));
    m_view->setAccessibleName(all ? tr("Places of the pool") : tr("Holders of connections"));
    m_cancel->setText(tr("Cancel statement…"));
    m_recycle->setText(tr("Recycle"));
    m_recycle->setToolTip(tr("Replaces this connection as soon as nobody uses it"));
    m_terminate->setText(tr("Terminate…"));
}

} // namespace widgets

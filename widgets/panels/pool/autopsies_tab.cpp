#include "widgets/panels/pool/autopsies_tab.h"

#include "models/text.h"
#include "monitor/metrics/pool_verdict.h"
#include "widgets/card.h"
#include "widgets/table_view.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QScopedValueRollback>
#include <QSplitter>

namespace widgets {

AutopsiesTab::AutopsiesTab(const PanelContext& context, QWidget* parent)
    : PoolTab(context, parent)
    , m_list(new TableView(QStringLiteral("autopsies"), this))
{
    m_list->setModel(&m_model);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setColumnWidths({100, 84, 72, 64, 76, 120});
    connect(m_list, &TableView::notice, this, &AutopsiesTab::toast);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &AutopsiesTab::choose);
    auto* across = new QSplitter(Qt::Horizontal, this);
    across->addWidget(m_list);
    across->addWidget(buildDetails());
    across->setStretchFactor(0, 2);
    across->setStretchFactor(1, 3);
    across->setChildrenCollapsible(false);
    across->setSizes({520, 660});
    across->setHandleWidth(space::kMedium);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(across);
    AutopsiesTab::retranslate();
    showChosen();
}

QWidget* AutopsiesTab::buildDetails()
{
    auto* details = new QWidget(this);
    m_verdict = new QLabel(details);
    m_verdict->setWordWrap(true);
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_holderCard = new Card(details);
    m_holderView = new TableView(QStringLiteral("autopsy.holders"), m_holderCard);
    m_holderOrder.setSourceModel(&m_holders);
    m_holderView->setModel(&m_holderOrder);
    m_holderView->setSortingEnabled(true);
    m_holderView->sortByColumn(3, Qt::DescendingOrder);
    m_holderView->setColumnWidths({62, 96, 120, 90, 88, 106, 84, 170});
    m_holderCard->body()->addWidget(m_holderView);
    m_waiterCard = new Card(details);
    m_waiterView = new TableView(QStringLiteral("autopsy.waiters"), m_waiterCard);
    m_waiterView->setModel(&m_waiters);
    m_waiterView->setSortingEnabled(true);
    m_waiterView->sortByColumn(0, Qt::AscendingOrder);
    m_waiterView->setColumnWidths({58, 130, 90, 104, 96});
    m_waiterCard->body()->addWidget(m_waiterView);
    for (TableView* table : {m_holderView, m_waiterView}) {
        connect(table, &TableView::notice, this, &AutopsiesTab::toast);
    }
    auto* column = new QVBoxLayout(details);
    column->setContentsMargins({});
    column->setSpacing(space::kSmall);
    column->addWidget(m_verdict);
    column->addWidget(m_holderCard, 3);
    column->addWidget(m_waiterCard, 2);
    return details;
}

void AutopsiesTab::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    auto rows = std::make_shared<std::vector<models::AutopsyRowPtr>>(
        context().witness != nullptr ? context().witness->autopsies() : snapshot->pool.autopsies);
    const bool same = m_model.rowCount() == static_cast<int>(rows->size()) &&
                      (rows->empty() || m_model.at(0) == rows->front());
    if (same) {
        return;
    }
    m_model.show(rows);
    // The chosen one stays chosen wherever new ones push it.
    for (int row = 0; row < m_model.rowCount(); ++row) {
        if (m_chosen && m_model.at(row)->number == m_chosen->number) {
            m_list->selectRow(row);
            return;
        }
    }
    if (!m_chosen && m_model.rowCount() > 0) {
        m_list->selectRow(0);
    }
}

void AutopsiesTab::choose()
{
    const QModelIndex current = m_list->currentIndex();
    if (current.isValid() && current.row() < m_model.rowCount()) {
        m_chosen = m_model.at(current.row());
    }
    showChosen();
}

void AutopsiesTab::showChosen()
{
    if (!m_chosen) {
        m_verdict->clear();
        m_holders.show({});
        m_waiters.show(nullptr);
        return;
    }
    metrics::PoolView then;
    then.slots = m_chosen->holders;
    m_holders.show(then);
    m_waiters.show({m_chosen, &m_chosen->waiters});
    m_verdict->setText(models::text(metrics::verdictSentence(*m_chosen, models::lang())));
    m_holderCard->setNote(QString::number(m_chosen->holders.size()));
    m_waiterCard->setNote(m_chosen->waiting > m_waiters.rowCount()
                              ? tr("first %1 of %2").arg(m_waiters.rowCount()).arg(m_chosen->waiting)
                              : QString::number(m_chosen->waiting));
}

void AutopsiesTab::retranslate()
{
    m_list->setEmptyText(
        tr("No request has come away empty-handed so far. Each timeout is kept here with what the "
           "pool looked like at that moment."));
    m_list->setAccessibleName(tr("Requests that got no connection"));
    m_holderCard->setTitle(tr("In use at that moment"));
    m_holderView->setEmptyText(tr("Nobody held a connection."));
    m_holderView->setAccessibleName(tr("In use at that moment"));
    m_waiterCard->setTitle(tr("Waiting at that moment"));
    m_waiterView->setEmptyText(tr("Nobody else waited."));
    m_waiterView->setAccessibleName(tr("Waiting at that moment"));
    showChosen();
}

} // namespace widgets

#include "widgets/panels/pool/waiters_tab.h"

#include "widgets/table_view.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QLabel>

namespace widgets {

WaitersTab::WaitersTab(const PanelContext& context, QWidget* parent)
    : PoolTab(context, parent)
    , m_view(new TableView(QStringLiteral("waiters"), this))
    , m_note(new QLabel(this))
{
    m_view->setModel(&m_model);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(0, Qt::AscendingOrder);
    m_view->setColumnWidths({64, 160, 110, 130, 120});
    m_note->setProperty("role", QStringLiteral("muted"));
    connect(m_view, &TableView::notice, this, &WaitersTab::toast);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(space::kSmall);
    column->addWidget(m_view, 1);
    column->addWidget(m_note);
    WaitersTab::retranslate();
}

// The snapshot carries the first hundred; the witness knows the whole queue.
void WaitersTab::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_waiting = snapshot->pool.waiting;
    const metrics::WaiterQueuePtr queue = context().witness != nullptr ? context().witness->queue() : nullptr;
    if (queue && queue->rows.size() >= snapshot->pool.waiters.size()) {
        m_model.show({queue, &queue->rows});
    } else {
        m_model.show({snapshot, &snapshot->pool.waiters});
    }
    showNote();
}

void WaitersTab::showNote()
{
    const int shown = m_model.rowCount();
    m_note->setVisible(m_waiting > shown);
    m_note->setText(tr("first %1 of %2").arg(shown).arg(m_waiting));
}

void WaitersTab::retranslate()
{
    m_view->setEmptyText(tr("Nobody waits."));
    m_view->setAccessibleName(tr("Callers waiting for a connection"));
    showNote();
}

} // namespace widgets

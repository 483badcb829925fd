#include "widgets/panels/log_files.h"

#include <QBoxLayout>
#include <QEvent>
#include <QHeaderView>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kMostRows = 5; // shown at once; more can be scrolled to

} // namespace

LogFiles::LogFiles(QWidget* parent)
    : Card(parent)
    , m_view(new TableView(QStringLiteral("log_files"), this))
{
    m_order.setSourceModel(&m_model);
    m_view->setModel(&m_order);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(1, Qt::AscendingOrder);
    m_view->setColumnWidths({120, 130, 84, 96, 110, 124, 110});
    connect(m_view, &TableView::notice, this, &LogFiles::notice);
    body()->addWidget(m_view);
    hide();
    retranslate();
}

void LogFiles::show(const metrics::Snapshot& snapshot)
{
    m_model.merge(snapshot.logs);
    const int rows = std::clamp(m_model.rowCount(), 1, kMostRows);
    const int line = m_view->verticalHeader()->defaultSectionSize();
    m_view->setFixedHeight(m_view->horizontalHeader()->sizeHint().height() + rows * line + 4);
    setVisible(!snapshot.logs.empty());
}

void LogFiles::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    Card::changeEvent(event);
}

void LogFiles::retranslate()
{
    setTitle(tr("Watched logs"));
    m_view->setAccessibleName(tr("Watched logs"));
    m_view->setEmptyText(tr("No log is watched. Name files under logs: in the configuration."));
}

} // namespace widgets

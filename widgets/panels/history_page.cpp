#include "widgets/panels/history_page.h"

#include "models/text.h"
#include "widgets/panels/incident_detail.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QEvent>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>

#include <chrono>

namespace widgets {

namespace {

constexpr int kHours[] = {1, 24, 168, 0}; // of the spans to choose from; 0 = all

} // namespace

HistoryPage::HistoryPage(const AlertCommands* commands, QWidget* parent)
    : QWidget(parent)
    , m_commands(commands)
    , m_needle(new QLineEdit(this))
    , m_severity(new QComboBox(this))
    , m_span(new QComboBox(this))
    , m_summary(new QLabel(this))
    , m_view(new TableView(QStringLiteral("incidents"), this))
    , m_detail(new IncidentDetail(this))
{
    m_order.setSourceModel(&m_model);
    m_view->setModel(&m_order);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(3, Qt::DescendingOrder);
    m_view->setColumnWidths({96, 170, 84, 160, 84, 130, 96});
    m_needle->setClearButtonEnabled(true);
    m_needle->setObjectName(QStringLiteral("history.needle"));
    m_summary->setProperty("role", QStringLiteral("muted"));
    for (int i = 0; i < 4; ++i) {
        m_severity->addItem(QString());
        m_span->addItem(QString());
    }
    m_span->setCurrentIndex(1);
    m_detail->hide();
    auto* filters = new QHBoxLayout;
    filters->addWidget(m_needle, 1);
    filters->addWidget(m_severity);
    filters->addWidget(m_span);
    filters->addWidget(m_summary, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addLayout(filters);
    layout->addWidget(m_view, 3);
    layout->addWidget(m_detail, 2);
    connect(m_needle, &QLineEdit::textChanged, this, &HistoryPage::refresh);
    connect(m_severity, &QComboBox::currentIndexChanged, this, &HistoryPage::refresh);
    connect(m_span, &QComboBox::currentIndexChanged, this, &HistoryPage::refresh);
    connect(m_view, &TableView::notice, this, &HistoryPage::notice);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &HistoryPage::showDetail);
    retranslate();
}

metrics::IncidentFilter HistoryPage::filter() const
{
    metrics::IncidentFilter filter;
    filter.text = m_needle->text().trimmed().toStdString();
    if (m_severity->currentIndex() > 0) {
        filter.severity = static_cast<metrics::Severity>(3 - m_severity->currentIndex());
    }
    if (const int hours = kHours[m_span->currentIndex()]; hours > 0) {
        filter.from = core::SystemClock::instance().wallNow() - std::chrono::hours(hours);
    }
    return filter;
}

void HistoryPage::refresh()
{
    if (m_commands != nullptr && m_commands->incidents) {
        m_model.merge(m_commands->incidents(filter()));
    }
    showSummary();
    showDetail();
}

// How soon people look, and how soon it is over: of those that were.
void HistoryPage::showSummary()
{
    core::Nanos toAck{0}, toEnd{0};
    int acked = 0, ended = 0;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const metrics::Incident& one = m_model.at(row);
        if (one.ackedAt != core::WallTime{}) {
            toAck += one.ackedAt - one.firedAt;
            ++acked;
        }
        if (!one.open()) {
            toEnd += one.resolvedAt - one.firedAt;
            ++ended;
        }
    }
    m_summary->setText(tr("%1 incidents · acknowledged after %2 · resolved after %3 (mean)")
                           .arg(m_model.rowCount())
                           .arg(models::spanText(acked > 0 ? toAck / acked : core::Nanos(0)),
                                models::spanText(ended > 0 ? toEnd / ended : core::Nanos(0))));
}

void HistoryPage::showDetail()
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    m_detail->setVisible(!rows.isEmpty());
    if (!rows.isEmpty()) {
        m_detail->show(m_model.at(m_order.mapToSource(rows.first()).row()));
    }
}

void HistoryPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void HistoryPage::retranslate()
{
    m_needle->setPlaceholderText(tr("Filter: name, label, text, who"));
    m_needle->setAccessibleName(tr("Filter of incidents"));
    m_severity->setAccessibleName(tr("Severity"));
    m_severity->setItemText(0, tr("Any severity"));
    m_severity->setItemText(1, models::word(metrics::Severity::Critical));
    m_severity->setItemText(2, models::word(metrics::Severity::Warning));
    m_severity->setItemText(3, models::word(metrics::Severity::Info));
    m_span->setAccessibleName(tr("Time"));
    m_span->setItemText(0, tr("Last hour"));
    m_span->setItemText(1, tr("Last day"));
    m_span->setItemText(2, tr("Last week"));
    m_span->setItemText(3, tr("All"));
    m_view->setEmptyText(tr("No incident in this time."));
    m_view->setAccessibleName(tr("Incidents"));
    showSummary();
}

} // namespace widgets

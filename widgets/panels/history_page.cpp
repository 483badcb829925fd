#include "widgets/panels/history_page.h"

#include "models/text.h"
#include "widgets/combo_box.h"
#include "widgets/panels/incident_detail.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

namespace widgets {

namespace {

constexpr int kHours[] = {1, 24, 168, 0}; // of the spans to choose from; 0 = all
constexpr int kPause = 200;               // ms
constexpr qint64 kAround = 5 * 60'000;    // ms before and after the moment of an incident

ComboBox* choice(QWidget* parent, const char* name, int rows)
{
    auto* box = new ComboBox(parent);
    box->setObjectName(QString::fromLatin1(name));
    for (int i = 0; i < rows; ++i) {
        box->addItem(QString());
    }
    return box;
}

// One list of both, each once, the newer version of each; both are newest first.
std::vector<metrics::Incident> together(const std::vector<metrics::Incident>& recent,
                                        const std::vector<metrics::Incident>& past)
{
    std::set<std::string> known;
    std::vector<metrics::Incident> all;
    for (const auto* rows : {&recent, &past}) {
        for (const metrics::Incident& one : *rows) {
            if (known.insert(one.id).second) {
                all.push_back(one);
            }
        }
    }
    return all;
}

} // namespace

HistoryPage::HistoryPage(const AlertCommands* commands, QWidget* parent)
    : QWidget(parent)
    , m_commands(commands)
    , m_needle(new QLineEdit(this))
    , m_rule(choice(this, "history.rule", 1))
    , m_severity(choice(this, "history.severity", 4))
    , m_state(choice(this, "history.state", 3))
    , m_span(choice(this, "history.span", 4))
    , m_export(new QPushButton(this))
    , m_summary(new QLabel(this))
    , m_view(new TableView(QStringLiteral("incidents"), this))
    , m_detail(new IncidentDetail(commands, this))
{
    m_order.setSourceModel(&m_model);
    m_view->setModel(&m_order);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(3, Qt::DescendingOrder);
    m_view->setColumnWidths({76, 150, 78, 196, 70, 84, 110, 50});
    m_summary->setProperty("role", QStringLiteral("muted"));
    m_span->setCurrentIndex(1);
    m_detail->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addLayout(buildFilters());
    layout->addWidget(m_summary);
    layout->addWidget(m_view, 3);
    layout->addWidget(m_detail, 2);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &HistoryPage::search);
    connect(m_view, &TableView::notice, this, &HistoryPage::notice);
    connect(m_view, &QAbstractItemView::doubleClicked, this, &HistoryPage::travelTo);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &HistoryPage::showDetail);
    retranslate();
}

QLayout* HistoryPage::buildFilters()
{
    m_needle->setClearButtonEnabled(true);
    m_needle->setObjectName(QStringLiteral("history.needle"));
    m_export->setObjectName(QStringLiteral("history.export"));
    m_rule->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kSmall);
    row->addWidget(m_needle, 1);
    for (QComboBox* box : {m_rule, m_severity, m_state, m_span}) {
        row->addWidget(box);
        connect(box, &QComboBox::currentIndexChanged, this, [this] { m_pause.start(); });
    }
    row->addWidget(m_export);
    connect(m_needle, &QLineEdit::textChanged, this, [this] { m_pause.start(); });
    connect(m_export, &QPushButton::clicked, m_view, &TableView::exportCsv);
    return row;
}

metrics::IncidentFilter HistoryPage::filter() const
{
    using Phase = metrics::IncidentFilter::Phase;
    metrics::IncidentFilter filter;
    filter.text = m_needle->text().trimmed().toStdString();
    filter.rule = m_rule->currentData().toString().toStdString();
    filter.limit = kMost;
    if (m_severity->currentIndex() > 0) {
        filter.severity = static_cast<metrics::Severity>(3 - m_severity->currentIndex());
    }
    filter.phase = m_state->currentIndex() == 1   ? Phase::Open
                   : m_state->currentIndex() == 2 ? Phase::Over
                                                  : Phase::Any;
    if (const int hours = kHours[m_span->currentIndex()]; hours > 0) {
        filter.from = core::SystemClock::instance().wallNow() - std::chrono::hours(hours);
    }
    return filter;
}

void HistoryPage::showEvent(QShowEvent* event)
{
    search();
    QWidget::showEvent(event);
}

void HistoryPage::search()
{
    m_pause.stop();
    if (m_commands == nullptr || !m_commands->searchIncidents) {
        refresh();
        return;
    }
    const int number = ++m_asked;
    m_commands->searchIncidents(filter(), [self = QPointer<HistoryPage>(this),
                                           number](std::vector<metrics::Incident> rows, bool more) {
        if (self && number == self->m_asked) { // else a newer wish is on its way
            self->m_answered = number;
            self->take(std::move(rows), more);
        }
    });
}

void HistoryPage::take(std::vector<metrics::Incident> rows, bool more)
{
    m_past = std::move(rows);
    m_more = more;
    m_recent.clear();
    m_model.merge(m_past);
    offerRules();
    refresh();
    showSummary();
    showDetail();
}

void HistoryPage::refresh()
{
    m_detail->look();
    if (m_commands == nullptr || !m_commands->incidents || m_answered != m_asked || m_pause.isActive()) {
        return;
    }
    metrics::IncidentFilter newest = filter();
    newest.limit = 100;
    std::vector<metrics::Incident> recent = m_commands->incidents(newest);
    for (metrics::Incident& one : recent) {
        one.evidence = m_commands->readIncident ? metrics::Evidence() : std::move(one.evidence); // asked when chosen
    }
    if (recent == m_recent) {
        return;
    }
    m_recent = std::move(recent);
    m_model.merge(together(m_recent, m_past));
    showSummary();
    showDetail();
}

// Rules that have ever fired in this time; the chosen one stays.
void HistoryPage::offerRules()
{
    const QString chosen = m_rule->currentData().toString();
    std::set<QString> names;
    for (int row = 0; row < m_rule->count(); ++row) {
        names.insert(m_rule->itemData(row).toString());
    }
    const QSignalBlocker quiet(m_rule);
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const QString name = models::text(m_model.at(row).rule);
        if (names.insert(name).second) {
            int at = 1;
            while (at < m_rule->count() && m_rule->itemText(at) < name) {
                ++at;
            }
            m_rule->insertItem(at, name, name);
        }
    }
    m_rule->setCurrentIndex(std::max(0, m_rule->findData(chosen)));
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
    const QString count =
        m_more ? tr("the newest %1").arg(m_model.rowCount()) : QString::number(m_model.rowCount());
    m_summary->setText(tr("%1 incidents · acknowledged after %2 · resolved after %3 (mean)")
                           .arg(count, models::spanText(acked > 0 ? toAck / acked : core::Nanos(0)),
                                models::spanText(ended > 0 ? toEnd / ended : core::Nanos(0))));
}

void HistoryPage::showDetail()
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    if (rows.isEmpty()) {
        m_chosen.clear();
        m_detail->hide();
        return;
    }
    const metrics::Incident& row = m_model.at(m_order.mapToSource(rows.first()).row());
    m_detail->setVisible(true);
    if (row.id != m_chosen) {
        m_detail->show(row);
    }
    m_chosen = row.id;
    if (m_commands == nullptr || !m_commands->readIncident) {
        m_detail->show(row);
        return;
    }
    m_commands->readIncident(row, [self = QPointer<HistoryPage>(this),
                                   id = row.id](const std::shared_ptr<const metrics::Incident>& incident) {
        if (self && incident && self->m_chosen == id) {
            self->m_detail->show(*incident);
        }
    });
}

void HistoryPage::travelTo(const QModelIndex& index)
{
    const qint64 at = core::epochMillis(m_model.at(m_order.mapToSource(index).row()).firedAt);
    Q_EMIT travelAsked({TravelWish::Kind::Select, at - kAround, at + kAround, 1});
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
    m_rule->setAccessibleName(tr("Rule"));
    m_rule->setItemText(0, tr("Any rule"));
    m_severity->setAccessibleName(tr("Severity"));
    m_severity->setItemText(0, tr("Any severity"));
    m_severity->setItemText(1, models::word(metrics::Severity::Critical));
    m_severity->setItemText(2, models::word(metrics::Severity::Warning));
    m_severity->setItemText(3, models::word(metrics::Severity::Info));
    m_state->setAccessibleName(tr("State"));
    m_state->setItemText(0, tr("Any state"));
    m_state->setItemText(1, models::word(metrics::AlertState::Firing));
    m_state->setItemText(2, models::word(metrics::AlertState::Resolved));
    m_span->setAccessibleName(tr("Time"));
    m_span->setItemText(0, tr("Last hour"));
    m_span->setItemText(1, tr("Last day"));
    m_span->setItemText(2, tr("Last week"));
    m_span->setItemText(3, tr("All"));
    m_export->setText(tr("Export CSV …"));
    m_view->setEmptyText(tr("No incident in this time."));
    m_view->setAccessibleName(tr("Incidents"));
    m_view->setToolTip(tr("A double click shows the charts five minutes before and after"));
    showSummary();
}

} // namespace widgets

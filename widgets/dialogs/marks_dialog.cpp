#include "widgets/dialogs/marks_dialog.h"

#include "models/text.h"
#include "widgets/combo_box.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/dialogs/note_dialog.h"
#include "widgets/table_view.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QEvent>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>
#include <chrono>
#include <limits>

namespace widgets {

namespace {

using Kind = metrics::Mark::Kind;

// What can be chosen, in the order of the box; the first is all.
enum class Group { All, Notes, Alerts, Scenarios, Settings, Database, Gaps };
constexpr int kGroups = 7;
constexpr int kDays[] = {0, 1, 7, 90, 0}; // of the spans; the first is what the charts show, the last is all
constexpr qint64 kDayMillis = 24LL * 3'600'000;

Group groupOf(Kind kind)
{
    switch (kind) {
    case Kind::Note:
        return Group::Notes;
    case Kind::AlertFired:
    case Kind::AlertResolved:
        return Group::Alerts;
    case Kind::ScenarioStarted:
    case Kind::ScenarioEnded:
        return Group::Scenarios;
    case Kind::SettingChanged:
        return Group::Settings;
    case Kind::ServerDown:
    case Kind::ServerUp:
        return Group::Database;
    case Kind::Restarted:
    case Kind::Gap:
        break;
    }
    return Group::Gaps;
}

} // namespace

MarksDialog::MarksDialog(metrics::Diary& diary, QWidget* parent)
    : QDialog(parent)
    , m_diary(diary)
    , m_loader(&diary)
    , m_needle(new QLineEdit(this))
    , m_kind(new ComboBox(this))
    , m_span(new ComboBox(this))
    , m_count(new QLabel(this))
    , m_view(new TableView(QStringLiteral("marks"), this))
    , m_go(new QPushButton(this))
    , m_edit(new QPushButton(this))
    , m_remove(new QPushButton(this))
    , m_new(new QPushButton(this))
    , m_export(new QPushButton(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    build();
    connectAll();
    retranslate();
    chosenChanged();
    resize(760, 520);
}

void MarksDialog::build()
{
    m_order.setSourceModel(&m_model);
    m_view->setModel(&m_order);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(0, Qt::DescendingOrder);
    m_view->setColumnWidths({190, 130, 90});
    m_needle->setClearButtonEnabled(true);
    m_needle->setObjectName(QStringLiteral("marks.needle"));
    m_kind->setObjectName(QStringLiteral("marks.kind"));
    m_span->setObjectName(QStringLiteral("marks.span"));
    m_count->setProperty("role", QStringLiteral("muted"));
    for (int i = 0; i < kGroups; ++i) {
        m_kind->addItem(QString());
    }
    for (std::size_t i = 0; i < std::size(kDays); ++i) {
        m_span->addItem(QString());
    }
    auto* filters = new QHBoxLayout;
    filters->addWidget(m_needle, 1);
    filters->addWidget(m_kind);
    filters->addWidget(m_span);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_go);
    buttons->addWidget(m_edit);
    buttons->addWidget(m_remove);
    buttons->addWidget(m_new);
    buttons->addWidget(m_count, 1);
    buttons->addWidget(m_export);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    column->setSpacing(space::kMedium);
    column->addLayout(filters);
    column->addWidget(m_view, 1);
    column->addLayout(buttons);
    for (QPushButton* button : {m_go, m_edit, m_remove, m_new, m_export}) {
        button->setAutoDefault(false); // Enter in the table goes there
    }
    for (QPushButton* button : {m_edit, m_remove, m_new}) {
        button->setVisible(m_diary.changes());
    }
    m_edit->setObjectName(QStringLiteral("marks.edit"));
    m_remove->setObjectName(QStringLiteral("marks.remove"));
}

void MarksDialog::connectAll()
{
    m_again.setInterval(2000);
    m_again.start();
    connect(&m_again, &QTimer::timeout, this, &MarksDialog::refresh);
    connect(&m_loader, &MarkLoader::arrived, this, [this] { fill(m_loader.entries()); });
    connect(m_needle, &QLineEdit::textChanged, &m_order, &models::SortProxy::setNeedle);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] { fill(m_loader.entries()); });
    connect(m_span, &QComboBox::currentIndexChanged, this, &MarksDialog::refresh);
    connect(m_view, &TableView::notice, this, &MarksDialog::toast);
    connect(m_view, &QAbstractItemView::activated, this, &MarksDialog::jump);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &MarksDialog::chosenChanged);
    connect(m_go, &QPushButton::clicked, this, &MarksDialog::jump);
    connect(m_edit, &QPushButton::clicked, this, &MarksDialog::rewriteChosen);
    connect(m_remove, &QPushButton::clicked, this, &MarksDialog::removeChosen);
    connect(m_new, &QPushButton::clicked, this, &MarksDialog::noteAsked);
    connect(m_export, &QPushButton::clicked, m_view, &TableView::exportCsv);
}

void MarksDialog::setShown(qint64 from, qint64 to)
{
    follow(from, to);
    refresh();
}

void MarksDialog::follow(qint64 from, qint64 to)
{
    m_from = from;
    m_to = to;
}

void MarksDialog::refresh()
{
    const int span = m_span->currentIndex();
    if (span == 0) {
        m_loader.load(m_from, m_to);
        return;
    }
    const qint64 now = core::epochMillis(core::SystemClock::instance().wallNow());
    if (kDays[span] == 0) {
        m_loader.load(0, now);
        return;
    }
    const qint64 last = m_diary.changes() ? now : m_to; // a recording's days end where it stands
    m_loader.load(last - kDays[span] * kDayMillis, last);
}

void MarksDialog::fill(const std::vector<metrics::DiaryEntry>& entries)
{
    const auto group = static_cast<Group>(m_kind->currentIndex());
    std::vector<metrics::DiaryEntry> wanted;
    std::copy_if(entries.begin(), entries.end(), std::back_inserter(wanted),
                 [group](const metrics::DiaryEntry& entry) {
                     return group == Group::All || groupOf(entry.mark.kind) == group;
                 });
    m_model.merge(wanted);
    m_count->setText(tr("Entries: %1").arg(m_model.rowCount()));
    chosenChanged();
}

const metrics::DiaryEntry* MarksDialog::chosen() const
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : &m_model.at(m_order.mapToSource(rows.first()).row());
}

void MarksDialog::chosenChanged()
{
    const metrics::DiaryEntry* entry = chosen();
    const bool note = entry != nullptr && entry->mark.kind == Kind::Note;
    m_go->setEnabled(entry != nullptr);
    m_edit->setEnabled(note);
    m_remove->setEnabled(note);
}

void MarksDialog::jump()
{
    if (const metrics::DiaryEntry* entry = chosen()) {
        Q_EMIT jumpAsked(core::epochMillis(entry->mark.at),
                         core::epochMillis(std::max(entry->mark.at, entry->mark.until)));
    }
}

void MarksDialog::rewriteChosen()
{
    const metrics::DiaryEntry* entry = chosen();
    if (entry == nullptr) {
        return;
    }
    auto* dialog = new NoteDialog(core::epochMillis(entry->mark.at), this, models::text(entry->mark.text));
    connect(dialog, &NoteDialog::written, this, [this, note = *entry](qint64, const QString& text) {
        m_diary.rewrite(note, text.toStdString());
        refresh();
    });
    dialog->open();
}

void MarksDialog::removeChosen()
{
    const metrics::DiaryEntry* entry = chosen();
    if (entry == nullptr) {
        return;
    }
    confirm(this, {tr("Delete the note"), models::text(entry->mark.text), tr("Delete the note")},
            [this, note = *entry] {
                m_diary.remove(note);
                refresh();
            });
}

void MarksDialog::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QDialog::changeEvent(event);
}

void MarksDialog::retranslate()
{
    setWindowTitle(tr("Marks and notes"));
    m_needle->setPlaceholderText(tr("Filter: text, kind, time"));
    m_needle->setAccessibleName(tr("Filter of marks"));
    m_kind->setAccessibleName(tr("Kind"));
    const QString kinds[kGroups] = {tr("Everything"), tr("Own notes"), tr("Alerts"),         tr("Scenarios"),
                                    tr("Settings"),   tr("Database"),  tr("No data, starts")};
    for (int i = 0; i < kGroups; ++i) {
        m_kind->setItemText(i, kinds[i]);
    }
    m_span->setAccessibleName(tr("Time"));
    const QString spans[] = {tr("What the charts show"), tr("Last day"), tr("Last 7 days"),
                             tr("Last 90 days"), tr("Any time")};
    for (int i = 0; i < m_span->count(); ++i) {
        m_span->setItemText(i, spans[i]);
    }
    m_view->setAccessibleName(tr("Marks and notes"));
    m_view->setEmptyText(tr("Nothing happened in this time"));
    m_go->setText(tr("Show in the charts"));
    m_edit->setText(tr("Edit…"));
    m_remove->setText(tr("Delete"));
    m_new->setText(tr("New note…"));
    m_export->setText(tr("Export CSV…"));
    m_count->setText(tr("Entries: %1").arg(m_model.rowCount()));
}

} // namespace widgets

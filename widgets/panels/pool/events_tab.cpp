#include "widgets/panels/pool/events_tab.h"

#include "models/event_words.h"
#include "widgets/combo_box.h"
#include "widgets/save_file.h"
#include "widgets/table_view.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>

namespace widgets {

EventsTab::EventsTab(const PanelContext& context, QWidget* parent)
    : PoolTab(context, parent)
    , m_view(new TableView(QStringLiteral("events"), this))
    , m_kinds(new ComboBox(this))
    , m_text(new QLineEdit(this))
    , m_save(new QPushButton(this))
    , m_count(new QLabel(this))
{
    m_view->setModel(&m_model);
    m_view->setColumnWidths({104, 150, 54, 84, 84, 84, 130, 210});
    m_kinds->setObjectName(QStringLiteral("pool.events.kind"));
    m_kinds->setMaxVisibleItems(20);
    m_text->setObjectName(QStringLiteral("pool.events.filter"));
    m_text->setClearButtonEnabled(true);
    m_save->setObjectName(QStringLiteral("pool.events.save"));
    m_count->setProperty("role", QStringLiteral("muted"));
    auto* bar = new QHBoxLayout;
    bar->setSpacing(space::kSmall);
    bar->addWidget(m_kinds);
    bar->addWidget(m_text, 1);
    bar->addWidget(m_save);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(space::kSmall);
    column->addLayout(bar);
    column->addWidget(m_view, 1);
    column->addWidget(m_count);
    connect(m_view, &TableView::notice, this, &EventsTab::toast);
    connect(m_kinds, &QComboBox::currentIndexChanged, this, &EventsTab::filter);
    connect(m_text, &QLineEdit::textChanged, this, &EventsTab::filter);
    connect(m_save, &QPushButton::clicked, this, &EventsTab::save);
    EventsTab::retranslate();
}

void EventsTab::fillKinds()
{
    const QSignalBlocker quiet(m_kinds);
    const QVariant chosen = m_kinds->currentData();
    m_kinds->clear();
    m_kinds->addItem(tr("All events"), QString());
    m_kinds->addItem(tr("Those that need attention"), QStringLiteral("attention"));
    for (const models::EventWord& word : models::eventWords()) {
        m_kinds->addItem(models::eventText(word.kind),
                         QString::fromLatin1(word.kind.data(), static_cast<qsizetype>(word.kind.size())));
    }
    m_kinds->setCurrentIndex(std::max(0, m_kinds->findData(chosen)));
}

void EventsTab::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    Q_UNUSED(snapshot)
    if (context().witness != nullptr) {
        m_model.append(context().witness->events(m_model.lastNumber(), models::EventModel::kCapacity));
    }
    showCount();
}

bool EventsTab::showHint(const QString& hint)
{
    const int index = m_kinds->findData(hint);
    if (index >= 0) {
        m_kinds->setCurrentIndex(index);
    }
    return index >= 0;
}

void EventsTab::filter()
{
    m_model.setFilter(m_kinds->currentData().toString().toStdString(), m_text->text());
    showCount();
}

void EventsTab::save()
{
    auto* dialog = new QFileDialog(this, tr("Save the events shown"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("jsonl"));
    dialog->setNameFilter(tr("JSON lines (*.jsonl)"));
    dialog->selectFile(QStringLiteral("pool-events.jsonl"));
    connect(dialog, &QFileDialog::fileSelected, this, &EventsTab::saveTo);
    dialog->open();
}

void EventsTab::saveTo(const QString& path)
{
    saveFile(
        path, [events = m_model.shown()](const models::TextSink& sink) { return models::writeEvents(events, sink); }, this,
        [this](const QString& told) { Q_EMIT toast(told); });
}

void EventsTab::showCount()
{
    m_count->setText(tr("%1 of %2 events shown, newest first; the newest %3 are kept")
                         .arg(m_model.rowCount())
                         .arg(m_model.kept())
                         .arg(models::EventModel::kCapacity));
}

void EventsTab::retranslate()
{
    fillKinds();
    m_kinds->setAccessibleName(tr("Kind of event"));
    m_text->setPlaceholderText(tr("Filter: caller, place in the code, details, SQLSTATE"));
    m_text->setAccessibleName(tr("Filter the events"));
    m_save->setText(tr("Export JSONL…"));
    m_view->setEmptyText(tr("No events of this kind yet."));
    m_view->setAccessibleName(tr("Events of the pool"));
    showCount();
}

} // namespace widgets

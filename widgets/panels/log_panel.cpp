#include "widgets/panels/log_panel.h"

#include "models/log_model.h"
#include "models/text.h"
#include "models/zone.h"
#include "widgets/combo_box.h"
#include "widgets/panels/log_files.h"
#include "widgets/save_file.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QToolButton>

#include <array>

namespace widgets {

namespace {

constexpr std::array kLevels{metrics::LogLevel::Debug, metrics::LogLevel::Info, metrics::LogLevel::Warning,
                             metrics::LogLevel::Error};
constexpr int kInfo = 1;

} // namespace

LogPanel::LogPanel(const PanelContext& context, QWidget* parent)
    : Panel(context, parent)
    , m_filter(*context.log)
{
    auto* card = new QFrame(this);
    card->setProperty("role", QStringLiteral("card"));
    m_view = new TableView(QStringLiteral("log"), card);
    m_view->setModel(&m_filter);
    m_view->setColumnWidths({110, 100, 124});
    m_count = new QLabel(card);
    m_count->setProperty("role", QStringLiteral("muted"));
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(space::kMedium, space::kMedium, space::kMedium, space::kSmall);
    inside->setSpacing(space::kSmall);
    inside->addWidget(buildBar());
    inside->addWidget(m_view, 1);
    inside->addWidget(m_count);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kMedium, space::kLarge, space::kMedium);
    m_files = new LogFiles(this);
    layout->setSpacing(space::kMedium);
    layout->addWidget(m_files);
    layout->addWidget(card, 1);
    connect(m_files, &LogFiles::notice, this, &LogPanel::toast);
    connect(m_view, &TableView::notice, this, &LogPanel::toast);
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, &LogPanel::watchScrolling);
    connect(&m_filter, &QAbstractItemModel::rowsInserted, this, &LogPanel::follow);
    connect(&m_filter, &QAbstractItemModel::rowsRemoved, this, &LogPanel::showCount);
    connect(&m_filter, &QAbstractItemModel::modelReset, this, &LogPanel::showCount);
    retranslate();
    filter();
}

QWidget* LogPanel::buildBar()
{
    auto* bar = new QWidget(this);
    m_level = new ComboBox(bar);
    for (const metrics::LogLevel level : kLevels) {
        m_level->addItem(models::word(level));
    }
    m_level->setCurrentIndex(kInfo);
    m_text = new QLineEdit(bar);
    m_text->setObjectName(QStringLiteral("log.filter"));
    m_text->setClearButtonEnabled(true);
    m_follow = new QToolButton(bar);
    m_follow->setObjectName(QStringLiteral("log.follow"));
    m_follow->setProperty("kind", QStringLiteral("segment"));
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    m_copy = new QPushButton(bar);
    m_clear = new QPushButton(bar);
    m_save = new QPushButton(bar);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kSmall);
    row->addWidget(m_level);
    row->addWidget(m_text, 1);
    for (QWidget* widget : {static_cast<QWidget*>(m_follow), static_cast<QWidget*>(m_copy),
                            static_cast<QWidget*>(m_clear), static_cast<QWidget*>(m_save)}) {
        row->addWidget(widget);
    }
    connect(m_level, &QComboBox::currentIndexChanged, this, &LogPanel::filter);
    connect(m_text, &QLineEdit::textChanged, this, &LogPanel::filter);
    connect(m_follow, &QToolButton::clicked, this, &LogPanel::follow);
    connect(m_copy, &QPushButton::clicked, m_view, &TableView::copy);
    connect(m_clear, &QPushButton::clicked, this, [this] { this->context().log->clear(); });
    connect(m_save, &QPushButton::clicked, this, &LogPanel::save);
    return bar;
}

void LogPanel::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_files->show(*snapshot); // our own lines have a way of their own: their model
}

void LogPanel::filter()
{
    const QScopedValueRollback<bool> scrolling(m_scrolling, true);
    m_filter.setMinimum(kLevels[static_cast<std::size_t>(std::max(0, m_level->currentIndex()))]);
    m_filter.setPattern(m_text->text());
    follow();
}

void LogPanel::follow()
{
    const QScopedValueRollback<bool> scrolling(m_scrolling, true);
    if (m_follow->isChecked()) {
        m_view->scrollToBottom();
    }
    showCount();
}

void LogPanel::watchScrolling(int value)
{
    if (!m_scrolling) {
        m_follow->setChecked(value >= m_view->verticalScrollBar()->maximum());
    }
}

void LogPanel::save()
{
    auto* dialog = new QFileDialog(this, tr("Save the log lines shown"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("log"));
    dialog->selectFile(QStringLiteral("poolscope.log"));
    connect(dialog, &QFileDialog::fileSelected, this, &LogPanel::saveTo);
    dialog->open();
}

void LogPanel::saveTo(const QString& path)
{
    std::vector<metrics::LogEntry> lines;
    lines.reserve(static_cast<std::size_t>(m_filter.rowCount()));
    for (int row = 0; row < m_filter.rowCount(); ++row) {
        lines.push_back(context().log->at(m_filter.mapToSource(m_filter.index(row, 0)).row()));
    }
    saveFile(
        path,
        [lines = std::move(lines), zone = models::Zone::of().zone()](const models::TextSink& sink) {
            return models::writeLog(lines, zone, sink);
        },
        this, [this](const QString& told) { Q_EMIT toast(told); });
}

void LogPanel::showCount()
{
    const QString problem = m_filter.problem();
    m_count->setText(problem.isEmpty()
                         ? tr("%1 of %2 lines shown, the newest %3 are kept")
                               .arg(m_filter.rowCount())
                               .arg(context().log->rowCount())
                               .arg(models::LogModel::kCapacity)
                         : tr("No valid expression (%1): looked for as it stands").arg(problem));
}

void LogPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    Panel::changeEvent(event);
}

void LogPanel::retranslate()
{
    m_level->setAccessibleName(tr("Lowest level shown"));
    m_level->setToolTip(tr("Lowest level shown"));
    m_text->setPlaceholderText(tr("Filter: a text, or /a regular expression/"));
    m_text->setAccessibleName(tr("Filter the log"));
    m_follow->setText(tr("Follow"));
    m_follow->setToolTip(tr("Stays at the newest line; scrolling up stops it"));
    m_copy->setText(tr("Copy"));
    m_clear->setText(tr("Clear view"));
    m_clear->setToolTip(tr("Empties the view, not the log file"));
    m_save->setText(tr("Save…"));
    m_view->setEmptyText(tr("No lines of this kind yet."));
    m_view->setAccessibleName(tr("Log lines"));
    showCount();
}

} // namespace widgets

#include "widgets/table_view.h"

#include "models/table_csv.h"
#include "widgets/delegates/level_delegate.h"
#include "widgets/save_file.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScopedValueRollback>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kRowHeight = 26;
constexpr int kTextWidth = 120; // px: narrower columns hold a word or a number
constexpr int kLastWidth = 240; // px the last column needs, about
constexpr double kMostGrowth = 0.9;

QString rowText(const QAbstractItemModel& model, int row)
{
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column) {
        cells += model.index(row, column).data().toString();
    }
    return cells.join(QLatin1Char('\t'));
}

} // namespace

TableView::TableView(const QString& name, QWidget* parent)
    : QTableView(parent)
{
    setObjectName(name);
    setItemDelegate(new LevelDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setMinimumHeight(4 * kRowHeight);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(
        QHeaderView::Fixed); // measured: ResizeToContents costs 22 ms an update
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(36);
    horizontalHeader()->setSectionsMovable(true);
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column) {
        if (!m_sharing && horizontalHeader()->visualIndex(column) + 1 < horizontalHeader()->count()) {
            m_widths.clear(); // somebody has set it, the last one sets itself
        }
    });
}

void TableView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

void TableView::setColumnWidths(const std::vector<int>& widths)
{
    m_widths = widths;
    share();
}

void TableView::setWidths(const std::vector<int>& widths)
{
    const QScopedValueRollback<bool> sharing(m_sharing, true);
    for (std::size_t column = 0; column < widths.size(); ++column) {
        setColumnWidth(static_cast<int>(column), widths[column]);
    }
}

// What is shared today is not what is kept: the next window may be a small one.
QByteArray TableView::headerState()
{
    setWidths(m_widths);
    const QByteArray state = horizontalHeader()->saveState();
    share();
    return state;
}

void TableView::restoreHeader(const QByteArray& state)
{
    setWidths(m_widths);
    if (horizontalHeader()->restoreState(state)) {
        for (std::size_t column = 0; column < m_widths.size(); ++column) {
            if (columnWidth(static_cast<int>(column)) != m_widths[column]) {
                m_widths.clear(); // somebody's own
            }
        }
    }
    share();
}

// What is left over in a wide table, to those columns that are cut off: of text, and not a word.
void TableView::share()
{
    const auto isText = [this](std::size_t column) {
        const QVariant align = model() != nullptr ? model()->headerData(static_cast<int>(column), Qt::Horizontal,
                                                                        Qt::TextAlignmentRole)
                                                  : QVariant();
        return m_widths[column] >= kTextWidth && (align.toInt() & Qt::AlignRight) == 0;
    };
    int used = kLastWidth;
    int text = kLastWidth;
    for (std::size_t column = 0; column < m_widths.size(); ++column) {
        used += m_widths[column];
        text += isText(column) ? m_widths[column] : 0;
    }
    const double left = std::max(0, viewport()->width() - used);
    const double growth = std::min(kMostGrowth, left / text);
    std::vector<int> widths = m_widths;
    for (std::size_t column = 0; column < widths.size(); ++column) {
        widths[column] += static_cast<int>(isText(column) ? m_widths[column] * growth : 0);
    }
    setWidths(widths);
}

void TableView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    share();
}

QString TableView::chosenText() const
{
    QStringList lines;
    if (!model()) {
        return {};
    }
    QModelIndexList chosen = selectionModel()->selectedRows();
    std::sort(chosen.begin(), chosen.end());
    for (const QModelIndex& index : chosen) {
        lines += rowText(*model(), index.row());
    }
    for (int row = 0; chosen.isEmpty() && row < model()->rowCount(); ++row) {
        lines += rowText(*model(), row);
    }
    return lines.join(QLatin1Char('\n'));
}

void TableView::copy()
{
    const QString text = chosenText();
    if (!text.isEmpty()) {
        QApplication::clipboard()->setText(text);
        Q_EMIT notice(tr("Lines copied: %1").arg(text.count(QLatin1Char('\n')) + 1));
    }
}

void TableView::exportCsv()
{
    auto* dialog = new QFileDialog(this, tr("Export table"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->setNameFilters({tr("CSV files (*.csv)"), tr("JSON (*.json)"), tr("JSON Lines (*.jsonl)")});
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section(QLatin1Char('.'), -1).chopped(1));
    });
    dialog->selectFile(objectName() + QStringLiteral(".csv"));
    connect(dialog, &QFileDialog::fileSelected, this, &TableView::saveTo);
    dialog->open();
}

void TableView::saveTo(const QString& path)
{
    saveFile(
        path,
        [content = models::contentOf(*model()), form = models::tableFormOf(path)](const models::TextSink& sink) {
            return models::writeTable(content, form, sink);
        },
        this, [this](const QString& told) { Q_EMIT notice(told); });
}

void TableView::addMenuAction(QAction* action)
{
    m_menuActions.push_back(action);
}

void TableView::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (QAction* action : m_menuActions) {
        menu->addAction(action);
    }
    if (!m_menuActions.empty()) {
        menu->addSeparator();
    }
    connect(menu->addAction(tr("Copy")), &QAction::triggered, this, &TableView::copy);
    connect(menu->addAction(tr("Export…")), &QAction::triggered, this, &TableView::exportCsv);
    menu->popup(event->globalPos());
}

void TableView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return;
    }
    QTableView::keyPressEvent(event);
}

void TableView::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    if (!model() || model()->rowCount() > 0 || m_emptyText.isEmpty()) {
        return;
    }
    QPainter painter(viewport());
    painter.setPen(Theme::of().palette().muted);
    painter.drawText(viewport()->rect().adjusted(space::kLarge, 0, -space::kLarge, 0),
                     Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

void TableView::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        horizontalHeader()->viewport()->update();
        viewport()->update();
    }
}

} // namespace widgets

#include "widgets/panels/segmented_tables.h"

#include "widgets/theme.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QItemSelectionModel>
#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>

#include <utility>

namespace widgets {

SegmentedTables::SegmentedTables(QString name, QWidget* parent)
    : QWidget(parent)
    , m_name(std::move(name))
    , m_head(new QHBoxLayout)
    , m_buttons(new QButtonGroup(this))
    , m_health(new QLabel(this))
    , m_stack(new QStackedWidget(this))
{
    m_health->setObjectName(m_name + QStringLiteral(".health"));
    m_health->setProperty("role", QStringLiteral("muted"));
    m_health->setTextFormat(Qt::PlainText);
    m_health->setSizePolicy(QSizePolicy::Ignored,
                            QSizePolicy::Preferred); // long reasons do not widen the window
    m_head->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addLayout(m_head);
    layout->addWidget(m_health);
    layout->addWidget(m_stack, 1);
    connect(m_buttons, &QButtonGroup::idClicked, this, [this](int which) {
        m_stack->setCurrentIndex(which);
        Q_EMIT currentChanged(which);
    });
}

TableView& SegmentedTables::add(const Names& names, QAbstractItemModel& model, const std::vector<int>& widths)
{
    const int which = static_cast<int>(m_views.size());
    auto* button = new QToolButton(this);
    button->setObjectName(m_name + QLatin1Char('.') + QLatin1String(names.button));
    button->setProperty("kind", QStringLiteral("segment"));
    button->setCheckable(true);
    button->setChecked(which == 0);
    m_buttons->addButton(button, which);
    m_head->insertWidget(which, button);
    View& view = m_views.emplace_back();
    view.order.setSourceModel(&model);
    view.table = new TableView(m_name + QLatin1Char('.') + QLatin1String(names.table), this);
    view.table->setModel(&view.order);
    view.table->setSortingEnabled(true);
    view.table->sortByColumn(0, Qt::AscendingOrder);
    view.table->setColumnWidths(widths);
    connect(view.table, &TableView::notice, this, &SegmentedTables::notice);
    m_stack->addWidget(view.table);
    return *view.table;
}

void SegmentedTables::addTool(QWidget* tool)
{
    m_head->addWidget(tool);
}

int SegmentedTables::current() const
{
    return m_stack->currentIndex();
}

int SegmentedTables::chosenRow(int which) const
{
    const View& view = m_views[static_cast<std::size_t>(which)];
    const QModelIndexList rows = view.table->selectionModel()->selectedRows();
    return rows.isEmpty() ? -1 : view.order.mapToSource(rows.first()).row();
}

void SegmentedTables::setTitle(int which, const QString& text)
{
    m_buttons->button(which)->setText(text);
}

void SegmentedTables::setNeedle(const QString& needle)
{
    for (View& view : m_views) {
        view.order.setNeedle(needle);
    }
}

void SegmentedTables::setHealth(const QString& text, const QString& toolTip)
{
    m_health->setVisible(!text.isEmpty());
    m_health->setText(text);
    m_health->setToolTip(toolTip);
}

} // namespace widgets

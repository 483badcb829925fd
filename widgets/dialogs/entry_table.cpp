#include "widgets/dialogs/entry_table.h"

#include "models/text.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTableWidget>

namespace widgets {

namespace {

constexpr int kNameWidth = 150;
constexpr int kLeastHeight = 96;

QString textAt(const QTableWidget& table, int row, int column)
{
    const QTableWidgetItem* item = table.item(row, column);
    return item != nullptr ? item->text() : QString();
}

} // namespace

EntryTable::EntryTable(const QString& what, QWidget* parent)
    : QWidget(parent)
    , m_table(new QTableWidget(0, 2, this))
    , m_add(new QPushButton(QStringLiteral("+"), this))
    , m_remove(new QPushButton(QStringLiteral("−"), this))
{
    m_table->setHorizontalHeaderLabels({tr("Name"), tr("Text")});
    m_table->setAccessibleName(what);
    m_table->verticalHeader()->hide();
    m_table->setColumnWidth(0, kNameWidth);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setMinimumHeight(kLeastHeight);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_add->setToolTip(tr("Add a line"));
    m_add->setAccessibleName(what + QStringLiteral(": ") + m_add->toolTip());
    m_remove->setToolTip(tr("Take the chosen line away"));
    m_remove->setAccessibleName(what + QStringLiteral(": ") + m_remove->toolTip());
    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(space::kTiny);
    for (QPushButton* button : {m_add, m_remove}) {
        button->setFixedWidth(32);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    connect(m_table, &QTableWidget::itemChanged, this, &EntryTable::edited);
    connect(m_add, &QPushButton::clicked, this, [this] {
        addRow({}, {});
        m_table->setCurrentCell(m_table->rowCount() - 1, 0);
        m_table->editItem(m_table->item(m_table->rowCount() - 1, 0));
    });
    connect(m_remove, &QPushButton::clicked, this, &EntryTable::removeChosen);
}

void EntryTable::addRow(const QString& name, const QString& text)
{
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    m_table->setItem(row, 0, new QTableWidgetItem(name));
    m_table->setItem(row, 1, new QTableWidgetItem(text));
    m_table->item(row, 1)->setToolTip(text);
}

void EntryTable::removeChosen()
{
    if (m_table->currentRow() >= 0) {
        m_table->removeRow(m_table->currentRow());
        Q_EMIT edited();
    }
}

void EntryTable::setEntries(const metrics::RuleDraft::Entries& entries)
{
    const QSignalBlocker quiet(m_table);
    m_table->setRowCount(0);
    for (const auto& [name, text] : entries) {
        addRow(models::text(name), models::text(text));
    }
}

metrics::RuleDraft::Entries EntryTable::entries() const
{
    metrics::RuleDraft::Entries entries;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const std::string name = textAt(*m_table, row, 0).trimmed().toStdString();
        const std::string text = textAt(*m_table, row, 1).toStdString();
        if (!name.empty() && !text.empty()) {
            metrics::setEntry(entries, name, text);
        }
    }
    return entries;
}

} // namespace widgets

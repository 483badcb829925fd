#include "widgets/dialogs/shortcut_sheet.h"

#include "widgets/actions.h"
#include "widgets/theme.h"

#include <QAbstractButton>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>

namespace widgets {

ShortcutSheet::ShortcutSheet(const Actions& actions, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Keyboard shortcuts"));
    setAttribute(Qt::WA_DeleteOnClose);
    build(actions, *parent);
    resize(460, 560);
}

void ShortcutSheet::addGroup(QGridLayout& grid, int& row, const QString& title)
{
    auto* label = new QLabel(title);
    label->setProperty("role", QStringLiteral("title"));
    label->setContentsMargins(0, row == 0 ? 0 : space::kMedium, 0, 0);
    grid.addWidget(label, row++, 0, 1, 2);
}

void ShortcutSheet::addRow(QGridLayout& grid, int& row, const QString& what, const QString& keys)
{
    auto* how = new QLabel(keys);
    how->setProperty("role", QStringLiteral("muted"));
    grid.addWidget(new QLabel(what), row, 0);
    grid.addWidget(how, row++, 1);
}

void ShortcutSheet::addPanelKeys(QGridLayout& grid, int& row, const QWidget& window)
{
    bool first = true;
    for (const QShortcut* shortcut : window.findChildren<QShortcut*>()) {
        const auto* button = qobject_cast<QAbstractButton*>(shortcut->property(kShortcutButton).value<QWidget*>());
        const auto* place = qobject_cast<QWidget*>(shortcut->parent());
        if (!button || !place || !place->isVisibleTo(&window)) {
            continue;
        }
        if (first) {
            addGroup(grid, row, tr("In this panel"));
            first = false;
        }
        addRow(grid, row, button->text(), shortcut->key().toString(QKeySequence::NativeText));
    }
}

void ShortcutSheet::build(const Actions& actions, const QWidget& window)
{
    auto* page = new QWidget(this);
    auto* grid = new QGridLayout(page);
    grid->setHorizontalSpacing(2 * space::kLarge);
    grid->setColumnStretch(0, 1);
    QString group;
    int row = 0;
    addPanelKeys(*grid, row, window);
    for (const Actions::Entry& entry : actions.all()) {
        const QString keys = Actions::keysOf(entry);
        if (keys.isEmpty()) {
            continue;
        }
        if (Actions::groupOf(entry) != group) {
            group = Actions::groupOf(entry);
            addGroup(*grid, row, group);
        }
        addRow(*grid, row, entry.action->text(), keys);
    }
    grid->setRowStretch(row, 1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* close = new QPushButton(tr("Close"), this);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(scroll, 1);
    layout->addWidget(close, 0, Qt::AlignRight);
}

} // namespace widgets

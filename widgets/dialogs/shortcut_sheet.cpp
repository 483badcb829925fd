#include "widgets/dialogs/shortcut_sheet.h"

#include "widgets/actions.h"
#include "widgets/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>

namespace widgets {

ShortcutSheet::ShortcutSheet(const Actions& actions, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Keyboard shortcuts"));
    setAttribute(Qt::WA_DeleteOnClose);
    build(actions);
    resize(460, 560);
}

void ShortcutSheet::build(const Actions& actions)
{
    auto* page = new QWidget(this);
    auto* grid = new QGridLayout(page);
    grid->setHorizontalSpacing(2 * space::kLarge);
    grid->setColumnStretch(0, 1);
    QString group;
    int row = 0;
    for (const Actions::Entry& entry : actions.all()) {
        const QString keys = Actions::keysOf(entry);
        if (keys.isEmpty()) {
            continue;
        }
        if (Actions::groupOf(entry) != group) {
            group = Actions::groupOf(entry);
            auto* title = new QLabel(group, page);
            title->setProperty("role", QStringLiteral("title"));
            title->setContentsMargins(0, row == 0 ? 0 : space::kMedium, 0, 0);
            grid->addWidget(title, row++, 0, 1, 2);
        }
        auto* what = new QLabel(entry.action->text(), page);
        auto* how = new QLabel(keys, page);
        how->setProperty("role", QStringLiteral("muted"));
        grid->addWidget(what, row, 0);
        grid->addWidget(how, row++, 1);
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

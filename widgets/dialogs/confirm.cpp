#include "widgets/dialogs/confirm.h"

#include "widgets/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <utility>

namespace widgets {

ConfirmDialog::ConfirmDialog(const Question& question, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(question.title);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* title = new QLabel(question.title, this);
    title->setProperty("role", QStringLiteral("title"));
    auto* text = new QLabel(question.text, this);
    text->setWordWrap(true);
    text->setTextFormat(Qt::PlainText);
    text->setMinimumWidth(360);
    auto* leave = new QPushButton(tr("Cancel"), this);
    leave->setDefault(true);
    auto* act = new QPushButton(question.verb, this);
    act->setObjectName(QStringLiteral("confirm.do"));
    act->setProperty("kind", QStringLiteral("danger"));
    act->setAutoDefault(false);
    connect(leave, &QPushButton::clicked, this, &QDialog::reject);
    connect(act, &QPushButton::clicked, this, &QDialog::accept);

    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(leave);
    buttons->addWidget(act);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    layout->setSpacing(space::kLarge);
    layout->addWidget(title);
    layout->addWidget(text);
    layout->addLayout(buttons);
    leave->setFocus();
}

void confirm(QWidget* parent, const Question& question, std::function<void()> then)
{
    auto* dialog = new ConfirmDialog(question, parent);
    QObject::connect(dialog, &QDialog::accepted, parent, std::move(then));
    dialog->open();
}

} // namespace widgets

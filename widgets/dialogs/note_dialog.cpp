#include "widgets/dialogs/note_dialog.h"

#include "models/zone.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace widgets {

namespace {

constexpr int kLongest = 120;

} // namespace

NoteDialog::NoteDialog(qint64 at, QWidget* parent, const QString& text)
    : QDialog(parent)
    , m_text(new QLineEdit(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Note"));
    m_text->setMaxLength(kLongest);
    m_text->setPlaceholderText(tr("What happened?"));
    m_text->setAccessibleName(tr("Text of the note"));
    m_text->setMinimumWidth(360);
    auto* add = new QPushButton(text.isEmpty() ? tr("Add the note") : tr("Keep it so"), this);
    add->setDefault(true);
    add->setEnabled(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    column->setSpacing(space::kMedium);
    column->addWidget(new QLabel(tr("At %1").arg(models::Zone::of().full(core::WallTime(core::Millis(at)))), this));
    column->addWidget(m_text);
    column->addWidget(add, 0, Qt::AlignRight);
    connect(m_text, &QLineEdit::textChanged, this,
            [add](const QString& now) { add->setEnabled(!now.trimmed().isEmpty()); });
    m_text->setText(text);
    connect(add, &QPushButton::clicked, this, [this, at] {
        Q_EMIT written(at, m_text->text().simplified());
        accept();
    });
}

} // namespace widgets

#include "widgets/dialogs/ack_dialog.h"

#include "widgets/theme.h"

#include <QBoxLayout>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace widgets {

namespace {

constexpr int kLongest = 200;

} // namespace

QString ownName()
{
    return qEnvironmentVariable("USER", qEnvironmentVariable("LOGNAME"));
}

AckDialog::AckDialog(const QString& alert, QWidget* parent)
    : QDialog(parent)
    , m_by(new QLineEdit(ownName(), this))
    , m_note(new QLineEdit(this))
    , m_meaning(new QLabel(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Acknowledge"));
    auto* title = new QLabel(alert, this);
    title->setProperty("role", QStringLiteral("title"));
    title->setTextFormat(Qt::PlainText);
    m_meaning->setText(tr("No reminders and no sound until it is resolved, or becomes more severe."));
    m_meaning->setProperty("role", QStringLiteral("muted"));
    m_meaning->setWordWrap(true);
    for (QLineEdit* field : {m_by, m_note}) {
        field->setMaxLength(kLongest);
        field->setMinimumWidth(320);
    }
    m_by->setAccessibleName(tr("Who"));
    m_note->setAccessibleName(tr("Note"));
    m_note->setPlaceholderText(tr("What is being done?"));
    auto* act = new QPushButton(tr("Acknowledge"), this);
    act->setObjectName(QStringLiteral("ack.do"));
    act->setDefault(true);
    act->setEnabled(!m_by->text().trimmed().isEmpty());
    auto* form = new QFormLayout;
    form->addRow(tr("Who"), m_by);
    form->addRow(tr("Note"), m_note);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    layout->setSpacing(space::kMedium);
    layout->addWidget(title);
    layout->addWidget(m_meaning);
    layout->addLayout(form);
    layout->addWidget(act, 0, Qt::AlignRight);
    m_note->setFocus();
    connect(m_by, &QLineEdit::textChanged, act,
            [act](const QString& by) { act->setEnabled(!by.trimmed().isEmpty()); });
    connect(act, &QPushButton::clicked, this, [this] {
        Q_EMIT acknowledged(m_by->text().simplified(), m_note->text().simplified());
        accept();
    });
}

void AckDialog::explain(const QString& meaning)
{
    m_meaning->setText(meaning);
}

} // namespace widgets

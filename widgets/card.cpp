#include "widgets/card.h"

#include "widgets/theme.h"

#include <QBoxLayout>
#include <QLabel>

namespace widgets {

Card::Card(QWidget* parent)
    : QFrame(parent)
    , m_title(new QLabel(this))
    , m_note(new QLabel(this))
    , m_head(new QHBoxLayout)
    , m_body(new QVBoxLayout)
{
    setProperty("role", QStringLiteral("card"));
    m_title->setProperty("role", QStringLiteral("title"));
    m_note->setProperty("role", QStringLiteral("muted"));
    m_head->setSpacing(space::kSmall);
    m_head->addWidget(m_title);
    m_head->addStretch(1);
    m_head->addWidget(m_note);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge - 2, space::kMedium, space::kLarge - 2, space::kMedium);
    layout->setSpacing(space::kSmall);
    layout->addLayout(m_head);
    layout->addLayout(m_body, 1);
    m_body->setSpacing(space::kSmall);
    m_note->hide();
}

void Card::setTitle(const QString& title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

void Card::setNote(const QString& note)
{
    m_note->setText(note);
    fitNote();
}

void Card::reserveHead(int width)
{
    m_reserved = width;
    fitNote();
}

void Card::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    fitNote();
}

void Card::fitNote()
{
    const int needed =
        m_title->sizeHint().width() + m_reserved + m_note->sizeHint().width() + 3 * space::kSmall;
    const bool room = m_reserved == 0 || needed <= width() - 2 * (space::kLarge - 2);
    m_note->setVisible(room && !m_note->text().isEmpty());
}

} // namespace widgets

#include "widgets/explore/expression_row.h"

#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QToolButton>

namespace widgets {

ExpressionRow::ExpressionRow(QWidget* parent)
    : QWidget(parent)
    , m_letter(new QLabel(this))
    , m_edit(new ExpressionEdit(this))
    , m_remove(new QToolButton(this))
    , m_problem(new QLabel(this))
{
    m_letter->setProperty("role", QStringLiteral("muted"));
    m_letter->setFixedWidth(space::kLarge);
    m_edit->setObjectName(QStringLiteral("explore.expression"));
    m_remove->setText(QStringLiteral("×"));
    m_remove->setAutoRaise(true);
    m_problem->setObjectName(QStringLiteral("explore.problem"));
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problem->hide();
    connect(m_remove, &QToolButton::clicked, this, &ExpressionRow::removeAsked);
    connect(m_edit, &ExpressionEdit::edited, this, [this] { setProblem({}); });
    auto* line = new QHBoxLayout;
    line->setSpacing(space::kSmall);
    line->addWidget(m_letter, 0, Qt::AlignTop);
    line->addWidget(m_edit, 1);
    line->addWidget(m_remove, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny);
    layout->addLayout(line);
    layout->addWidget(m_problem);
    m_problem->setContentsMargins(space::kLarge + space::kSmall, 0, 0, 0);
    retranslate();
}

void ExpressionRow::setLetter(const QString& letter)
{
    m_letter->setText(letter);
    retranslate();
}

QString ExpressionRow::letter() const
{
    return m_letter->text();
}

void ExpressionRow::setProblem(const QString& message)
{
    const auto mistake = models::queryMistake(m_edit->toPlainText(), message);
    m_edit->setMistake(mistake);
    m_problem->setVisible(!message.isEmpty());
    QPalette palette = m_problem->palette();
    palette.setColor(QPalette::WindowText, Theme::of().ink(StatusLevel::Critical));
    m_problem->setPalette(palette);
    m_problem->setStyleSheet(QStringLiteral("color: %1").arg(Theme::of().ink(StatusLevel::Critical).name()));
    m_problem->setText(mistake ? tr("At character %1: %2").arg(mistake->begin + 1).arg(mistake->reason)
                               : message);
}

QString ExpressionRow::problem() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

void ExpressionRow::useAlone(const QString& name)
{
    m_letter->hide();
    m_remove->hide();
    m_edit->setObjectName(name);
    m_edit->setPlaceholderText(QStringLiteral("db_pool_usage > 0.8"));
    m_problem->setObjectName(name + QStringLiteral(".problem"));
    m_problem->setContentsMargins(0, 0, 0, 0);
}

void ExpressionRow::setRemoval(Removal removal)
{
    m_remove->setEnabled(removal == Removal::Possible);
}

void ExpressionRow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void ExpressionRow::retranslate()
{
    m_edit->setPlaceholderText(tr("PromQL, for example rate(db_connection_checkout_total[1m])"));
    m_edit->setAccessibleName(tr("Expression %1").arg(letter()));
    m_remove->setToolTip(tr("Take this expression away"));
    m_remove->setAccessibleName(m_remove->toolTip());
}

} // namespace widgets

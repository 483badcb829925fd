#include "widgets/panels/own_only.h"

#include "widgets/target_scope.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QPushButton>

namespace widgets {

namespace {

QString reasonOf(TargetFace face, const QString& names)
{
    switch (face) {
    case TargetFace::Scenarios:
        return OwnOnly::
            tr("Scenarios load this program's own pool. Nothing can be started on %1, which is only watched.")
                .arg(names);
    case TargetFace::Log:
        return OwnOnly::tr("The log is this program's, and of the files it follows on this machine. What %1 "
                           "writes into a log is "
                           "not told to it.")
            .arg(names);
    case TargetFace::Responses:
        return OwnOnly::tr("Responses act on this program's own pool and on its callers. On %1, which is "
                           "only watched, they have "
                           "no hold; its alerts are told all the same.")
            .arg(names);
    case TargetFace::Overview:
    case TargetFace::Pool:
    case TargetFace::Latency:
    case TargetFace::Host:
        break;
    }
    return {};
}

} // namespace

OwnOnly::OwnOnly(const PanelContext& context, TargetFace face, TargetScope& scope, QWidget* parent)
    : Panel(context, parent)
    , m_face(face)
    , m_scope(scope)
    , m_title(new QLabel(this))
    , m_reason(new QLabel(this))
    , m_own(new QPushButton(this))
{
    m_title->setObjectName(QStringLiteral("own.shown"));
    m_title->setProperty("role", QStringLiteral("title"));
    m_reason->setObjectName(QStringLiteral("own.reason"));
    m_reason->setProperty("role", QStringLiteral("muted"));
    for (QLabel* label : {m_title, m_reason}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignHCenter);
    }
    m_own->setObjectName(QStringLiteral("own.own"));
    m_own->setProperty("kind", QStringLiteral("primary"));
    connect(m_own, &QPushButton::clicked, this, [this] { m_scope.chooseOwn(); });
    connect(&m_scope, &TargetScope::changed, this, &OwnOnly::retranslate);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    layout->setSpacing(space::kMedium);
    layout->addStretch(2);
    layout->addWidget(m_title);
    layout->addWidget(m_reason);
    layout->addWidget(m_own, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    setFocusProxy(m_own);
    retranslate();
}

void OwnOnly::changeEvent(QEvent* event)
{
    Panel::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

void OwnOnly::retranslate()
{
    m_title->setText(m_scope.chosen().join(QStringLiteral(" · ")));
    m_reason->setText(reasonOf(m_face, m_scope.chosen().join(QStringLiteral(", "))));
    m_own->setText(tr("Show the own pool"));
}

} // namespace widgets

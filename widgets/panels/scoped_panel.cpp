#include "widgets/panels/scoped_panel.h"

#include "widgets/panels/own_only.h"
#include "widgets/target_scope.h"

#include <QStackedLayout>

namespace widgets {

ScopedPanel::ScopedPanel(const PanelContext& context, Panel* own, TargetFace face, QWidget* parent)
    : Panel(context, parent)
    , m_face(face)
    , m_stack(new QStackedLayout(this))
    , m_own(own)
{
    m_stack->setContentsMargins({});
    m_stack->addWidget(m_own);
    connectPanel(m_own);
    setFocusProxy(m_own);
    if (context.scope != nullptr) {
        connect(context.scope, &TargetScope::changed, this, &ScopedPanel::choose);
        choose();
    }
}

void ScopedPanel::connectPanel(const Panel* panel)
{
    connect(panel, &Panel::panelRequested, this, &Panel::panelRequested);
    connect(panel, &Panel::toast, this, &Panel::toast);
    connect(panel, &Panel::travelAsked, this, &Panel::travelAsked);
    connect(panel, &Panel::noteAsked, this, &Panel::noteAsked);
}

Panel* ScopedPanel::makeOthers()
{
    switch (m_face) {
    case TargetFace::Scenarios:
    case TargetFace::Log:
    case TargetFace::Responses:
        return new OwnOnly(context(), m_face, *context().scope, this);
    case TargetFace::Overview:
    case TargetFace::Pool:
    case TargetFace::Latency:
    case TargetFace::Host:
        break;
    }
    return new TargetCharts(context(), m_face, *context().scope, this);
}

void ScopedPanel::choose()
{
    TargetScope& scope = *context().scope;
    if (!scope.isOwn() && m_others == nullptr) {
        m_others = makeOthers();
        m_others->setTimeRange(m_range);
        m_stack->addWidget(m_others);
        connectPanel(m_others);
    }
    m_stack->setCurrentWidget(scope.isOwn() ? m_own : m_others);
    if (m_last) {
        showSnapshot(m_last);
    }
}

void ScopedPanel::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_last = snapshot;
    static_cast<Panel*>(m_stack->currentWidget())->showSnapshot(snapshot);
}

void ScopedPanel::setTimeRange(const TimeRange& range)
{
    m_range = range;
    m_own->setTimeRange(range);
    if (m_others != nullptr) {
        m_others->setTimeRange(range);
    }
}

void ScopedPanel::showHint(const QString& hint)
{
    if (context().scope != nullptr) {
        context().scope->chooseOwn();
    }
    m_own->showHint(hint);
}

} // namespace widgets

#include "app/panel_catalog.h"

#include "widgets/panels/alerts_panel.h"
#include "widgets/panels/explore_panel.h"
#include "widgets/panels/host_panel.h"
#include "widgets/panels/latency_panel.h"
#include "widgets/panels/log_panel.h"
#include "widgets/panels/overview_panel.h"
#include "widgets/panels/pool_panel.h"
#include "widgets/panels/responses_panel.h"
#include "widgets/panels/scenarios_panel.h"
#include "widgets/panels/scoped_panel.h"
#include "widgets/panels/targets_panel.h"

#include <QtGlobal>

#include <array>

namespace app {

namespace {

using widgets::Sign;

template <class T>
widgets::Panel* make(const widgets::PanelContext& context, QWidget* parent)
{
    return new T(context, parent);
}

// In whose place charts of targets stand while these are chosen, or why there are none.
template <class T, widgets::TargetFace Face>
widgets::Panel* makeScoped(const widgets::PanelContext& context, QWidget* parent)
{
    return new widgets::ScopedPanel(context, new T(context), Face, parent);
}

// A new panel: its file in widgets/panels and a line here.
constexpr std::array kCatalog{
    PanelEntry{"overview", QT_TRANSLATE_NOOP("widgets::Actions", "Overview"), Sign::Overview,
               WhilePaused::StandsStill, makeScoped<widgets::OverviewPanel, widgets::TargetFace::Overview>,
               About::Own},
    PanelEntry{"pool", QT_TRANSLATE_NOOP("widgets::Actions", "Pool"), Sign::Pool, WhilePaused::StandsStill,
               makeScoped<widgets::PoolPanel, widgets::TargetFace::Pool>, About::Own},
    PanelEntry{"latency", QT_TRANSLATE_NOOP("widgets::Actions", "Latency"), Sign::Latency,
               WhilePaused::StandsStill, makeScoped<widgets::LatencyPanel, widgets::TargetFace::Latency>,
               About::Own},
    PanelEntry{"host", QT_TRANSLATE_NOOP("widgets::Actions", "Host"), Sign::Host, WhilePaused::StandsStill,
               makeScoped<widgets::HostPanel, widgets::TargetFace::Host>, About::Own},
    PanelEntry{"alerts", QT_TRANSLATE_NOOP("widgets::Actions", "Alerts"), Sign::Alerts, WhilePaused::GoesOn,
               make<widgets::AlertsPanel>},
    PanelEntry{"scenarios", QT_TRANSLATE_NOOP("widgets::Actions", "Scenarios"), Sign::Scenarios,
               WhilePaused::GoesOn, makeScoped<widgets::ScenariosPanel, widgets::TargetFace::Scenarios>},
    PanelEntry{"log", QT_TRANSLATE_NOOP("widgets::Actions", "Log"), Sign::Log, WhilePaused::GoesOn,
               makeScoped<widgets::LogPanel, widgets::TargetFace::Log>},
    PanelEntry{"responses", QT_TRANSLATE_NOOP("widgets::Actions", "Responses"), Sign::Responses,
               WhilePaused::GoesOn, makeScoped<widgets::ResponsesPanel, widgets::TargetFace::Responses>},
    PanelEntry{"explore", QT_TRANSLATE_NOOP("widgets::Actions", "Explore"), Sign::Explore,
               WhilePaused::StandsStill, make<widgets::ExplorePanel>},
    PanelEntry{"targets", QT_TRANSLATE_NOOP("widgets::Actions", "Targets"), Sign::Globe,
               WhilePaused::StandsStill, make<widgets::TargetsPanel>},
};

} // namespace

std::span<const PanelEntry> panelCatalog()
{
    return kCatalog;
}

} // namespace app

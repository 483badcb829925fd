// Every panel of the window, in the order of the navigation.
#pragma once

#include "widgets/icons.h"
#include "widgets/panels/panel.h"

#include <span>

namespace app {

// What goes on while the window is paused: charts and tables stand still, what one works with does not.
enum class WhilePaused { StandsStill, GoesOn };

// Of what a panel's charts are: of this program and its machine alone, or of everything that is watched.
enum class About { Own, Everything };

struct PanelEntry {
    const char* id;    // "overview": names it in settings, actions, panelRequested()
    const char* title; // QT_TRANSLATE_NOOP("widgets::Actions", …)
    widgets::Sign sign;
    WhilePaused whilePaused;
    widgets::Panel* (*make)(const widgets::PanelContext& context, QWidget* parent);
    About about = About::Everything;
};

[[nodiscard]] std::span<const PanelEntry> panelCatalog();

} // namespace app

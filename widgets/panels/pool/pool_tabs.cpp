#include "widgets/panels/pool/autopsies_tab.h"
#include "widgets/panels/pool/events_tab.h"
#include "widgets/panels/pool/lines_tab.h"
#include "widgets/panels/pool/pool_tab.h"
#include "widgets/panels/pool/settings_tab.h"
#include "widgets/panels/pool/size_tab.h"
#include "widgets/panels/pool/slots_tab.h"
#include "widgets/panels/pool/waiters_tab.h"

#include <QtGlobal>

#include <array>

namespace widgets {

namespace {

template <class Tab>
PoolTab* make(const PanelContext& context, QWidget* parent)
{
    return new Tab(context, parent);
}

// A new tab: its files in this folder and a line here.
constexpr std::array kTabs{
    PoolTabEntry{"slots", QT_TRANSLATE_NOOP("widgets::PoolPanel", "Slots"), make<SlotsTab>,
                 [](const metrics::PoolView& pool) { return static_cast<int>(pool.slots.size()); }},
    PoolTabEntry{"holders", QT_TRANSLATE_NOOP("widgets::PoolPanel", "Holders"), make<HoldersTab>,
                 [](const metrics::PoolView& pool) { return pool.checkedOut; }},
    PoolTabEntry{"waiters", QT_TRANSLATE_NOOP("widgets::PoolPanel", "Waiters"), make<WaitersTab>,
                 [](const metrics::PoolView& pool) { return pool.waiting; }},
    PoolTabEntry{"lines", QT_TRANSLATE_NOOP("widgets::PoolPanel", "Life-lines"), make<LinesTab>},
    PoolTabEntry{"events", QT_TRANSLATE_NOOP("widgets::PoolPanel", "Events"), make<EventsTab>},
    PoolTabEntry{"autopsies", QT_TRANSLATE_NOOP("widgets::PoolPanel", "Autopsies"), make<AutopsiesTab>},
    PoolTabEntry{"size", QT_TRANSLATE_NOOP("widgets::PoolPanel", "Size"), make<SizeTab>},
    PoolTabEntry{"settings", QT_TRANSLATE_NOOP("widgets::PoolPanel", "Settings"), make<SettingsTab>},
};

} // namespace

std::span<const PoolTabEntry> poolTabs()
{
    return kTabs;
}

} // namespace widgets

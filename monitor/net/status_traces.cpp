#include "monitor/net/status_traces.h"

#include "monitor/core/format.h"
#include "monitor/net/public_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace net {

namespace {

using nlohmann::json;

constexpr std::size_t kEvents = 100;
constexpr auto kSpan = std::chrono::minutes(5);
constexpr std::size_t kStates = static_cast<std::size_t>(metrics::SlotState::Closing) + 1;

json eventJson(const metrics::PoolEventRow& event)
{
    json row = {{"number", event.number},
                {"timestamp", core::isoUtcMicros(event.at)},
                {"kind", event.kind},
                {"request", event.lease},
                {"duration_seconds", core::seconds(event.duration)},
                {"tag", event.tag},
                {"site", event.site},
                {"detail", event.sqlstate.empty() ? event.detail : publicCause(event.detail)},
                {"sqlstate", event.sqlstate}};
    if (event.slot >= 0) {
        row["slot"] = event.slot;
        row["backend_pid"] = event.backendPid;
    }
    return row;
}

struct Lane {
    std::array<double, kStates> seconds{};
    std::uint64_t uses = 0;
};

json laneJson(std::size_t slot, const Lane& lane)
{
    json seconds = json::object();
    for (std::size_t i = 0; i < kStates; ++i) {
        if (lane.seconds[i] > 0) {
            seconds[metrics::slotStateName(static_cast<metrics::SlotState>(i))] = lane.seconds[i];
        }
    }
    return {{"slot", slot}, {"uses", lane.uses}, {"seconds", std::move(seconds)}};
}

} // namespace

json eventsJson(const metrics::PoolWitness& witness)
{
    std::vector<metrics::PoolEventRow> events = witness.events(0, kEvents);
    std::reverse(events.begin(), events.end());
    json array = json::array();
    for (const metrics::PoolEventRow& event : events) {
        array.push_back(eventJson(event));
    }
    return array;
}

json lifeLinesJson(const metrics::PoolWitness& witness)
{
    const std::vector<metrics::LaneColumnPtr> columns = witness.lanes();
    std::vector<Lane> lanes;
    core::WallTime from = {};
    core::WallTime to = {};
    for (auto column = columns.rbegin(); column != columns.rend(); ++column) {
        if (to == core::WallTime{}) {
            to = (*column)->at;
        }
        if (to - (*column)->at > kSpan) {
            break;
        }
        from = (*column)->at - std::chrono::floor<std::chrono::microseconds>((*column)->span);
        lanes.resize(std::max(lanes.size(), (*column)->cells.size()));
        for (std::size_t slot = 0; slot < (*column)->cells.size(); ++slot) {
            const metrics::LaneCell& cell = (*column)->cells[slot];
            lanes[slot].seconds[static_cast<std::size_t>(cell.state)] += core::seconds((*column)->span);
            lanes[slot].uses += cell.uses;
        }
    }
    json array = json::array();
    for (std::size_t slot = 0; slot < lanes.size(); ++slot) {
        array.push_back(laneJson(slot, lanes[slot]));
    }
    return {{"from", core::isoUtcMicros(from)}, {"to", core::isoUtcMicros(to)}, {"lanes", std::move(array)}};
}

} // namespace net

#include "monitor/metrics/diary.h"

#include <algorithm>
#include <array>
#include <utility>

namespace metrics {

namespace {

constexpr std::array<std::pair<GapReason, std::string_view>, 6> kReasons{
    {{GapReason::NotRunning, "not_running"},
     {GapReason::Suspended, "suspended"},
     {GapReason::ClockStep, "clock_step"},
     {GapReason::HeldUp, "held_up"},
     {GapReason::NotWritten, "not_written"},
     {GapReason::ServerAway, "server_away"}}};

constexpr std::array<std::pair<Mark::Kind, std::string_view>, 10> kKinds{
    {{Mark::Kind::ScenarioStarted, "scenario_started"},
     {Mark::Kind::ScenarioEnded, "scenario_ended"},
     {Mark::Kind::AlertFired, "alert_fired"},
     {Mark::Kind::AlertResolved, "alert_resolved"},
     {Mark::Kind::SettingChanged, "setting_changed"},
     {Mark::Kind::ServerDown, "server_down"},
     {Mark::Kind::ServerUp, "server_up"},
     {Mark::Kind::Note, "note"},
     {Mark::Kind::Restarted, "restarted"},
     {Mark::Kind::Gap, "gap"}}};

template <class T, std::size_t N>
std::string_view nameIn(const std::array<std::pair<T, std::string_view>, N>& names, T value) noexcept
{
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.first == value; });
    return found == names.end() ? std::string_view() : found->second;
}

template <class T, std::size_t N>
std::optional<T> valueIn(const std::array<std::pair<T, std::string_view>, N>& names,
                         std::string_view name) noexcept
{
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.second == name; });
    return found == names.end() ? std::nullopt : std::optional(found->first);
}

} // namespace

std::string_view gapReasonName(GapReason reason) noexcept
{
    return nameIn(kReasons, reason);
}

std::optional<GapReason> gapReasonFrom(std::string_view name) noexcept
{
    return valueIn(kReasons, name);
}

std::string_view markKindName(Mark::Kind kind) noexcept
{
    return nameIn(kKinds, kind);
}

std::optional<Mark::Kind> markKindFrom(std::string_view name) noexcept
{
    return valueIn(kKinds, name);
}

} // namespace metrics

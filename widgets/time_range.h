// What span of time the window shows, and what is asked about it.
#pragma once

#include <QtGlobal>

#include <array>
#include <chrono>

namespace widgets {

// The range the charts show. Live: the right edge is now and moves; paused: it stands still, collecting goes
// on; travelled: it was chosen, the samples are asked of the history.
enum class Comparison { None, Day, Week };

struct TimeRange {
    std::chrono::milliseconds length = std::chrono::minutes(5);
    bool paused = false;
    qint64 pausedAt = 0;    // ms since the epoch; the right edge while paused
    bool travelled = false; // paused too
    Comparison compare = Comparison::None; // what is laid under it: the same a day or a week before

    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

// How far back that lies, ms; 0 without one.
[[nodiscard]] constexpr qint64 shiftOf(Comparison compare) noexcept
{
    constexpr qint64 kDay = 24LL * 3'600'000;
    return compare == Comparison::Day ? kDay : compare == Comparison::Week ? 7 * kDay : 0;
}

// The lengths that can be chosen, with the names of their buttons and actions.
struct RangeChoice {
    const char* label;
    const char* action;
    std::chrono::milliseconds length;
};
inline constexpr std::array kRangeChoices{
    RangeChoice{"5m", "range.5m", std::chrono::minutes(5)},   RangeChoice{"15m", "range.15m", std::chrono::minutes(15)},
    RangeChoice{"1h", "range.1h", std::chrono::hours(1)},     RangeChoice{"6h", "range.6h", std::chrono::hours(6)},
    RangeChoice{"24h", "range.24h", std::chrono::hours(24)},  RangeChoice{"7d", "range.7d", std::chrono::hours(7 * 24)},
    RangeChoice{"30d", "range.30d", std::chrono::hours(30 * 24)},
    RangeChoice{"90d", "range.90d", std::chrono::hours(90 * 24)}};

// What somebody did to a chart with mouse or keys, about time.
struct TravelWish {
    enum class Kind { Zoom, Pan, Select, Export, Report }; // the last two: a file of from … to
    Kind kind = Kind::Zoom;
    qint64 from = 0;   // Zoom: around it; Select: from … to; ms since the epoch
    qint64 to = 0;
    double amount = 1; // Zoom: the factor; Pan: the share of the range
};

} // namespace widgets

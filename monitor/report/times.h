// Times as a report writes them, all in one zone that is named once.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/report/facts.h"

#include <cstdint>
#include <string>

namespace report {

// Thread-safe as localtime_r(3) is.
class Times {
public:
    explicit Times(TimeZone zone)
        : m_zone(zone)
    {
    }
    [[nodiscard]] std::string full(core::WallTime at) const;  // 2026-11-20 14:02:07
    [[nodiscard]] std::string clock(core::WallTime at) const; // 14:02:07
    [[nodiscard]] std::string day(core::WallTime at) const;   // 2026-11-20
    [[nodiscard]] std::string format(core::WallTime at, const char* strftimeFormat) const;
    // "UTC", "CET, UTC+01:00", at that moment.
    [[nodiscard]] std::string zoneText(core::WallTime at) const;
    // Seconds east of Greenwich, at that moment.
    [[nodiscard]] std::int64_t offset(core::WallTime at) const;

private:
    const TimeZone m_zone;
};

[[nodiscard]] inline core::WallTime wallOf(std::int64_t millis)
{
    return core::WallTime(std::chrono::milliseconds(millis));
}

} // namespace report

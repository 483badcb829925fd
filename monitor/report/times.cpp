#include "monitor/report/times.h"

#include <array>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

namespace report {

namespace {

std::tm brokenDown(core::WallTime at, TimeZone zone)
{
    const auto seconds = static_cast<std::time_t>(core::epochMillis(at) / 1000);
    std::tm parts{};
    if (zone == TimeZone::Utc) {
        gmtime_r(&seconds, &parts);
    } else {
        localtime_r(&seconds, &parts);
    }
    return parts;
}

} // namespace

std::string Times::format(core::WallTime at, const char* strftimeFormat) const
{
    const std::tm parts = brokenDown(at, m_zone);
    std::array<char, 64> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), strftimeFormat, &parts);
    return {text.data(), length};
}

std::string Times::full(core::WallTime at) const
{
    return format(at, "%Y-%m-%d %H:%M:%S");
}

std::string Times::clock(core::WallTime at) const
{
    return format(at, "%H:%M:%S");
}

std::string Times::day(core::WallTime at) const
{
    return format(at, "%Y-%m-%d");
}

std::int64_t Times::offset(core::WallTime at) const
{
    return m_zone == TimeZone::Utc ? 0 : brokenDown(at, m_zone).tm_gmtoff;
}

std::string Times::zoneText(core::WallTime at) const
{
    const std::int64_t minutes = offset(at) / 60;
    if (m_zone == TimeZone::Utc || minutes == 0) {
        return "UTC";
    }
    return fmt::format("{}, UTC{}{:02}:{:02}", format(at, "%Z"), minutes < 0 ? '-' : '+',
                       std::abs(minutes) / 60, std::abs(minutes) % 60);
}

} // namespace report

#include "monitor/core/time_text.h"

#include <algorithm>
#include <chrono>

namespace core {

Result<WallTime> parseRfc3339(std::string_view text)
{
    const auto digits = [&](std::size_t at, std::size_t count) {
        int value = 0;
        for (std::size_t i = at; i < at + count; ++i) {
            if (i >= text.size() || text[i] < '0' || text[i] > '9') {
                return -1;
            }
            value = value * 10 + (text[i] - '0');
        }
        return value;
    };
    const auto wrong = [] { return fail("no time as RFC 3339 has it", "bad_time"); };
    const int year = digits(0, 4), month = digits(5, 2), day = digits(8, 2);
    const int hour = digits(11, 2), minute = digits(14, 2), second = digits(17, 2);
    const bool shaped = text.size() >= 20 && text[4] == '-' && text[7] == '-' && (text[10] | 32) == 't' &&
                        text[13] == ':' && text[16] == ':';
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(std::max(month, 0))),
                                           std::chrono::day(static_cast<unsigned>(std::max(day, 0)))};
    if (!shaped || year < 1 || !date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 60) {
        return wrong();
    }
    std::size_t at = 19;
    std::int64_t micros = 0;
    if (text[at] == '.') {
        std::int64_t scale = 100'000;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
            micros += (text[at] - '0') * scale;
        }
    }
    std::chrono::minutes offset{0};
    const char zone = at < text.size() ? text[at] : '\0';
    if (zone == '+' || zone == '-') {
        const int hours = digits(at + 1, 2), minutes = digits(at + 4, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || at + 6 != text.size() ||
            text[at + 3] != ':') {
            return wrong();
        }
        offset = std::chrono::minutes((hours * 60 + minutes) * (zone == '-' ? -1 : 1));
    } else if ((zone | 32) != 'z' || at + 1 != text.size()) {
        return wrong();
    }
    return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second) + std::chrono::microseconds(micros) - offset;
}

} // namespace core

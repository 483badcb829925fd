#include "monitor/gotext/template_numbers.h"

#include "monitor/gotext/template_arguments.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace gotext {

namespace {

constexpr std::array<std::string_view, 8> kLarge{"k", "M", "G", "T", "P", "E", "Z", "Y"};
constexpr std::array<std::string_view, 8> kBinary{"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};
constexpr std::array<std::string_view, 8> kSmall{"m", "u", "n", "p", "f", "a", "z", "y"};

} // namespace

std::string fourDigits(double value, std::string_view suffix)
{
    if (!std::isfinite(value)) {
        return goNumber(value) + std::string(suffix);
    }
    std::array<char, 48> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.4g", value);
    return std::string(buffer.data(), static_cast<std::size_t>(length)).append(suffix);
}

namespace {

template <std::size_t N>
std::string scaled(double value, double step, const std::array<std::string_view, N>& prefixes, bool down)
{
    std::string_view prefix;
    for (const std::string_view next : prefixes) {
        if (down ? std::fabs(value) >= 1 : std::fabs(value) < step) {
            break;
        }
        prefix = next;
        value = down ? value * step : value / step;
    }
    return fourDigits(value, prefix);
}

} // namespace

std::string humanize(double value)
{
    if (value == 0 || !std::isfinite(value)) {
        return fourDigits(value, "");
    }
    return std::fabs(value) >= 1 ? scaled(value, 1000, kLarge, false) : scaled(value, 1000, kSmall, true);
}

std::string humanize1024(double value)
{
    return std::fabs(value) <= 1 || !std::isfinite(value) ? fourDigits(value, "")
                                                          : scaled(value, 1024, kBinary, false);
}

std::string humanizeDuration(double value)
{
    if (!std::isfinite(value)) {
        return fourDigits(value, "");
    }
    if (value == 0) {
        return "0s";
    }
    if (std::fabs(value) < 1) {
        return scaled(value, 1000, kSmall, true) + "s";
    }
    const std::string sign = value < 0 ? "-" : "";
    value = std::fabs(value);
    const auto whole = static_cast<std::int64_t>(std::min(value, 9.2e18));
    const auto part = [](std::int64_t amount, std::string_view unit) {
        return std::to_string(amount).append(unit);
    };
    const std::string seconds = part(whole % 60, "s");
    const std::string minutes = part(whole / 60 % 60, "m ");
    const std::string hours = part(whole / 3600 % 24, "h ");
    if (whole >= 86400) {
        return sign + part(whole / 86400, "d ") + hours + minutes + seconds;
    }
    if (whole >= 3600) {
        return sign + hours + minutes + seconds;
    }
    return whole >= 60 ? sign + minutes + seconds : sign + fourDigits(value, "s");
}

std::string timeText(double seconds, std::string_view function)
{
    using namespace std::chrono;
    if (std::fabs(seconds) * 1e9 > 9.2e18) {
        failCall(function, goNumber(seconds) +
                               " cannot be represented as a nanoseconds timestamp since it overflows int64");
    }
    const sys_time<milliseconds> time{milliseconds(static_cast<std::int64_t>(seconds * 1e9) / 1'000'000)};
    const sys_days day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<milliseconds>(time - day));
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u %02d:%02d:%02d",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    std::string text = buffer.data();
    if (const auto rest = static_cast<int>(clock.subseconds().count()); rest != 0) {
        std::snprintf(buffer.data(), buffer.size(), ".%03d", rest);
        text += buffer.data();
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + " +0000 UTC";
}

} // namespace gotext

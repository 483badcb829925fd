#include "monitor/net/prometheus_parse.h"

#include "monitor/core/format.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>

namespace net {

namespace {

// 0001-01-01 and 9999-12-31 in ms: Prometheus' own limits are wider, no sample of ours is.
constexpr double kMinMillis = -62'135'596'800'000.0;
constexpr double kMaxMillis = 253'402'300'799'999.0;
constexpr double kMaxDuration = 1e14; // some 3,000 years

std::optional<double> parseNumber(std::string_view text)
{
    double value = 0;
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

// Exactly `count` digits at the front of `text`, which they are taken off.
std::optional<int> takeDigits(std::string_view& text, std::size_t count)
{
    int value = 0;
    if (text.size() < count) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return std::nullopt;
        }
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool takeLetter(std::string_view& text, std::string_view oneOf)
{
    if (text.empty() || oneOf.find(text.front()) == std::string_view::npos) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> takeDate(std::string_view& text)
{
    const auto year = takeDigits(text, 4);
    const bool first = takeLetter(text, "-");
    const auto month = takeDigits(text, 2);
    const bool second = takeLetter(text, "-");
    const auto day = takeDigits(text, 2);
    if (!year || !month || !day || !first || !second) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *year < 1) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date).time_since_epoch().count() * std::int64_t{86'400'000};
}

// HH:MM:SS with an optional fraction, of which milliseconds are kept.
std::optional<std::int64_t> takeClock(std::string_view& text)
{
    const auto hour = takeDigits(text, 2);
    const bool first = takeLetter(text, ":");
    const auto minute = takeDigits(text, 2);
    const bool second = takeLetter(text, ":");
    const auto secs = takeDigits(text, 2);
    if (!hour || !minute || !secs || !first || !second || *hour > 23 || *minute > 59 || *secs > 59) {
        return std::nullopt;
    }
    std::int64_t millis = ((*hour * 60 + *minute) * 60 + *secs) * std::int64_t{1000};
    if (takeLetter(text, ".")) {
        int weight = 100;
        auto digit = takeDigits(text, 1);
        if (!digit) {
            return std::nullopt;
        }
        for (; digit; digit = takeDigits(text, 1)) {
            millis += *digit * weight;
            weight /= 10;
        }
    }
    return millis;
}

// "Z" or ±HH:MM, to the end of the text.
std::optional<std::int64_t> takeZone(std::string_view text)
{
    if (takeLetter(text, "Zz")) {
        return text.empty() ? std::optional<std::int64_t>(0) : std::nullopt;
    }
    const bool minus = text.starts_with('-');
    const bool sign = takeLetter(text, "+-");
    const auto hours = takeDigits(text, 2);
    const bool colon = takeLetter(text, ":");
    const auto minutes = takeDigits(text, 2);
    if (!sign || !hours || !colon || !minutes || !text.empty() || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    const std::int64_t offset = (*hours * 60 + *minutes) * std::int64_t{60'000};
    return minus ? -offset : offset;
}

// Milliseconds of one unit; each may stand once and only in this order.
struct Step {
    std::string_view unit;
    double millis;
};
constexpr std::array<Step, 7> kUnits{{{"y", 365 * 86'400'000.0},
                                      {"w", 7 * 86'400'000.0},
                                      {"d", 86'400'000.0},
                                      {"h", 3'600'000.0},
                                      {"m", 60'000.0},
                                      {"s", 1'000.0},
                                      {"ms", 1.0}}};

std::optional<double> parsePromDuration(std::string_view text)
{
    double total = 0;
    std::size_t next = 0;
    while (!text.empty()) {
        std::uint64_t count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc()) {
            return std::nullopt;
        }
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const std::string_view unit = text.substr(0, text.find_first_of("0123456789"));
        while (next < kUnits.size() && kUnits[next].unit != unit) {
            ++next;
        }
        if (next == kUnits.size()) {
            return std::nullopt;
        }
        total += static_cast<double>(count) * kUnits[next++].millis;
        text.remove_prefix(unit.size());
    }
    return next == 0 ? std::nullopt : std::optional(total);
}

std::string spelled(double value, std::chars_format format)
{
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format).ptr;
    return {buffer.data(), end};
}

} // namespace

std::optional<std::int64_t> parseApiTime(std::string_view text)
{
    if (const auto seconds = parseNumber(text)) {
        const double millis = std::round(*seconds * 1000);
        return millis >= kMinMillis && millis <= kMaxMillis ? std::optional(static_cast<std::int64_t>(millis))
                                                            : std::nullopt;
    }
    const auto date = takeDate(text);
    if (!date || !takeLetter(text, "Tt")) {
        return std::nullopt;
    }
    const auto clock = takeClock(text);
    const auto zone = clock ? takeZone(text) : std::nullopt;
    return zone ? std::optional(*date + *clock - *zone) : std::nullopt;
}

std::optional<std::int64_t> parseApiDuration(std::string_view text)
{
    auto millis = parseNumber(text);
    if (millis) {
        *millis *= 1000;
    } else {
        millis = parsePromDuration(text);
    }
    if (!millis || std::fabs(*millis) > kMaxDuration) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(std::round(*millis));
}

std::string apiValueText(double value)
{
    const double size = std::fabs(value);
    if (!std::isfinite(value)) {
        return core::numberText(value);
    }
    const bool exponent = size != 0 && (size < 1e-6 || size >= 1e21);
    return spelled(value, exponent ? std::chars_format::scientific : std::chars_format::fixed);
}

std::string apiAlertValueText(double value)
{
    return std::isfinite(value) ? spelled(value, std::chars_format::scientific) : core::numberText(value);
}

std::string apiTimeText(std::int64_t millis)
{
    std::string text = std::to_string(millis / 1000);
    if (millis < 0 && millis > -1000) {
        text.insert(0, "-");
    }
    if (const std::int64_t rest = std::llabs(millis % 1000); rest != 0) {
        std::string digits = std::to_string(1000 + rest).substr(1);
        digits.erase(digits.find_last_not_of('0') + 1);
        text.append(".").append(digits);
    }
    return text;
}

} // namespace net

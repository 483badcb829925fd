#include "monitor/core/format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace core {

namespace {

struct Decoded {
    std::size_t length = 1;
    bool valid = false;
};

// One UTF-8 sequence at `at` (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
Decoded decodeAt(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return {1, true};
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > text.size()) {
        return {};
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) {
            return {};
        }
    }
    const unsigned char second = byte(1);
    const bool bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)
                     || (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
    return bad ? Decoded{} : Decoded{length, true};
}

std::string isoWith(WallTime time, int digits, std::string_view zone)
{
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    const auto micros = static_cast<int>(clock.subseconds().count());
    std::array<char, 64> buffer{};
    const int length = std::snprintf(
        buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%0*d", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()), digits,
        digits == 3 ? micros / 1000 : micros);
    return std::string(buffer.data(), static_cast<std::size_t>(length)).append(zone);
}

} // namespace

std::string numberText(double value)
{
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

std::string floatText(double value)
{
    std::string text = numberText(value);
    if (text.find_first_not_of("-0123456789") == std::string::npos) {
        text += ".0";
    }
    return text;
}

std::string isoUtc(WallTime time)
{
    return isoWith(time, 3, "Z");
}

std::string isoLocal(WallTime time)
{
    const std::int64_t millis = epochMillis(time);
    const std::time_t whole = static_cast<std::time_t>(millis / 1000 - (millis % 1000 < 0 ? 1 : 0));
    std::tm broken{};
    localtime_r(&whole, &broken);
    const long offset = broken.tm_gmtoff / 60; // minutes
    std::array<char, 64> zone{};
    std::snprintf(zone.data(), zone.size(), "%c%02ld:%02ld", offset < 0 ? '-' : '+', std::labs(offset) / 60,
                  std::labs(offset) % 60);
    return isoWith(time + std::chrono::seconds(broken.tm_gmtoff), 3, zone.data());
}

std::string isoUtcMicros(WallTime time)
{
    return isoWith(time, 6, "+00:00");
}

std::string oneLine(std::string_view text, std::size_t maxChars)
{
    std::string line;
    line.reserve(std::min(text.size(), maxChars * 4));
    std::size_t chars = 0;
    bool blank = false;
    for (std::size_t at = 0; at < text.size() && chars < maxChars;) {
        const Decoded next = decodeAt(text, at);
        const auto first = static_cast<unsigned char>(text[at]);
        // C0, DEL and C1 controls, and the two Unicode line separators, could forge a line.
        const bool c1 = next.valid && next.length == 2 && first == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0;
        const bool separator = next.valid && next.length == 3 && text.substr(at, 3) >= "\xE2\x80\xA8"
                               && text.substr(at, 3) <= "\xE2\x80\xA9";
        if (first <= ' ' || first == 0x7F || c1 || separator) {
            blank = !line.empty();
        } else {
            if (blank) {
                if (chars + 2 > maxChars) { // no room for the blank and what follows it
                    break;
                }
                line += ' ';
                blank = false;
                ++chars;
            }
            line += next.valid ? text.substr(at, next.length) : std::string_view("\xEF\xBF\xBD");
            ++chars;
        }
        at += next.length;
    }
    return line;
}

std::string validUtf8(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Decoded next = decodeAt(text, at);
        if (!next.valid) {
            out += "\xEF\xBF\xBD";
        } else if (text[at] != '\0') {
            out += text.substr(at, next.length);
        }
        at += next.length;
    }
    return out;
}

std::string htmlEscaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

} // namespace core

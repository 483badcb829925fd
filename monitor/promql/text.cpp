#include "monitor/promql/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace promql {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

std::string printed(const char* format, unsigned value)
{
    std::array<char, 24> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), format, value);
    return {buffer.data(), static_cast<std::size_t>(length)};
}

void appendEscaped(std::string& out, char32_t rune, char quote)
{
    constexpr std::string_view kNamed = "\a\b\f\n\r\t\v";
    constexpr std::string_view kLetters = "abfnrtv";
    if (rune == static_cast<char32_t>(quote) || rune == U'\\') {
        out += '\\';
        out += static_cast<char>(rune);
        return;
    }
    const auto named = rune < 0x80 ? kNamed.find(static_cast<char>(rune)) : std::string_view::npos;
    if (named != std::string_view::npos) {
        out += '\\';
        out += kLetters[named];
    } else if (rune < 0x20 || rune == 0x7F) {
        out += printed("\\x%02x", rune);
    } else if (rune >= 0x80 && rune < 0xA1) {
        out += printed("\\u%04x", rune);
    } else {
        appendUtf8(out, rune);
    }
}

struct DurationUnit {
    std::string_view name;
    std::int64_t millis;
};

constexpr std::array<DurationUnit, 7> kDurationUnits{{{"y", 31'536'000'000},
                                                      {"w", 604'800'000},
                                                      {"d", 86'400'000},
                                                      {"h", 3'600'000},
                                                      {"m", 60'000},
                                                      {"s", 1'000},
                                                      {"ms", 1}}};
constexpr std::int64_t kMaxDuration =
    std::numeric_limits<std::int64_t>::max() / 1'000'000; // Go counts nanoseconds

int hexValue(char c) noexcept
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The escape after a backslash at `at`; moves `at` behind it. False when it is none.
bool unescape(std::string_view text, std::size_t& at, std::string& out)
{
    constexpr std::string_view kLetters = "abfnrtv\\'\"";
    constexpr std::string_view kMeant = "\a\b\f\n\r\t\v\\'\"";
    const char c = text[at++];
    if (const auto letter = kLetters.find(c); letter != std::string_view::npos) {
        out += kMeant[letter];
        return true;
    }
    const bool octal = c >= '0' && c <= '7';
    const unsigned digits = octal ? 2 : c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0 || at + digits > text.size()) {
        return false;
    }
    std::uint32_t value = octal ? static_cast<std::uint32_t>(c - '0') : 0;
    for (unsigned i = 0; i < digits; ++i) {
        const int digit = hexValue(text[at++]);
        if (digit < 0 || (octal && digit > 7)) {
            return false;
        }
        value = value * (octal ? 8 : 16) + static_cast<std::uint32_t>(digit);
    }
    if (octal || c == 'x') {
        out += static_cast<char>(value);
        return value <= 0xFF;
    }
    appendUtf8(out, value);
    return value <= 0x10FFFF;
}

bool parsedBy(std::string_view digits, int base, double& value) noexcept
{
    std::uint64_t whole = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), whole, base);
    if (error != std::errc() || end != digits.data() + digits.size() ||
        whole > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return false;
    }
    value = static_cast<double>(whole);
    return true;
}

} // namespace

Rune decodeRune(std::string_view text) noexcept
{
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) {
        return {first, 1};
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) {
        return {};
    }
    char32_t value = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) {
            return {};
        }
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    return overlong || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000) ? Rune{} : Rune{value, length};
}

void appendUtf8(std::string& out, char32_t rune)
{
    if (rune > 0x10FFFF || (rune >= 0xD800 && rune < 0xE000)) {
        rune = kReplacement;
    }
    if (rune < 0x80) {
        out += static_cast<char>(rune);
    } else if (rune < 0x800) {
        out += static_cast<char>(0xC0U | (rune >> 6U));
        out += static_cast<char>(0x80U | (rune & 0x3FU));
    } else {
        if (rune < 0x10000) {
            out += static_cast<char>(0xE0U | (rune >> 12U));
        } else {
            out += static_cast<char>(0xF0U | (rune >> 18U));
            out += static_cast<char>(0x80U | ((rune >> 12U) & 0x3FU));
        }
        out += static_cast<char>(0x80U | ((rune >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (rune & 0x3FU));
    }
}

std::string goQuoted(std::string_view text)
{
    std::string out = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const Rune rune = decodeRune(text.substr(at));
        if (rune.value == kReplacement && rune.bytes == 1) {
            out += printed("\\x%02x", static_cast<unsigned char>(text[at]));
        } else {
            appendEscaped(out, rune.value, '"');
        }
        at += rune.bytes;
    }
    return out += '"';
}

std::string goQuotedRune(char32_t rune)
{
    std::string out = "'";
    appendEscaped(out, rune, '\'');
    return out += '\'';
}

std::string goCodePoint(char32_t rune)
{
    std::string out = printed("U+%04X", rune);
    if (rune >= 0x20 && rune != 0x7F && (rune < 0x80 || rune > 0xA0)) {
        out += " '";
        appendUtf8(out, rune);
        out += '\'';
    }
    return out;
}

std::string_view firstRunes(std::string_view text, std::size_t count) noexcept
{
    std::size_t at = 0;
    for (; count > 0 && at < text.size(); --count) {
        at += decodeRune(text.substr(at)).bytes;
    }
    return text.substr(0, at);
}

core::Result<std::string> unquote(std::string_view literal)
{
    const auto bad = [] { return core::fail("invalid syntax"); };
    if (literal.size() < 2 || literal.front() != literal.back()) {
        return bad();
    }
    const char quote = literal.front();
    const std::string_view inner = literal.substr(1, literal.size() - 2);
    if (quote == '`') {
        return inner.find('`') == std::string_view::npos ? core::Result<std::string>(std::string(inner))
                                                         : bad();
    }
    if ((quote != '"' && quote != '\'') || inner.find('\n') != std::string_view::npos) {
        return bad();
    }
    std::string out;
    for (std::size_t at = 0; at < inner.size();) {
        const char c = inner[at++];
        if (c == quote) {
            return bad();
        }
        if (c != '\\') {
            out += c;
            continue;
        }
        const bool otherQuote =
            at < inner.size() && (inner[at] == '\'' || inner[at] == '"') && inner[at] != quote;
        if (at >= inner.size() || otherQuote || !unescape(inner, at, out)) {
            return bad();
        }
    }
    return out;
}

core::Result<std::int64_t> parseDuration(std::string_view text)
{
    if (text.empty()) {
        return core::fail("empty duration string");
    }
    if (text == "0") {
        return std::int64_t{0};
    }
    std::int64_t total = 0;
    std::size_t unit = 0;
    for (std::size_t at = 0; at < text.size();) {
        std::uint64_t amount = 0;
        const char* begin = text.data() + at;
        const auto [end, error] = std::from_chars(begin, text.data() + text.size(), amount);
        if (end == begin) {
            return core::fail("not a valid duration string: " + goQuoted(text));
        }
        at += static_cast<std::size_t>(end - begin);
        std::size_t length = 0;
        while (at + length < text.size() && text[at + length] >= 'a' && text[at + length] <= 'z') {
            ++length;
        }
        const std::string_view name = text.substr(at, length);
        at += length;
        while (unit < kDurationUnits.size() && kDurationUnits[unit].name != name) {
            ++unit;
        }
        if (unit == kDurationUnits.size()) {
            return core::fail("not a valid duration string: " + goQuoted(text));
        }
        const auto limit = static_cast<std::uint64_t>((kMaxDuration - total) / kDurationUnits[unit].millis);
        if (error != std::errc() || amount > limit) {
            return core::fail("duration out of range");
        }
        total += static_cast<std::int64_t>(amount) * kDurationUnits[unit++].millis;
    }
    return total;
}

std::string durationText(std::int64_t millis)
{
    if (millis == 0) {
        return "0s";
    }
    std::string out = millis < 0 ? "-" : "";
    std::int64_t left = std::abs(millis);
    for (const DurationUnit& unit : kDurationUnits) {
        const bool exact = unit.name == "y" || unit.name == "w";
        if (left < unit.millis || (exact && left % unit.millis != 0)) {
            continue; // years and weeks only when nothing is left over
        }
        out += std::to_string(left / unit.millis) + std::string(unit.name);
        left %= unit.millis;
    }
    return out;
}

bool parseFloat(std::string_view text, double& value) noexcept
{
    const bool negative = text.starts_with('-');
    std::string_view digits = negative || text.starts_with('+') ? text.substr(1) : text;
    std::string lower(digits);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c); });
    if (lower == "inf" || lower == "infinity") {
        value = std::numeric_limits<double>::infinity();
    } else if (lower == "nan") {
        value = std::numeric_limits<double>::quiet_NaN();
    } else {
        if (lower.empty() || !(lower.front() == '.' || (lower.front() >= '0' && lower.front() <= '9'))) {
            return false;
        }
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        const bool tiny = error == std::errc::result_out_of_range && lower.find("e-") != std::string::npos;
        if (tiny) {
            value = 0; // Go rounds what is too small and refuses what is too large
        } else if (error != std::errc() || end != digits.data() + digits.size()) {
            return false;
        }
    }
    value = negative ? -value : value;
    return true;
}

core::Result<double> parseNumber(std::string_view text)
{
    double value = 0;
    const bool hex = text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
    const bool octal = text.size() > 1 && text[0] == '0';
    if ((hex && parsedBy(text.substr(2), 16, value)) ||
        (octal && !hex && parsedBy(text.substr(1), 8, value)) || (!hex && parseFloat(text, value))) {
        return value;
    }
    return core::fail("strconv.ParseFloat: parsing " + goQuoted(text) + ": invalid syntax");
}

std::string fixedText(double value)
{
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    std::array<char, 1100> buffer{}; // the longest double has 1074 digits after the point
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed).ptr;
    return {buffer.data(), end};
}

} // namespace promql

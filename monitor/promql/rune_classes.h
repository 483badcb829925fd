// Which characters the lexer knows apart.
#pragma once

#include <string_view>

namespace promql {

inline constexpr char32_t kEof = 0xFFFFFFFF;
inline constexpr char32_t kInvalidRune = 0xFFFD; // also what decodeRune() gives for bytes that are no UTF-8
inline constexpr std::string_view kDigits = "0123456789";

[[nodiscard]] inline bool isSpace(char32_t c) noexcept
{
    return c == U' ' || c == U'\t' || c == U'\n' || c == U'\r';
}

[[nodiscard]] inline bool isDigit(char32_t c) noexcept
{
    return c >= U'0' && c <= U'9';
}

[[nodiscard]] inline bool isAlpha(char32_t c) noexcept
{
    return c == U'_' || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

[[nodiscard]] inline bool isAlphaNumeric(char32_t c) noexcept
{
    return isAlpha(c) || isDigit(c);
}

[[nodiscard]] inline unsigned digitValue(char32_t c) noexcept
{
    if (isDigit(c)) {
        return c - U'0';
    }
    if (c >= U'a' && c <= U'f') {
        return c - U'a' + 10;
    }
    return c >= U'A' && c <= U'F' ? c - U'A' + 10 : 16;
}

} // namespace promql

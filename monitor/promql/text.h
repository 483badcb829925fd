// Texts as Go's standard library reads and writes them; Prometheus' messages and literals are made of them.
#pragma once

#include "monitor/core/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace promql {

struct Rune {
    char32_t value = 0xFFFD;
    std::size_t bytes = 1;
};

// The first character; U+FFFD of one byte for what is no UTF-8. `text` must not be empty.
[[nodiscard]] Rune decodeRune(std::string_view text) noexcept;
void appendUtf8(std::string& out, char32_t rune);
// Go's %q of a string, %q of a rune ('x') and %#U of a rune (U+0078 'x').
[[nodiscard]] std::string goQuoted(std::string_view text);
[[nodiscard]] std::string goQuotedRune(char32_t rune);
[[nodiscard]] std::string goCodePoint(char32_t rune);
[[nodiscard]] std::string_view firstRunes(std::string_view text, std::size_t count) noexcept;
// A PromQL string literal with its quotes to the text it means.
[[nodiscard]] core::Result<std::string> unquote(std::string_view literal);

// "1h30m" to milliseconds; the words of an error are Prometheus'. Zero is fine ("0", "0s").
[[nodiscard]] core::Result<std::int64_t> parseDuration(std::string_view text);
// 5400000 to "1h30m", as Prometheus prints durations.
[[nodiscard]] std::string durationText(std::int64_t millis);
// A number as PromQL writes them: decimal, 0x1F, 017, 1e3, .5, Inf, NaN. Fails in Go's words.
[[nodiscard]] core::Result<double> parseNumber(std::string_view text);
// Go's strconv.ParseFloat without underscores and hexadecimal floats: false when it is no number.
[[nodiscard]] bool parseFloat(std::string_view text, double& value) noexcept;
// Shortest digits without an exponent, as Go's FormatFloat(v, 'f', -1, 64).
[[nodiscard]] std::string fixedText(double value);

} // namespace promql

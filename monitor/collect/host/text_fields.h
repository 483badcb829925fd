// Lines, fields and numbers of kernel texts. Total: any bytes are fine, what is not there is absent.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace collect {

// Takes the first line off the text (without its newline).
[[nodiscard]] inline std::string_view takeLine(std::string_view& text) noexcept {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

// Takes the next field, separated by blanks or tabs; empty when there is none.
[[nodiscard]] inline std::string_view takeField(std::string_view& line) noexcept {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
        line = {};
        return {};
    }
    const std::size_t end = line.find_first_of(" \t", begin);
    const std::string_view field = line.substr(begin, end == std::string_view::npos ? end : end - begin);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end);
    return field;
}

// The whole field must be the number; no sign, no overflow.
[[nodiscard]] inline std::optional<std::uint64_t> wholeNumber(std::string_view field) noexcept {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    return !field.empty() && error == std::errc() && end == field.data() + field.size() ? std::optional(value)
                                                                                        : std::nullopt;
}

// Finite decimals only.
[[nodiscard]] inline std::optional<double> decimalNumber(std::string_view field) noexcept {
    double value = 0;
    const auto [end, error] =
        std::from_chars(field.data(), field.data() + field.size(), value, std::chars_format::fixed);
    const bool whole = !field.empty() && error == std::errc() && end == field.data() + field.size();
    return whole && value - value == 0 ? std::optional(value) : std::nullopt;
}

[[nodiscard]] inline std::optional<std::uint64_t> takeNumber(std::string_view& line) noexcept {
    return wholeNumber(takeField(line));
}

} // namespace collect

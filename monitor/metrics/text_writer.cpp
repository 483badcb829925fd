#include "monitor/metrics/text_writer.h"

#include "monitor/core/format.h"

#include <algorithm>

namespace metrics {

namespace {

constexpr double kWholeLimit = 1e15; // below, every whole number is exact and short enough to spell out

bool isPlain(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte != '\\' && byte != '"' && byte != '\n' && byte != 0 && byte < 0x80;
    });
}

char* copied(char* at, std::string_view text) noexcept {
    return std::copy(text.begin(), text.end(), at);
}

} // namespace

void TextWriter::escaped(std::string_view input, Escape what) {
    if (isPlain(input)) {
        text(input);
        return;
    }
    for (const char c : core::validUtf8(input)) {
        if (c == '\n') {
            text("\\n");
        } else if (c == '\\') {
            text("\\\\");
        } else if (c == '"' && what == Escape::LabelValue) {
            text("\\\"");
        } else {
            put(c);
        }
    }
}

void TextWriter::millis(std::int64_t millis) {
    need(kMaxNumber);
    char* at = m_buffer.data() + m_size;
    at = std::to_chars(at, at + kMaxNumber - 4, millis / 1000).ptr;
    const auto rest = static_cast<int>(std::abs(millis % 1000));
    *at++ = '.';
    *at++ = static_cast<char>('0' + rest / 100);
    *at++ = static_cast<char>('0' + rest / 10 % 10);
    *at++ = static_cast<char>('0' + rest % 10);
    m_size = static_cast<std::size_t>(at - m_buffer.data());
}

char* TextWriter::spellAt(char* at, double value) {
    if (std::fabs(value) < kWholeLimit) {
        const auto whole = static_cast<std::int64_t>(value);
        if (static_cast<double>(whole) == value) {
            if (whole == 0 && std::signbit(value)) {
                *at++ = '-';
            }
            return copied(std::to_chars(at, at + kMaxNumber - 3, whole).ptr, ".0");
        }
        return std::to_chars(at, at + kMaxNumber, value).ptr;
    }
    return copied(at, core::floatText(value));
}

} // namespace metrics

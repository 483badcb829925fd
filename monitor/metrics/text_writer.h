// Text put together in one buffer that is grown ahead, not letter by letter: the inside of the exposition.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace metrics {

enum class Escape {
    Help,      // backslash and newline (text format 0.0.4)
    LabelValue // and the quotation mark
};

// Not thread-safe.
class TextWriter {
public:
    static constexpr std::size_t kMaxNumber = 32;

    explicit TextWriter(std::size_t guess)
        : m_buffer(guess, '\0') {}

    void put(char c) {
        need(1);
        m_buffer[m_size++] = c;
    }
    void text(std::string_view text) {
        if (text.empty()) { // memcpy() from a null view is undefined even for nothing
            return;
        }
        need(text.size());
        std::memcpy(m_buffer.data() + m_size, text.data(), text.size());
        m_size += text.size();
    }
    // Invalid UTF-8 becomes U+FFFD.
    void escaped(std::string_view text, Escape what);
    void value(double value) {
        need(kMaxNumber);
        m_size = static_cast<std::size_t>(spellAt(m_buffer.data() + m_size, value) - m_buffer.data());
    }
    // A time stamp in milliseconds as seconds: 1795165927.742.
    void millis(std::int64_t millis);
    [[nodiscard]] std::string take() {
        m_buffer.resize(m_size);
        return std::move(m_buffer);
    }

    // "10.0", "0.25", "1e+21", "NaN", "+Inf": as core::floatText, but whole numbers below 10^15 keep all
    // their digits.
    static std::string_view spell(double value, std::span<char, kMaxNumber> into) {
        return {into.data(), static_cast<std::size_t>(spellAt(into.data(), value) - into.data())};
    }

private:
    static char* spellAt(char* at, double value);
    void need(std::size_t more) {
        if (m_buffer.size() - m_size < more) {
            m_buffer.resize(m_buffer.size() * 2 + more);
        }
    }

    std::string m_buffer; // its tail is not yet text
    std::size_t m_size = 0;
};

} // namespace metrics

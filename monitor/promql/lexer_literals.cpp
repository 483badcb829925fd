// Strings, numbers and durations of the lexer.
#include "monitor/promql/lexer.h"
#include "monitor/promql/rune_classes.h"
#include "monitor/promql/text.h"

#include <cstdint>

namespace promql {

void Lexer::quotedString()
{
    while (true) {
        const std::size_t before = m_pos;
        const char32_t c = advance();
        if (c == U'\\') {
            escape();
            if (m_scanned) {
                return;
            }
        } else if (c == kInvalidRune && m_pos - before == 1) {
            return fail("invalid UTF-8 rune");
        } else if (c == kEof || c == U'\n') {
            return fail("unterminated quoted string");
        } else if (c == m_quote) {
            emit(TokenType::String);
            return to(State::Statements);
        }
    }
}

// After a backslash.
void Lexer::escape()
{
    char32_t c = advance();
    unsigned digits = 0;
    unsigned base = 16;
    std::uint64_t limit = 255;
    if (c == m_quote ||
        (c < 0x80 && std::string_view("abfnrtv\\").find(static_cast<char>(c)) != std::string_view::npos)) {
        return;
    }
    if (c >= U'0' && c <= U'7') {
        digits = 3;
        base = 8;
    } else if (c == U'x' || c == U'u' || c == U'U') {
        digits = c == U'x' ? 2 : c == U'u' ? 4 : 8;
        limit = c == U'x' ? 255 : 0x10FFFF;
        c = advance();
    } else if (c == kEof) {
        return fail("escape sequence not terminated");
    } else {
        return fail("unknown escape sequence " + goCodePoint(c));
    }
    std::uint64_t value = 0;
    for (; digits > 0; --digits) {
        const unsigned digit = digitValue(c);
        if (digit >= base) {
            return fail(c == kEof ? "escape sequence not terminated"
                                  : "illegal character " + goCodePoint(c) + " in escape sequence");
        }
        value = value * base + digit;
        if (digits > 1) {
            c = advance();
        }
    }
    if (value > limit || (value >= 0xD800 && value < 0xE000)) {
        fail("escape sequence is an invalid Unicode code point");
    }
}

void Lexer::rawString()
{
    while (true) {
        const std::size_t before = m_pos;
        const char32_t c = advance();
        if (c == kInvalidRune && m_pos - before == 1) {
            return fail("invalid UTF-8 rune");
        }
        if (c == kEof) {
            return fail("unterminated raw string");
        }
        if (c == m_quote) {
            emit(TokenType::String);
            return to(State::Statements);
        }
    }
}

void Lexer::duration()
{
    const auto soFar = [this] { return goQuoted(m_input.substr(m_start, m_pos - m_start)); };
    if (scanNumber()) {
        return fail("missing unit character in duration");
    }
    if (!acceptRemainingDuration()) {
        return fail("bad duration syntax: " + soFar());
    }
    backup();
    emit(TokenType::Duration);
    to(State::Statements);
}

void Lexer::numberOrDuration()
{
    if (scanNumber()) {
        emit(TokenType::Number);
        return to(State::Statements);
    }
    if (acceptRemainingDuration()) {
        backup();
        emit(TokenType::Duration);
        return to(State::Statements);
    }
    fail("bad number or duration syntax: " + goQuoted(m_input.substr(m_start, m_pos - m_start)));
}

bool Lexer::acceptRemainingDuration() noexcept
{
    if (!accept("smhdwy")) {
        return false;
    }
    accept("s"); // of ms; hs and the like are refused when the duration is read
    while (accept(kDigits)) {
        acceptRun(kDigits);
        if (!accept("smhdw")) {
            return false;
        }
        accept("s");
    }
    return !isAlphaNumeric(advance());
}

bool Lexer::scanNumber() noexcept
{
    std::string_view digits = kDigits;
    if (accept("0") && accept("xX")) {
        digits = "0123456789abcdefABCDEF";
    }
    acceptRun(digits);
    if (accept(".")) {
        acceptRun(digits);
    }
    if (accept("eE")) {
        accept("+-");
        acceptRun(kDigits);
    }
    return !isAlphaNumeric(peek());
}

} // namespace promql

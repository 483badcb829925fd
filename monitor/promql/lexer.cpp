#include "monitor/promql/lexer.h"

#include "monitor/promql/rune_classes.h"
#include "monitor/promql/text.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace promql {

namespace {

// A rune as Go's %q prints it; the end of input is the rune -1, which Go prints as U+FFFD.
std::string quotedRune(char32_t c)
{
    return goQuotedRune(c == kEof ? kInvalidRune : c);
}

} // namespace

char32_t Lexer::advance() noexcept
{
    if (m_pos >= m_input.size()) {
        m_width = 0;
        return kEof;
    }
    const Rune rune = decodeRune(m_input.substr(m_pos));
    m_width = rune.bytes;
    m_pos += m_width;
    return rune.value;
}

char32_t Lexer::peek() noexcept
{
    const char32_t c = advance();
    backup();
    return c;
}

void Lexer::emit(TokenType type)
{
    m_token = {type, m_start, std::string(m_input.substr(m_start, m_pos - m_start))};
    m_start = m_pos;
    m_scanned = true;
}

void Lexer::fail(std::string message)
{
    m_token = {TokenType::Error, m_start, std::move(message)};
    m_scanned = true;
    to(State::Done);
}

bool Lexer::accept(std::string_view valid) noexcept
{
    const char32_t c = advance();
    if (c < 0x80 && valid.find(static_cast<char>(c)) != std::string_view::npos) {
        return true;
    }
    backup();
    return false;
}

void Lexer::acceptRun(std::string_view valid) noexcept
{
    while (accept(valid)) {
    }
}

Token Lexer::next()
{
    do {
        m_scanned = false;
        while (!m_scanned) {
            step();
        }
    } while (m_token.type == TokenType::Comment);
    return m_token;
}

void Lexer::step()
{
    switch (m_state) {
    case State::Statements:
        return m_braceOpen ? insideBraces() : statements();
    case State::InsideBraces:
        return insideBraces();
    case State::Duration:
        return duration();
    case State::NumberOrDuration:
        return numberOrDuration();
    case State::KeywordOrIdentifier:
        return keywordOrIdentifier();
    case State::Identifier:
        while (isAlphaNumeric(advance())) {
        }
        backup();
        emit(TokenType::Identifier);
        return to(State::Statements);
    case State::String:
        return quotedString();
    case State::RawString:
        return rawString();
    case State::Space:
        while (isSpace(peek())) {
            (void)advance();
        }
        m_start = m_pos;
        return to(State::Statements);
    case State::Comment:
        return lineComment();
    case State::Done:
        m_scanned = true;
        if (m_token.type != TokenType::Error) {
            emit(TokenType::EndOfInput);
        }
        return;
    }
}

// One and two character signs; false when `c` is none.
bool Lexer::sign(char c)
{
    const auto either = [this](char second, TokenType with, TokenType without) {
        emit(accept(std::string_view(&second, 1)) ? with : without);
    };
    switch (c) {
    case '=':
        if (peek() == U'~') {
            fail("unexpected character after '=': '~'");
        } else {
            either('=', TokenType::Equal, TokenType::Assign);
        }
        return true;
    case '!': {
        const char32_t second = advance();
        if (second == U'=') {
            emit(TokenType::NotEqual);
        } else {
            fail("unexpected character after '!': " + quotedRune(second));
        }
        return true;
    }
    case '<':
        either('=', TokenType::LessEqual, TokenType::Less);
        return true;
    case '>':
        either('=', TokenType::GreaterEqual, TokenType::Greater);
        return true;
    case '@':
        emit(TokenType::At);
        return true;
    case ',':
    case '*':
    case '/':
    case '%':
    case '+':
    case '-':
    case '^': {
        emit(*signType(std::string_view(&c, 1)));
        return true;
    }
    default:
        return false;
    }
}

// Parentheses, braces and brackets, with their nesting; false when `c` is none.
bool Lexer::bracket(char c)
{
    switch (c) {
    case '(':
        emit(TokenType::LeftParen);
        ++m_parenDepth;
        return true;
    case ')':
        emit(TokenType::RightParen);
        if (--m_parenDepth < 0) {
            fail("unexpected right parenthesis ')'");
        }
        return true;
    case '{':
        emit(TokenType::LeftBrace);
        m_braceOpen = true;
        return true;
    case '[':
        if (m_bracketOpen) {
            fail("unexpected left bracket '['");
            return true;
        }
        m_gotColon = false;
        emit(TokenType::LeftBracket);
        while (isSpace(peek())) {
            (void)advance();
        }
        m_start = m_pos;
        m_bracketOpen = true;
        to(State::Duration);
        return true;
    case ']':
        if (!m_bracketOpen) {
            fail("unexpected right bracket ']'");
            return true;
        }
        emit(TokenType::RightBracket);
        m_bracketOpen = false;
        return true;
    default:
        return false;
    }
}

void Lexer::statements()
{
    if (peek() == U'#') {
        return to(State::Comment);
    }
    const char32_t c = advance();
    if (c == kEof) {
        if (m_parenDepth != 0) {
            return fail("unclosed left parenthesis");
        }
        if (m_bracketOpen) {
            return fail("unclosed left bracket");
        }
        emit(TokenType::EndOfInput);
        return to(State::Done);
    }
    if (isSpace(c)) {
        return to(State::Space);
    }
    if (isDigit(c) || (c == U'.' && isDigit(peek()))) {
        m_pos -= 1;
        return to(State::NumberOrDuration);
    }
    if (c == U'"' || c == U'\'' || c == U'`') {
        m_quote = c;
        return to(c == U'`' ? State::RawString : State::String);
    }
    if (isAlpha(c) || c == U':') {
        if (!m_bracketOpen) {
            backup();
            return to(State::KeywordOrIdentifier);
        }
        if (m_gotColon) {
            return fail("unexpected colon " + quotedRune(c));
        }
        emit(TokenType::Colon);
        m_gotColon = true;
        return;
    }
    if (c >= 0x80 || (!sign(static_cast<char>(c)) && !bracket(static_cast<char>(c)))) {
        fail("unexpected character: " + quotedRune(c));
    }
}

void Lexer::insideBraces()
{
    to(State::Statements); // which comes back here while the brace is open
    if (peek() == U'#') {
        return to(State::Comment);
    }
    const char32_t c = advance();
    if (c == kEof) {
        fail("unexpected end of input inside braces");
    } else if (isSpace(c)) {
        to(State::Space);
    } else if (isAlpha(c)) {
        backup();
        to(State::Identifier);
    } else if (c == U',') {
        emit(TokenType::Comma);
    } else if (c == U'"' || c == U'\'' || c == U'`') {
        m_quote = c;
        to(c == U'`' ? State::RawString : State::String);
    } else if (c == U'=') {
        emit(accept("~") ? TokenType::EqualRegex : TokenType::Assign);
    } else if (c == U'!') {
        const char32_t second = advance();
        if (second == U'~' || second == U'=') {
            emit(second == U'~' ? TokenType::NotEqualRegex : TokenType::NotEqual);
        } else {
            fail("unexpected character after '!' inside braces: " + quotedRune(second));
        }
    } else if (c == U'{') {
        fail("unexpected left brace '{'");
    } else if (c == U'}') {
        emit(TokenType::RightBrace);
        m_braceOpen = false;
    } else {
        fail("unexpected character inside braces: " + quotedRune(c));
    }
}

void Lexer::lineComment()
{
    char32_t c = advance();
    while (c != U'\n' && c != U'\r' && c != kEof) {
        c = advance();
    }
    backup();
    emit(TokenType::Comment);
    to(State::Statements);
}

void Lexer::keywordOrIdentifier()
{
    char32_t c = advance();
    while (isAlphaNumeric(c) || c == U':') {
        c = advance();
    }
    backup();
    std::string word(m_input.substr(m_start, m_pos - m_start));
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    const auto keyword = keywordType(word);
    if (word == "inf" || word == "nan") {
        emit(TokenType::Number);
    } else if (keyword) {
        emit(*keyword);
    } else {
        emit(word.find(':') == std::string::npos ? TokenType::Identifier : TokenType::MetricIdentifier);
    }
    to(State::Statements);
}

} // namespace promql

#include "monitor/pg/sql_lexer.h"

#include <algorithm>

namespace pg {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool isBlank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

bool isNewline(char c)
{
    return c == '\n' || c == '\r';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isWordStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool equalsIgnoringCase(std::string_view text, std::string_view lowerCase) noexcept
{
    return std::equal(text.begin(), text.end(), lowerCase.begin(), lowerCase.end(),
                      [](char a, char b) { return lower(a) == b; });
}

Token SqlLexer::next() noexcept
{
    m_space = skipBlanks();
    if (m_at >= m_sql.size()) {
        return {TokenKind::End, {}, m_space};
    }
    const char c = m_sql[m_at];
    if (isWordStart(c)) {
        return word();
    }
    if (isDigit(c) || (c == '.' && isDigit(at(m_at + 1)))) {
        return number();
    }
    switch (c) {
    case '\'':
        return string(m_at, false);
    case '"':
        return quoted(m_at);
    case '$':
        return dollar();
    default:
        return token(TokenKind::Symbol, m_at + 1);
    }
}

// Blanks and comments; true when there were any.
bool SqlLexer::skipBlanks() noexcept
{
    const std::size_t begin = m_at;
    while (m_at < m_sql.size()) {
        if (isBlank(m_sql[m_at])) {
            ++m_at;
        } else if (m_sql[m_at] == '-' && at(m_at + 1) == '-') {
            while (m_at < m_sql.size() && !isNewline(m_sql[m_at])) {
                ++m_at;
            }
        } else if (m_sql[m_at] == '/' && at(m_at + 1) == '*') {
            skipBlockComment();
        } else {
            break;
        }
    }
    return m_at != begin;
}

// They nest, unlike C's; an open one goes to the end.
void SqlLexer::skipBlockComment() noexcept
{
    std::size_t depth = 0;
    do {
        if (m_sql[m_at] == '/' && at(m_at + 1) == '*') {
            ++depth;
            m_at += 2;
        } else if (m_sql[m_at] == '*' && at(m_at + 1) == '/') {
            --depth;
            m_at += 2;
        } else {
            ++m_at;
        }
    } while (depth > 0 && m_at < m_sql.size());
    m_at = std::min(m_at, m_sql.size());
}

Token SqlLexer::token(TokenKind kind, std::size_t end) noexcept
{
    const Token made{kind, m_sql.substr(m_at, end - m_at), m_space};
    m_at = end;
    m_afterEscape = kind == TokenKind::Word && equalsIgnoringCase(made.text, "escape");
    return made;
}

Token SqlLexer::rest() noexcept
{
    return token(TokenKind::Rest, m_sql.size());
}

Token SqlLexer::word() noexcept
{
    std::size_t end = m_at;
    while (end < m_sql.size() && (isWordStart(m_sql[end]) || isDigit(m_sql[end]) || m_sql[end] == '$')) {
        ++end;
    }
    const std::size_t length = end - m_at;
    const char first = lower(m_sql[m_at]);
    if (length == 1 && at(end) == '\'' && (first == 'e' || first == 'b' || first == 'x' || first == 'n')) {
        return string(end, first == 'e');
    }
    if (length == 1 && first == 'u' && at(end) == '&' && at(end + 1) == '\'') {
        return string(end + 1, false);
    }
    if (length == 1 && first == 'u' && at(end) == '&' && at(end + 1) == '"') {
        return quoted(end + 1);
    }
    return token(TokenKind::Word, end);
}

// Generous: 0x1F, 1_000 (16 and later) and junk like 123abc are one number, so that nothing of it is shown.
Token SqlLexer::number() noexcept
{
    std::size_t end = m_at;
    while (end < m_sql.size()) {
        const char c = m_sql[end];
        if ((c == '+' || c == '-') && end > m_at && lower(m_sql[end - 1]) == 'e' && isDigit(at(end + 1))) {
            ++end;
        } else if (isDigit(c) || c == '.' || isWordStart(c)) {
            ++end;
        } else {
            break;
        }
    }
    return token(TokenKind::Number, end);
}

Token SqlLexer::quoted(std::size_t open) noexcept
{
    for (std::size_t end = open + 1; end < m_sql.size(); ++end) {
        if (m_sql[end] == '"') {
            if (at(end + 1) != '"') {
                return token(TokenKind::Quoted, end + 1);
            }
            ++end;
        }
    }
    return rest();
}

// The place after the closing quote; kNone when it is open or when backslashes leave its end to a setting: with
// standard_conforming_strings off, \' does not close a plain string.
std::size_t SqlLexer::closingQuote(std::size_t from, bool escapes) const noexcept
{
    std::size_t backslashes = 0; // the run of them just before
    for (std::size_t end = from; end < m_sql.size(); ++end) {
        const char c = m_sql[end];
        if (c == '\\') {
            ++backslashes;
            continue;
        }
        const bool escaped = backslashes % 2 == 1;
        backslashes = 0;
        if (c != '\'' || (escapes && escaped)) {
            continue;
        }
        if (escaped) {
            return kNone;
        }
        if (at(end + 1) != '\'') {
            return end + 1;
        }
        ++end;
    }
    return kNone;
}

// Strings with only blanks and a newline between them are one: the place after the next opening quote, or kNone.
std::size_t SqlLexer::continuation(std::size_t from) const noexcept
{
    bool newline = false;
    std::size_t end = from;
    while (end < m_sql.size()) {
        if (isBlank(m_sql[end])) {
            newline = newline || isNewline(m_sql[end]);
            ++end;
        } else if (m_sql[end] == '-' && at(end + 1) == '-') {
            while (end < m_sql.size() && !isNewline(m_sql[end])) {
                ++end;
            }
        } else {
            break;
        }
    }
    return newline && at(end) == '\'' ? end + 1 : kNone;
}

Token SqlLexer::string(std::size_t open, bool escapes) noexcept
{
    // LIKE … ESCAPE '\' is common, and with the setting off it would have been written '\\'.
    if (m_afterEscape && !escapes && m_sql.substr(open, 3) == "'\\'" && at(open + 3) != '\'') {
        return token(TokenKind::String, open + 3);
    }
    std::size_t end = closingQuote(open + 1, escapes);
    while (end != kNone) {
        const std::size_t more = continuation(end);
        if (more == kNone) {
            return token(TokenKind::String, end);
        }
        end = closingQuote(more, escapes);
    }
    return rest();
}

Token SqlLexer::dollar() noexcept
{
    std::size_t end = m_at + 1;
    if (isDigit(at(end))) {
        while (isDigit(at(end))) {
            ++end;
        }
        return token(TokenKind::Parameter, end);
    }
    while (isWordStart(at(end)) || (end > m_at + 1 && isDigit(at(end)))) {
        ++end;
    }
    if (at(end) != '$') {
        return token(TokenKind::Symbol, m_at + 1);
    }
    const std::string_view tag = m_sql.substr(m_at, end + 1 - m_at);
    const std::size_t close = m_sql.find(tag, end + 1);
    return close == kNone ? rest() : token(TokenKind::String, close + tag.size());
}

} // namespace pg

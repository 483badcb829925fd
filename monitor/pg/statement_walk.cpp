#include "monitor/pg/statement_walk.h"

#include <algorithm>
#include <array>

namespace pg {
namespace {

bool isSymbol(const Token& token, char symbol)
{
    return token.kind == TokenKind::Symbol && token.text.front() == symbol;
}

bool isWord(const Token& token, std::string_view lowerCase)
{
    return token.kind == TokenKind::Word && equalsIgnoringCase(token.text, lowerCase);
}

template <std::size_t N>
bool isOneOf(const Token& token, const std::array<std::string_view, N>& words)
{
    return std::any_of(words.begin(), words.end(), [&token](std::string_view word) { return isWord(token, word); });
}

bool isSign(const Token& token)
{
    return isSymbol(token, '-') || isSymbol(token, '+');
}

// What may stand in a list that is shown as (…).
bool isListItem(const Token& token)
{
    constexpr std::array<std::string_view, 4> kConstants{"null", "true", "false", "default"};
    return token.kind == TokenKind::String || token.kind == TokenKind::Number || token.kind == TokenKind::Parameter ||
           isSymbol(token, ',') || isSign(token) || isOneOf(token, kConstants);
}

} // namespace

Piece StatementWalk::next() noexcept
{
    const Token token = m_lexer.next();
    if (m_set == SetState::Value && token.kind != TokenKind::End && !isSymbol(token, ';')) {
        return hiddenValue(token);
    }
    if (m_lists == Lists::Collapsed && listMayBegin(token)) {
        SqlLexer ahead = m_lexer;
        if (skipList(ahead, token.text.front() == '(' ? ')' : ']')) {
            const bool rows = isWord(m_before, "values");
            m_lexer = ahead;
            if (rows) {
                skipFurtherRows();
            }
            follow(token);
            return {PieceKind::List, token.text, token.spaceBefore};
        }
    }
    if (isSign(token) && signBefore()) {
        SqlLexer ahead = m_lexer;
        const Token number = ahead.next();
        if (number.kind == TokenKind::Number) {
            m_lexer = ahead;
            follow(number);
            return {PieceKind::Number, {}, token.spaceBefore};
        }
    }
    follow(token);
    return pieceOf(token);
}

Piece StatementWalk::pieceOf(const Token& token) noexcept
{
    switch (token.kind) {
    case TokenKind::End:
        return {PieceKind::End, {}, false};
    case TokenKind::Word:
    case TokenKind::Symbol:
        return {PieceKind::Plain, token.text, token.spaceBefore};
    case TokenKind::Quoted:
        return {PieceKind::Quoted, token.text, token.spaceBefore};
    case TokenKind::String:
        return {PieceKind::String, {}, token.spaceBefore};
    case TokenKind::Number:
        return {PieceKind::Number, {}, token.spaceBefore};
    case TokenKind::Parameter: {
        constexpr std::size_t kLongest = 6; // $65535 is the last one there is; longer ones are no parameters
        const bool real = token.text.size() <= kLongest;
        return {real ? PieceKind::Plain : PieceKind::Number, real ? token.text : std::string_view(), token.spaceBefore};
    }
    case TokenKind::Rest:
        return {PieceKind::Rest, {}, token.spaceBefore};
    }
    return {};
}

// SET name TO some, bare, words: all of it is the value.
Piece StatementWalk::hiddenValue(const Token& first) noexcept
{
    Token last = first;
    for (SqlLexer ahead = m_lexer;; m_lexer = ahead) {
        const Token token = ahead.next();
        if (token.kind == TokenKind::End || isSymbol(token, ';')) {
            break;
        }
        last = token;
    }
    m_set = SetState::None;
    m_before = last;
    return {PieceKind::Hidden, {}, first.spaceBefore};
}

// A sign belongs to the number after it unless there is something before it to add to or subtract from.
bool StatementWalk::signBefore() const noexcept
{
    constexpr std::array<std::string_view, 22> kBeforeValues{
        "select", "where", "and", "or",   "not",   "in",     "between", "limit", "offset", "values",    "then",
        "else",   "when",  "by",  "like", "ilike", "return", "set",     "on",    "having", "returning", "default"};
    switch (m_before.kind) {
    case TokenKind::End:
        return true;
    case TokenKind::Symbol:
        return !isSymbol(m_before, ')') && !isSymbol(m_before, ']');
    case TokenKind::Word:
        return isOneOf(m_before, kBeforeValues);
    case TokenKind::Quoted:
    case TokenKind::String:
    case TokenKind::Number:
    case TokenKind::Parameter:
    case TokenKind::Rest:
        return false;
    }
    return false;
}

bool StatementWalk::listMayBegin(const Token& token) const noexcept
{
    constexpr std::array<std::string_view, 2> kBeforeLists{"in", "values"};
    return (isSymbol(token, '(') && isOneOf(m_before, kBeforeLists)) ||
           (isSymbol(token, '[') && isWord(m_before, "array"));
}

// Leaves the lexer after the closing bracket; false when there is anything but values before it.
bool StatementWalk::skipList(SqlLexer& lexer, char closing) const noexcept
{
    std::size_t items = 0;
    for (Token token = lexer.next(); ; token = lexer.next(), ++items) {
        if (isSymbol(token, closing)) {
            return items > 0;
        }
        if (!isListItem(token)) {
            return false;
        }
    }
}

// VALUES (…), (…), (…): the rows after the first.
void StatementWalk::skipFurtherRows() noexcept
{
    for (;;) {
        SqlLexer ahead = m_lexer;
        if (!isSymbol(ahead.next(), ',') || !isSymbol(ahead.next(), '(') || !skipList(ahead, ')')) {
            return;
        }
        m_lexer = ahead;
    }
}

void StatementWalk::follow(const Token& token) noexcept
{
    m_before = token;
    if (isSymbol(token, ';')) {
        m_set = SetState::StatementStart;
        m_before = {};
        return;
    }
    switch (m_set) {
    case SetState::StatementStart:
        m_set = isWord(token, "set") ? SetState::Target : SetState::None;
        break;
    case SetState::Target:
        if (isSymbol(token, '=') || isWord(token, "to")) {
            m_set = SetState::Value;
        } else if (token.kind != TokenKind::Word && token.kind != TokenKind::Quoted && !isSymbol(token, '.')) {
            m_set = SetState::None;
        }
        break;
    case SetState::Value:
    case SetState::None:
        break;
    }
}

} // namespace pg

#include "monitor/promql/lexer.h"

#include "monitor/promql/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace promql {

namespace {

constexpr char32_t kEof = 0xFFFFFFFF;
constexpr char32_t kInvalid = 0xFFFD;
constexpr std::string_view kDigits = "0123456789";

struct Word {
    std::string_view text;
    TokenType type;
};

constexpr std::array kKeywords{
    Word{"and", TokenType::And},
    Word{"or", TokenType::Or},
    Word{"unless", TokenType::Unless},
    Word{"atan2", TokenType::Atan2},
    Word{"sum", TokenType::Sum},
    Word{"avg", TokenType::Avg},
    Word{"count", TokenType::Count},
    Word{"min", TokenType::Min},
    Word{"max", TokenType::Max},
    Word{"group", TokenType::Group},
    Word{"stddev", TokenType::Stddev},
    Word{"stdvar", TokenType::Stdvar},
    Word{"topk", TokenType::Topk},
    Word{"bottomk", TokenType::Bottomk},
    Word{"count_values", TokenType::CountValues},
    Word{"quantile", TokenType::Quantile},
    Word{"offset", TokenType::Offset},
    Word{"by", TokenType::By},
    Word{"without", TokenType::Without},
    Word{"on", TokenType::On},
    Word{"ignoring", TokenType::Ignoring},
    Word{"group_left", TokenType::GroupLeft},
    Word{"group_right", TokenType::GroupRight},
    Word{"bool", TokenType::Bool},
    Word{"start", TokenType::Start},
    Word{"end", TokenType::End},
};

constexpr std::array kSigns{
    Word{"(", TokenType::LeftParen},    Word{")", TokenType::RightParen},    Word{"{", TokenType::LeftBrace},
    Word{"}", TokenType::RightBrace},   Word{"[", TokenType::LeftBracket},   Word{"]", TokenType::RightBracket},
    Word{",", TokenType::Comma},        Word{"=", TokenType::Assign},        Word{":", TokenType::Colon},
    Word{"-", TokenType::Sub},          Word{"+", TokenType::Add},           Word{"*", TokenType::Mul},
    Word{"%", TokenType::Mod},          Word{"/", TokenType::Div},           Word{"==", TokenType::Equal},
    Word{"!=", TokenType::NotEqual},    Word{"<=", TokenType::LessEqual},    Word{"<", TokenType::Less},
    Word{">=", TokenType::GreaterEqual}, Word{">", TokenType::Greater},      Word{"=~", TokenType::EqualRegex},
    Word{"!~", TokenType::NotEqualRegex}, Word{"^", TokenType::Pow},
};

bool isSpace(char32_t c) noexcept
{
    return c == U' ' || c == U'\t' || c == U'\n' || c == U'\r';
}

bool isDigit(char32_t c) noexcept
{
    return c >= U'0' && c <= U'9';
}

bool isAlpha(char32_t c) noexcept
{
    return c == U'_' || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

bool isAlphaNumeric(char32_t c) noexcept
{
    return isAlpha(c) || isDigit(c);
}

unsigned digitValue(char32_t c) noexcept
{
    if (isDigit(c)) {
        return c - U'0';
    }
    if (c >= U'a' && c <= U'f') {
        return c - U'a' + 10;
    }
    return c >= U'A' && c <= U'F' ? c - U'A' + 10 : 16;
}

// A rune as Go's %q prints it; the end of input is the rune -1, which Go prints as U+FFFD.
std::string quotedRune(char32_t c)
{
    return goQuotedRune(c == kEof ? kInvalid : c);
}

} // namespace

bool isOperator(TokenType type) noexcept
{
    return type >= TokenType::Add && type <= TokenType::Unless;
}

bool isComparison(TokenType type) noexcept
{
    return type >= TokenType::Equal && type <= TokenType::GreaterEqual;
}

bool isSetOperator(TokenType type) noexcept
{
    return type == TokenType::And || type == TokenType::Or || type == TokenType::Unless;
}

bool isAggregator(TokenType type) noexcept
{
    return type >= TokenType::Avg && type <= TokenType::Topk;
}

bool mayNameMetric(TokenType type) noexcept
{
    return type == TokenType::Identifier || type == TokenType::MetricIdentifier || isAggregator(type)
           || isSetOperator(type) || type == TokenType::By || type == TokenType::Offset
           || type == TokenType::Without || type == TokenType::Start || type == TokenType::End;
}

bool mayNameLabel(TokenType type) noexcept
{
    return mayNameMetric(type) || type == TokenType::Bool || type == TokenType::GroupLeft
           || type == TokenType::GroupRight || type == TokenType::Ignoring || type == TokenType::On
           || type == TokenType::Atan2;
}

std::string_view tokenText(TokenType type) noexcept
{
    const auto byType = [type](const Word& word) { return word.type == type; };
    if (const auto sign = std::find_if(kSigns.begin(), kSigns.end(), byType); sign != kSigns.end()) {
        return sign->text;
    }
    const auto word = std::find_if(kKeywords.begin(), kKeywords.end(), byType);
    return word != kKeywords.end() ? word->text : std::string_view();
}

std::string describe(const Token& token)
{
    const auto shown = [&]() -> std::string {
        if (token.type == TokenType::Identifier || token.type == TokenType::MetricIdentifier) {
            return goQuoted(token.text);
        }
        if (isOperator(token.type) || token.type == TokenType::EqualRegex || token.type == TokenType::NotEqualRegex) {
            return "<op:" + token.text + ">";
        }
        if (isAggregator(token.type)) {
            return "<aggr:" + token.text + ">";
        }
        if (token.type >= TokenType::Bool && token.type <= TokenType::End) {
            return "<" + token.text + ">";
        }
        return token.text.size() > 10 ? goQuoted(firstRunes(token.text, 10)) + "..." : goQuoted(token.text);
    };
    switch (token.type) {
    case TokenType::EndOfInput:
        return "end of input";
    case TokenType::Identifier:
        return "identifier " + shown();
    case TokenType::MetricIdentifier:
        return "metric identifier " + shown();
    case TokenType::String:
        return "string " + shown();
    case TokenType::Number:
        return "number " + shown();
    case TokenType::Duration:
        return "duration " + shown();
    default: // has a fixed spelling
        return shown();
    }
}

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
        const auto word = std::find_if(kSigns.begin(), kSigns.end(),
                                       [c](const Word& candidate) { return candidate.text == std::string_view(&c, 1); });
        emit(word->type);
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
        } else if (c == kInvalid && m_pos - before == 1) {
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
    if (c == m_quote || (c < 0x80 && std::string_view("abfnrtv\\").find(static_cast<char>(c)) != std::string_view::npos)) {
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
        if (c == kInvalid && m_pos - before == 1) {
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
    const auto keyword = std::find_if(kKeywords.begin(), kKeywords.end(),
                                      [&](const Word& candidate) { return candidate.text == word; });
    if (word == "inf" || word == "nan") {
        emit(TokenType::Number);
    } else if (keyword != kKeywords.end()) {
        emit(keyword->type);
    } else {
        emit(word.find(':') == std::string::npos ? TokenType::Identifier : TokenType::MetricIdentifier);
    }
    to(State::Statements);
}

} // namespace promql

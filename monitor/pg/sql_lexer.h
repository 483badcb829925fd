// SQL cut into tokens, for hiding values: every byte sequence gives tokens, in one pass, and what might be inside a
// literal is never given as anything else. Follows PostgreSQL's scan.l, on the careful side where a setting decides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pg {

enum class TokenKind : std::uint8_t {
    End,
    Word,       // keyword or plain identifier
    Quoted,     // "identifier", U&"identifier"
    String,     // '…', E'…', B'…', X'…', N'…', U&'…', $tag$…$tag$, all parts of a continued one together
    Number,     // with whatever is glued to it
    Parameter,  // $1
    Symbol,     // any one other character
    Rest,       // a quote that is not closed, or whose end depends on standard_conforming_strings: all to the end
};

struct Token {
    TokenKind kind = TokenKind::End;
    std::string_view text;    // as it stands in the statement
    bool spaceBefore = false; // a blank or comment was before it
};

// Not thread-safe; the text must outlive it. next() takes time linear in the token, and the whole text once.
class SqlLexer {
public:
    explicit SqlLexer(std::string_view sql) noexcept : m_sql(sql) {}

    [[nodiscard]] Token next() noexcept;

private:
    [[nodiscard]] char at(std::size_t index) const noexcept { return index < m_sql.size() ? m_sql[index] : '\0'; }
    [[nodiscard]] bool skipBlanks() noexcept;
    void skipBlockComment() noexcept;
    [[nodiscard]] Token token(TokenKind kind, std::size_t end) noexcept;
    [[nodiscard]] Token rest() noexcept;
    [[nodiscard]] Token word() noexcept;
    [[nodiscard]] Token number() noexcept;
    [[nodiscard]] Token quoted(std::size_t open) noexcept;
    [[nodiscard]] Token string(std::size_t open, bool escapes) noexcept;
    [[nodiscard]] Token dollar() noexcept;
    [[nodiscard]] std::size_t closingQuote(std::size_t from, bool escapes) const noexcept;
    [[nodiscard]] std::size_t continuation(std::size_t from) const noexcept;

    std::string_view m_sql;
    std::size_t m_at = 0;
    bool m_space = false;
    bool m_afterEscape = false; // the token before was the word ESCAPE
};

// ASCII letters only, as SQL's keywords are.
[[nodiscard]] bool equalsIgnoringCase(std::string_view text, std::string_view lowerCase) noexcept;

} // namespace pg

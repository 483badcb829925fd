// PromQL's words. The states and the error texts are those of Prometheus 2.42 (promql/parser/lex.go), so that
// an expression it refuses is refused here with the same words at the same place.
#pragma once

#include "monitor/promql/token.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace promql {

// Gives the words one by one; total: any bytes are fine. `input` must outlive it. Not thread-safe.
class Lexer {
public:
    explicit Lexer(std::string_view input) noexcept
        : m_input(input)
    {
    }

    // The next word that is no comment; after an error or the end always the same again.
    [[nodiscard]] Token next();

private:
    enum class State {
        Statements,
        InsideBraces,
        Duration,
        NumberOrDuration,
        KeywordOrIdentifier,
        Identifier,
        String,
        RawString,
        Space,
        Comment,
        Done
    };

    Token scan();
    void step();
    void statements();
    void insideBraces();
    void numberOrDuration();
    void duration();
    void keywordOrIdentifier();
    void quotedString();
    void escape();
    void rawString();
    void lineComment();
    bool sign(char c);
    bool bracket(char c);
    void emit(TokenType type);
    void fail(std::string message);
    void to(State state) noexcept { m_state = state; }
    char32_t advance() noexcept;
    char32_t peek() noexcept;
    void backup() noexcept { m_pos -= m_width; }
    bool accept(std::string_view valid) noexcept;
    void acceptRun(std::string_view valid) noexcept;
    bool scanNumber() noexcept;
    bool acceptRemainingDuration() noexcept;

    std::string_view m_input;
    State m_state = State::Statements;
    std::size_t m_pos = 0;
    std::size_t m_start = 0;
    std::size_t m_width = 0;
    int m_parenDepth = 0;
    bool m_braceOpen = false;
    bool m_bracketOpen = false;
    bool m_gotColon = false;
    char32_t m_quote = 0;
    bool m_scanned = false;
    Token m_token;
};

} // namespace promql

// The word the parser stands at, and what every part of the grammar does with it.
#pragma once

#include "monitor/promql/ast.h"
#include "monitor/promql/lexer.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace promql {

// Unwinds to parseExpression() and parseSelector(); never leaves the parser.
struct Refused {
    std::string reason;
    std::size_t offset;
};

// Not thread-safe; everything throws Refused.
class TokenCursor {
protected:
    explicit TokenCursor(std::string_view text)
        : m_lexer(text)
    {
        advance();
    }
    ~TokenCursor() = default;
    TokenCursor(const TokenCursor&) = delete;
    TokenCursor& operator=(const TokenCursor&) = delete;

    // Counts nesting: the tree is walked recursively, and a hostile text must not overflow the stack.
    class Depth {
    public:
        explicit Depth(TokenCursor& owner);
        ~Depth() { --m_owner.m_depth; }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;

    private:
        TokenCursor& m_owner;
    };

    void advance();
    [[nodiscard]] bool at(TokenType type) const noexcept { return m_token.type == type; }
    // Goes on when the word is of this type.
    bool take(TokenType type);
    // "unexpected <word> in <context>, expected <expected>"; without a context inside an aggregation that is
    // it.
    [[noreturn]] void unexpected(std::string_view context = {}, std::string_view expected = {}) const;

    template <class Node>
    [[nodiscard]] ExprPtr make(Node node, std::size_t begin) const
    {
        auto expr = std::make_unique<Expr>();
        expr->node = std::move(node);
        expr->begin = begin;
        expr->end = m_lastEnd;
        return expr;
    }

    // Literals. duration() in ms, above 0.
    [[nodiscard]] double number();
    [[nodiscard]] std::string string();
    [[nodiscard]] std::int64_t duration();
    // (a, b, …) of by, without, on, ignoring, group_left and group_right.
    [[nodiscard]] std::vector<std::string> groupingLabels();

    static constexpr int kMaxDepth = 200;

    Lexer m_lexer;
    Token m_token;
    std::size_t m_lastEnd = 0; // of the token before
    int m_aggregations = 0;    // that are open here
    int m_depth = 0;
};

} // namespace promql

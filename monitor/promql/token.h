// PromQL's words: what kinds there are, how they are spelled, where each may stand.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace promql {

enum class TokenType {
    EndOfInput,
    Error,
    Comment,
    Identifier,
    MetricIdentifier,
    String,
    Number,
    Duration,
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Comma,
    Assign, // = of a matcher
    Colon,
    EqualRegex,
    NotEqualRegex,
    At,
    // operators
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Atan2,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
    Unless,
    // aggregations
    Avg,
    Bottomk,
    Count,
    CountValues,
    Group,
    Max,
    Min,
    Quantile,
    Stddev,
    Stdvar,
    Sum,
    Topk,
    // further keywords
    Bool,
    By,
    GroupLeft,
    GroupRight,
    Ignoring,
    Offset,
    On,
    Without,
    Start,
    End
};

struct Token {
    TokenType type = TokenType::EndOfInput;
    std::size_t at = 0; // bytes from the start of the expression
    std::string text;   // as written; of an error its message
};

[[nodiscard]] bool isOperator(TokenType type) noexcept;
[[nodiscard]] bool isComparison(TokenType type) noexcept;
[[nodiscard]] bool isSetOperator(TokenType type) noexcept;
[[nodiscard]] bool isAggregator(TokenType type) noexcept;
// Words that may stand for a metric's or a label's name where no keyword is wanted.
[[nodiscard]] bool mayNameMetric(TokenType type) noexcept;
[[nodiscard]] bool mayNameLabel(TokenType type) noexcept;
// The word or sign as written in PromQL; "" for what has no fixed spelling.
[[nodiscard]] std::string_view tokenText(TokenType type) noexcept;
// For error texts: `identifier "foo"`, `<op:+>`, `end of input` …
[[nodiscard]] std::string describe(const Token& token);
// The keyword, operator or aggregation of this spelling in lower case; nullopt when it is an ordinary name.
[[nodiscard]] std::optional<TokenType> keywordType(std::string_view lowerCase) noexcept;
// The sign of this spelling: "(", "==" …
[[nodiscard]] std::optional<TokenType> signType(std::string_view sign) noexcept;

} // namespace promql

// A PromQL expression as a tree.
#pragma once

#include "monitor/promql/token.h"
#include "monitor/series/matcher.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace promql {

enum class ValueType { Scalar, Vector, Matrix, String };

// "scalar", "instant vector", "range vector", "string".
[[nodiscard]] std::string_view valueTypeName(ValueType type) noexcept;

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

// What `offset` and `@` say. Times in ms.
struct Modifiers {
    std::int64_t offset = 0;
    std::optional<std::int64_t> at;      // ms since the epoch
    std::optional<TokenType> atBoundary; // Start or End
};

struct NumberLiteral {
    double value = 0;
};
struct StringLiteral {
    std::string value;
};
struct VectorSelector {
    std::string name; // before the braces; also among the matchers
    std::vector<series::Matcher> matchers;
    Modifiers when;
};
struct MatrixSelector {
    VectorSelector selector;
    std::int64_t range = 0; // ms
};
struct Subquery {
    ExprPtr inner;
    std::int64_t range = 0; // ms
    std::int64_t step = 0;  // ms; 0 = the engine's
    Modifiers when;
};
struct Paren {
    ExprPtr inner;
};
struct Unary {
    TokenType op = TokenType::Sub;
    ExprPtr operand;
};

enum class Cardinality { OneToOne, ManyToOne, OneToMany, ManyToMany };

struct Matching {
    Cardinality card = Cardinality::OneToOne;
    bool on = false; // else ignoring
    std::vector<std::string> labels;
    std::vector<std::string> include; // of group_left and group_right
};
struct Binary {
    TokenType op = TokenType::Add;
    bool returnBool = false;
    Matching matching;
    ExprPtr left;
    ExprPtr right;
};
struct Aggregate {
    TokenType op = TokenType::Sum;
    bool without = false;
    std::vector<std::string> grouping;
    ExprPtr parameter; // of topk, bottomk, quantile, count_values
    ExprPtr operand;
};

// What a function takes and gives; the table is in functions.cpp.
struct FunctionDef {
    std::string_view name;
    std::span<const ValueType> arguments;
    int variadic = 0; // how many further ones of the last kind may be given or left out; -1 = any number
    ValueType result = ValueType::Vector;
};

struct Call {
    const FunctionDef* function = nullptr;
    std::vector<ExprPtr> arguments;
};

struct Expr {
    using Node = std::variant<NumberLiteral, StringLiteral, VectorSelector, MatrixSelector, Subquery, Paren,
                              Unary, Binary, Aggregate, Call>;
    Node node;
    std::size_t begin = 0; // bytes from the start of the text
    std::size_t end = 0;

    [[nodiscard]] ValueType type() const;
};

// The expression without parentheses around it.
[[nodiscard]] const Expr& unwrapped(const Expr& expr) noexcept;
// The expression in PromQL again, normalised as Prometheus prints it.
[[nodiscard]] std::string exprText(const Expr& expr);

} // namespace promql

#include "monitor/promql/selector_parser.h"

#include <cmath>
#include <limits>

namespace promql {

namespace {

Modifiers* modifiersOf(Expr& expr) noexcept
{
    if (auto* selector = std::get_if<VectorSelector>(&expr.node)) {
        return &selector->when;
    }
    if (auto* matrix = std::get_if<MatrixSelector>(&expr.node)) {
        return &matrix->selector.when;
    }
    auto* subquery = std::get_if<Subquery>(&expr.node);
    return subquery != nullptr ? &subquery->when : nullptr;
}

std::string sixDecimals(double value)
{
    if (std::isnan(value)) {
        return "NaN";
    }
    return std::isinf(value) ? (value > 0 ? "+Inf" : "-Inf") : std::to_string(value);
}

} // namespace

VectorSelector SelectorParser::selectorOnly()
{
    if (m_token.type != TokenType::LeftBrace && !mayNameMetric(m_token.type)) {
        unexpected();
    }
    ExprPtr expr = vectorSelector();
    if (m_token.type != TokenType::EndOfInput) {
        unexpected();
    }
    return std::move(std::get<VectorSelector>(expr->node));
}

ExprPtr SelectorParser::vectorSelector()
{
    if (at(TokenType::LeftBrace)) {
        return vectorSelector(Token{TokenType::EndOfInput, m_token.at, {}});
    }
    const Token name = m_token;
    advance();
    return vectorSelector(name);
}

ExprPtr SelectorParser::vectorSelector(const Token& name)
{
    VectorSelector node;
    node.name = name.text;
    if (at(TokenType::LeftBrace)) {
        node.matchers = matchers();
    }
    if (!node.name.empty()) {
        node.matchers.push_back(series::Matcher::equal(std::string(series::kNameLabel), node.name));
    }
    return make(std::move(node), name.at);
}

std::vector<series::Matcher> SelectorParser::matchers()
{
    advance(); // the brace
    std::vector<series::Matcher> list;
    while (!take(TokenType::RightBrace)) {
        list.push_back(matcher());
        if (!at(TokenType::RightBrace) && !take(TokenType::Comma)) {
            unexpected("label matching", "\",\" or \"}\"");
        }
    }
    return list;
}

series::Matcher SelectorParser::matcher()
{
    const Token name = m_token;
    if (!take(TokenType::Identifier)) {
        unexpected("label matching", "identifier or \"}\"");
    }
    series::MatchOp op = series::MatchOp::Equal;
    if (at(TokenType::NotEqual)) {
        op = series::MatchOp::NotEqual;
    } else if (at(TokenType::EqualRegex)) {
        op = series::MatchOp::Regex;
    } else if (at(TokenType::NotEqualRegex)) {
        op = series::MatchOp::NotRegex;
    } else if (!at(TokenType::Assign)) {
        unexpected("label matching", "label matching operator");
    }
    advance();
    if (!at(TokenType::String)) {
        unexpected("label matching", "string");
    }
    auto made = series::Matcher::make(op, name.text, string());
    if (!made) {
        throw Refused{made.error().message, name.at};
    }
    return std::move(*made);
}

// Ranges, subqueries, offset and @ behind an expression.
ExprPtr SelectorParser::postfix(ExprPtr expr)
{
    while (true) {
        if (at(TokenType::LeftBracket)) {
            expr = range(std::move(expr));
        } else if (at(TokenType::Offset)) {
            offset(*expr);
        } else if (at(TokenType::At)) {
            atModifier(*expr);
        } else {
            return expr;
        }
        expr->end = m_lastEnd;
    }
}

ExprPtr SelectorParser::range(ExprPtr inner)
{
    const std::size_t bracketAt = m_token.at;
    const std::size_t begin = inner->begin;
    advance();
    if (!at(TokenType::Duration)) {
        unexpected("subquery selector", "duration");
    }
    const std::int64_t span = duration();
    if (take(TokenType::Colon)) {
        Subquery node;
        node.range = span;
        if (at(TokenType::Duration)) {
            node.step = duration();
            if (!take(TokenType::RightBracket)) {
                unexpected("subquery selector", "\"]\"");
            }
        } else if (!take(TokenType::RightBracket)) {
            unexpected("subquery selector", "duration or \"]\"");
        }
        node.inner = std::move(inner);
        return make(std::move(node), begin);
    }
    if (!take(TokenType::RightBracket)) {
        unexpected("subquery or range", "\":\" or \"]\"");
    }
    auto* selector = std::get_if<VectorSelector>(&inner->node);
    if (selector == nullptr) {
        throw Refused{"ranges only allowed for vector selectors", bracketAt};
    }
    if (selector->when.offset != 0) {
        throw Refused{"no offset modifiers allowed before range", bracketAt};
    }
    if (selector->when.at) {
        throw Refused{"no @ modifiers allowed before range", bracketAt};
    }
    return make(MatrixSelector{std::move(*selector), span}, begin);
}

void SelectorParser::offset(Expr& expr)
{
    advance();
    const bool negative = take(TokenType::Sub);
    if (!at(TokenType::Duration)) {
        unexpected("offset", "duration");
    }
    const std::int64_t span = duration();
    Modifiers* when = modifiersOf(expr);
    if (when == nullptr) {
        throw Refused{
            "offset modifier must be preceded by an instant vector selector or range vector selector or "
            "a subquery",
            expr.begin};
    }
    if (when->offset != 0) {
        throw Refused{"offset may not be set multiple times", expr.begin};
    }
    when->offset = negative ? -span : span;
}

void SelectorParser::atModifier(Expr& expr)
{
    advance();
    Modifiers given;
    if (at(TokenType::Start) || at(TokenType::End)) {
        given.atBoundary = m_token.type;
        advance();
        if (!take(TokenType::LeftParen) || !take(TokenType::RightParen)) {
            unexpected("@", "timestamp");
        }
    } else {
        given.at = timestamp(expr);
    }
    Modifiers* when = modifiersOf(expr);
    if (when == nullptr) {
        throw Refused{
            "@ modifier must be preceded by an instant vector selector or range vector selector or a "
            "subquery",
            expr.begin};
    }
    if (when->at || when->atBoundary) {
        throw Refused{"@ <timestamp> may not be set multiple times", expr.begin};
    }
    when->at = given.at;
    when->atBoundary = given.atBoundary;
}

// Seconds with a sign to milliseconds.
std::int64_t SelectorParser::timestamp(const Expr& expr)
{
    const bool negative = at(TokenType::Sub);
    if (negative || at(TokenType::Add)) {
        advance();
    }
    if (!at(TokenType::Number)) {
        unexpected("@", "timestamp");
    }
    const double seconds = negative ? -number() : number();
    constexpr double kLimit = static_cast<double>(std::numeric_limits<std::int64_t>::max());
    // Prometheus checks the seconds only; what does not fit in milliseconds is refused here too.
    if (!std::isfinite(seconds) || std::fabs(seconds) >= kLimit / 1000) {
        throw Refused{"timestamp out of bounds for @ modifier: " + sixDecimals(seconds), expr.begin};
    }
    return std::llround(seconds * 1000);
}

} // namespace promql

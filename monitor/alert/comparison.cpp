#include "monitor/alert/comparison.h"

#include <algorithm>

namespace alert {

using core::Unit;
using promql::Binary;
using promql::Expr;
using promql::TokenType;

namespace {

std::optional<double> numberIn(const Expr& expr)
{
    const auto* literal = std::get_if<promql::NumberLiteral>(&promql::unwrapped(expr).node);
    return literal != nullptr ? std::optional(literal->value) : std::nullopt;
}

TokenType mirrored(TokenType op) noexcept
{
    switch (op) {
    case TokenType::Less:
        return TokenType::Greater;
    case TokenType::LessEqual:
        return TokenType::GreaterEqual;
    case TokenType::Greater:
        return TokenType::Less;
    case TokenType::GreaterEqual:
        return TokenType::LessEqual;
    default:
        return op;
    }
}

const promql::VectorSelector* plainSelector(const Expr& expr)
{
    const auto* selector = std::get_if<promql::VectorSelector>(&promql::unwrapped(expr).node);
    const bool plain = selector != nullptr && !selector->name.empty() && selector->when.offset == 0 &&
                       !selector->when.at && !selector->when.atBoundary;
    return plain ? selector : nullptr;
}

void nameMetric(Comparison& comparison)
{
    const Expr& watched = promql::unwrapped(*comparison.watched);
    if (const auto* selector = plainSelector(watched)) {
        comparison.metric = selector->name;
        return;
    }
    const auto* binary = std::get_if<Binary>(&watched.node);
    if (binary == nullptr || (binary->op != TokenType::Mul && binary->op != TokenType::Div)) {
        return;
    }
    const auto* left = plainSelector(*binary->left);
    const auto factor = numberIn(left != nullptr ? *binary->right : *binary->left);
    const auto* selector =
        left != nullptr || binary->op == TokenType::Div ? left : plainSelector(*binary->right);
    if (selector != nullptr && factor && *factor > 0) {
        comparison.metric = selector->name;
        comparison.scale = binary->op == TokenType::Mul ? *factor : 1 / *factor;
    }
}

Unit unitOfMetric(std::string_view name, const metrics::Snapshot& snapshot)
{
    const metrics::Family* family = snapshot.find(name);
    for (const std::string_view suffix : {"_bucket", "_sum", "_count"}) {
        if (family == nullptr && name.ends_with(suffix)) {
            family = snapshot.find(name.substr(0, name.size() - suffix.size()));
            if (family != nullptr && suffix == "_count") {
                return Unit::Count;
            }
        }
    }
    return family != nullptr ? family->def->unit : Unit::None;
}

struct UnitOf {
    const metrics::Snapshot& snapshot;

    Unit operator()(const promql::NumberLiteral&) const { return Unit::None; }
    Unit operator()(const promql::StringLiteral&) const { return Unit::None; }
    Unit operator()(const promql::VectorSelector& node) const { return unitOfMetric(node.name, snapshot); }
    Unit operator()(const promql::MatrixSelector& node) const
    {
        return unitOfMetric(node.selector.name, snapshot);
    }
    Unit operator()(const promql::Subquery& node) const { return unitOf(*node.inner, snapshot); }
    Unit operator()(const promql::Paren& node) const { return unitOf(*node.inner, snapshot); }
    Unit operator()(const promql::Unary& node) const { return unitOf(*node.operand, snapshot); }
    Unit operator()(const promql::Aggregate& node) const
    {
        return node.op == TokenType::Count ? Unit::Count : unitOf(*node.operand, snapshot);
    }
    Unit operator()(const Binary& node) const
    {
        const Unit left = unitOf(*node.left, snapshot);
        const Unit right = unitOf(*node.right, snapshot);
        if (node.op == TokenType::Div) {
            return left == right && left != Unit::None ? Unit::Ratio : Unit::None;
        }
        return node.op == TokenType::Add || node.op == TokenType::Sub ? (left != Unit::None ? left : right)
                                                                      : Unit::None;
    }
    Unit operator()(const promql::Call& node) const
    {
        const std::string_view name = node.function->name;
        if (name == "rate" || name == "irate") {
            const Unit inner = unitOf(*node.arguments.front(), snapshot);
            return inner == Unit::Bytes ? Unit::BytesPerSecond : Unit::PerSecond;
        }
        if (name == "histogram_quantile") {
            return bucketUnit(*node.arguments.back());
        }
        const bool keeps = name.ends_with("_over_time") || name == "increase" || name == "delta" ||
                           name == "abs" || name == "max" || name == "round" || name.starts_with("clamp");
        return keeps ? unitOf(*node.arguments.back(), snapshot) : Unit::None;
    }

private:
    // The unit of a histogram's values, whatever rates and sums stand around its buckets.
    Unit bucketUnit(const Expr& expr) const
    {
        const Expr& inner = promql::unwrapped(expr);
        if (const auto* aggregate = std::get_if<promql::Aggregate>(&inner.node)) {
            return bucketUnit(*aggregate->operand);
        }
        if (const auto* call = std::get_if<promql::Call>(&inner.node);
            call != nullptr && !call->arguments.empty()) {
            return bucketUnit(*call->arguments.front());
        }
        return unitOf(inner, snapshot);
    }
};

} // namespace

bool Comparison::holds(double value) const noexcept
{
    switch (op) {
    case TokenType::Equal:
        return value == threshold;
    case TokenType::NotEqual:
        return value != threshold;
    case TokenType::Less:
        return value < threshold;
    case TokenType::LessEqual:
        return value <= threshold;
    case TokenType::Greater:
        return value > threshold;
    default:
        return value >= threshold;
    }
}

std::optional<Comparison> comparisonOf(const Expr& expr)
{
    const auto* binary = std::get_if<Binary>(&promql::unwrapped(expr).node);
    if (binary == nullptr || !promql::isComparison(binary->op) || binary->returnBool) {
        return std::nullopt;
    }
    const auto right = numberIn(*binary->right);
    const auto left = numberIn(*binary->left);
    Comparison comparison;
    comparison.watched = right ? binary->left.get() : binary->right.get();
    comparison.number = right ? binary->right.get() : binary->left.get();
    if ((!right && !left) || comparison.watched->type() != promql::ValueType::Vector) {
        return std::nullopt;
    }
    comparison.threshold = right ? *right : *left;
    comparison.op = right ? binary->op : mirrored(binary->op);
    nameMetric(comparison);
    return comparison;
}

core::Unit unitOf(const Expr& expr, const metrics::Snapshot& snapshot)
{
    return std::visit(UnitOf{snapshot}, expr.node);
}

} // namespace alert

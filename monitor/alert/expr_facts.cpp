#include "monitor/alert/expr_facts.h"

#include <algorithm>
#include <cstdint>

namespace alert {

namespace {

// Walks the whole tree; the results are ms back.
struct Walk {
    std::vector<const promql::VectorSelector*>& found;

    std::int64_t of(const promql::Expr& expr) { return std::visit(*this, expr.node); }
    std::int64_t ofMaybe(const promql::ExprPtr& expr) { return expr ? of(*expr) : 0; }

    std::int64_t operator()(const promql::NumberLiteral&) { return 0; }
    std::int64_t operator()(const promql::StringLiteral&) { return 0; }
    std::int64_t operator()(const promql::VectorSelector& node)
    {
        found.push_back(&node);
        return std::max<std::int64_t>(0, node.when.offset);
    }
    std::int64_t operator()(const promql::MatrixSelector& node)
    {
        return (*this)(node.selector) + node.range;
    }
    std::int64_t operator()(const promql::Subquery& node)
    {
        return of(*node.inner) + node.range + std::max<std::int64_t>(0, node.when.offset);
    }
    std::int64_t operator()(const promql::Paren& node) { return of(*node.inner); }
    std::int64_t operator()(const promql::Unary& node) { return of(*node.operand); }
    std::int64_t operator()(const promql::Binary& node) { return std::max(of(*node.left), of(*node.right)); }
    std::int64_t operator()(const promql::Aggregate& node)
    {
        return std::max(ofMaybe(node.parameter), of(*node.operand));
    }
    std::int64_t operator()(const promql::Call& node)
    {
        std::int64_t longest = 0;
        for (const promql::ExprPtr& argument : node.arguments) {
            longest = std::max(longest, of(*argument));
        }
        return longest;
    }
};

} // namespace

std::vector<const promql::VectorSelector*> selectorsIn(const promql::Expr& expr)
{
    std::vector<const promql::VectorSelector*> found;
    (void)Walk{found}.of(expr);
    return found;
}

core::Nanos reachBack(const promql::Expr& expr)
{
    std::vector<const promql::VectorSelector*> found;
    return std::chrono::milliseconds(Walk{found}.of(expr));
}

} // namespace alert

#include "monitor/promql/narrow.h"

#include "monitor/promql/expression_parser.h"
#include "monitor/promql/parser.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace promql {

namespace {

class Narrowing {
public:
    explicit Narrowing(const metrics::Labels& labels)
        : m_labels(labels)
    {
    }
    void visit(const ExprPtr& expr) const
    {
        if (expr) {
            std::visit(*this, expr->node);
        }
    }
    void operator()(NumberLiteral&) const {}
    void operator()(StringLiteral&) const {}
    void operator()(VectorSelector& selector) const { narrow(selector); }
    void operator()(MatrixSelector& matrix) const { narrow(matrix.selector); }
    void operator()(Subquery& subquery) const { visit(subquery.inner); }
    void operator()(Paren& paren) const { visit(paren.inner); }
    void operator()(Unary& unary) const { visit(unary.operand); }
    void operator()(Binary& binary) const
    {
        visit(binary.left);
        visit(binary.right);
    }
    void operator()(Aggregate& aggregate) const
    {
        visit(aggregate.parameter);
        visit(aggregate.operand);
    }
    void operator()(Call& call) const
    {
        for (const ExprPtr& argument : call.arguments) {
            visit(argument);
        }
    }

private:
    void narrow(VectorSelector& selector) const
    {
        const series::Matcher* metric = series::findName(selector.matchers);
        const bool ofTargets = metric != nullptr && metric->value().starts_with("target_");
        for (const auto& [name, value] : m_labels) {
            const bool said =
                std::any_of(selector.matchers.begin(), selector.matchers.end(),
                            [&](const series::Matcher& matcher) { return matcher.name() == name; });
            if (!said && !(ofTargets && name == "target" && value.empty())) {
                selector.matchers.push_back(series::Matcher::equal(name, value));
            }
        }
    }

    const metrics::Labels& m_labels;
};

} // namespace

core::Result<std::string> narrowed(std::string_view expression, const metrics::Labels& labels)
{
    if (const auto sound = parseExpression(expression); !sound) {
        return core::fail(sound.error().text(), "bad_data");
    }
    const ExprPtr expr = ExpressionParser(expression).expression(); // it is sound: nothing is thrown
    Narrowing(labels).visit(expr);
    return exprText(*expr);
}

} // namespace promql

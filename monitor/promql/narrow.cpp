#include "monitor/promql/narrow.h"

#include "monitor/promql/expression_parser.h"
#include "monitor/promql/parser.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

namespace promql {

namespace {

// One for each name.
std::vector<series::Matcher> matchersOf(const metrics::Labels& labels)
{
    std::map<std::string, std::vector<std::string>> values;
    for (const auto& [name, value] : labels) {
        values[name].push_back(value);
    }
    std::vector<series::Matcher> matchers;
    for (const auto& [name, any] : values) {
        if (any.size() == 1) {
            matchers.push_back(series::Matcher::equal(name, any.front()));
            continue;
        }
        std::string pattern;
        for (const std::string& value : any) {
            pattern += (pattern.empty() ? "" : "|") + re2::RE2::QuoteMeta(value);
        }
        if (auto matcher = series::Matcher::make(series::MatchOp::Regex, name, pattern)) {
            matchers.push_back(std::move(*matcher));
        }
    }
    return matchers;
}

class Narrowing {
public:
    explicit Narrowing(const metrics::Labels& labels)
        : m_matchers(matchersOf(labels))
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
        for (const series::Matcher& matcher : m_matchers) {
            const bool said =
                std::any_of(selector.matchers.begin(), selector.matchers.end(),
                            [&](const series::Matcher& other) { return other.name() == matcher.name(); });
            if (!said && !(ofTargets && matcher.name() == "target" && matcher.value().empty())) {
                selector.matchers.push_back(matcher);
            }
        }
    }

    const std::vector<series::Matcher> m_matchers;
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

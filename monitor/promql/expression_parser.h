// Expressions: operators by their strength, calls, aggregations, literals, and the selectors below them.
#pragma once

#include "monitor/promql/selector_parser.h"

namespace promql {

class ExpressionParser final : public SelectorParser {
public:
    using SelectorParser::SelectorParser;

    // The whole text as one expression.
    [[nodiscard]] ExprPtr expression();

private:
    ExprPtr binary(int weakest);
    void modifiers(Binary& node);
    ExprPtr unary();
    ExprPtr primary();
    std::vector<ExprPtr> arguments();
    ExprPtr call(const Token& name);
    bool aggregateModifier(Aggregate& node);
    ExprPtr aggregation(const Token& name);
};

} // namespace promql

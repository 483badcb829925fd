// Selectors, and what may stand behind them: metric{a="b"}[5m:1m] offset 1h @ end().
#pragma once

#include "monitor/promql/token_cursor.h"

namespace promql {

class SelectorParser : public TokenCursor {
public:
    explicit SelectorParser(std::string_view text)
        : TokenCursor(text)
    {
    }

    // A selector and nothing behind it.
    [[nodiscard]] VectorSelector selectorOnly();

protected:
    ~SelectorParser() = default;

    [[nodiscard]] ExprPtr vectorSelector();
    // After its name.
    [[nodiscard]] ExprPtr vectorSelector(const Token& name);
    // Ranges, subqueries, offset and @ behind an expression.
    [[nodiscard]] ExprPtr postfix(ExprPtr expr);

private:
    std::vector<series::Matcher> matchers();
    series::Matcher matcher();
    ExprPtr range(ExprPtr inner);
    void offset(Expr& expr);
    void atModifier(Expr& expr);
    std::int64_t timestamp(const Expr& expr);
};

} // namespace promql

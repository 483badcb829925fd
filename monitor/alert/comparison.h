// What a rule compares with what: `db_pool_usage * 100 > 80` watches db_pool_usage against 0.8.
#pragma once

#include "monitor/core/units.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/promql/ast.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace alert {

struct Comparison {
    const promql::Expr* watched = nullptr; // the side that is not the number; lives as long as the expression
    const promql::Expr* number = nullptr;  // the other side, as long
    promql::TokenType op = promql::TokenType::Greater; // as if the number stood on the right
    double threshold = 0;                              // of `watched`
    std::string metric; // of a plain selector, also times or by a positive number; else empty
    double scale = 1;   // watched = metric * scale

    [[nodiscard]] bool holds(double value) const noexcept;
};

// nullopt when the expression is no comparison of a vector with a number.
[[nodiscard]] std::optional<Comparison> comparisonOf(const promql::Expr& expr);
// The unit an expression comes out in, as far as the metrics' own units tell.
[[nodiscard]] core::Unit unitOf(const promql::Expr& expr, const metrics::Snapshot& snapshot);

} // namespace alert

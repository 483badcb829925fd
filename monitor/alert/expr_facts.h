// What a rule's expression looks at: which series, and how far back.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/promql/ast.h"

#include <vector>

namespace alert {

// Of every selector in the expression; they live as long as it.
[[nodiscard]] std::vector<const promql::VectorSelector*> selectorsIn(const promql::Expr& expr);
// How much history the expression needs before it can be believed: the longest chain of ranges and offsets in
// it.
[[nodiscard]] core::Nanos reachBack(const promql::Expr& expr);

} // namespace alert

// Binary operators over columns.
#pragma once

#include "monitor/promql/ast.h"
#include "monitor/promql/columns.h"

namespace promql {

// Two numbers. Comparisons give 1 or 0.
[[nodiscard]] double scalarOperation(TokenType op, double left, double right) noexcept;

// A vector and a scalar (one value a step), in the order written. Throws EvalError.
enum class ScalarSide { Left, Right };
[[nodiscard]] Columns vectorScalar(const Binary& node, const Columns& vector, const Column& scalar,
                                   ScalarSide side);
// Two vectors, matched by labels. Throws EvalError when a match is not unique.
[[nodiscard]] Columns vectorVector(const Binary& node, const Columns& left, const Columns& right,
                                   std::size_t steps);
// and, or, unless.
[[nodiscard]] Columns setOperation(const Binary& node, const Columns& left, const Columns& right,
                                   std::size_t steps);

} // namespace promql

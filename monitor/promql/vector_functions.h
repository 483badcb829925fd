// Functions over a whole instant vector: labels, sorting, clamping, quantiles of histograms.
#pragma once

#include "monitor/promql/ast.h"
#include "monitor/promql/columns.h"
#include "monitor/promql/value_functions.h"

#include <vector>

namespace promql {

// Each value by itself; the name goes. Throws EvalError.
[[nodiscard]] Columns applyValueFunction(ValueFunction function, const Columns& input);
// Every other function of instant vectors and scalars. `arguments` stand as in the call, strings empty.
// Throws EvalError.
[[nodiscard]] Columns applyVectorFunction(const Call& call, const std::vector<Columns>& arguments,
                                          std::size_t steps);
// The labels that absent() gives: those a selector names with =, each once.
[[nodiscard]] series::Labels absentLabels(const Expr& expr);

} // namespace promql

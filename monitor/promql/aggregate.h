// sum, avg, topk and the other aggregations over columns.
#pragma once

#include "monitor/promql/ast.h"
#include "monitor/promql/columns.h"

#include <string_view>

namespace promql {

// What stands before the vector: a number a step (topk, bottomk, quantile) or a label's name (count_values).
struct AggregateParameter {
    const Column* number = nullptr;
    std::string_view label = {};
};

// Throws EvalError.
[[nodiscard]] Columns aggregate(const Aggregate& node, const Columns& input, AggregateParameter parameter,
                                std::size_t steps);

} // namespace promql

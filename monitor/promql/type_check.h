// Types of expressions: who may stand where.
#pragma once

#include "monitor/promql/ast.h"

#include <optional>
#include <string>
#include <string_view>

namespace promql {

struct TypeError {
    std::string reason;
    std::size_t offset = 0;
};

// Checks the tree and settles the cardinality of set operators. `text` is what it was parsed from. The error
// is the first one Prometheus would report.
[[nodiscard]] std::optional<TypeError> checkTypes(Expr& expr, std::string_view text);

} // namespace promql

// Which functions PromQL has, and what they take.
#pragma once

#include "monitor/promql/ast.h"

#include <span>
#include <string_view>

namespace promql {

// nullptr when there is none of that name. The table lives as long as the program.
[[nodiscard]] const FunctionDef* findFunction(std::string_view name) noexcept;
// All of them, sorted by name; for completion and help.
[[nodiscard]] std::span<const FunctionDef> allFunctions() noexcept;

} // namespace promql

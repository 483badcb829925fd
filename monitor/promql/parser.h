// PromQL's grammar: a text to a checked tree.
#pragma once

#include "monitor/promql/ast.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace promql {

// Why an expression is refused, in Prometheus' words.
struct ParseError {
    std::string reason;     // "unexpected end of input", "unknown function with name \"foo\"" …
    std::size_t offset = 0; // bytes from the start
    int line = 1;           // from 1
    int column = 1;         // from 1, in bytes

    // "1:5: parse error: unexpected end of input".
    [[nodiscard]] std::string text() const;
};

// Parses and checks the types. Total: any bytes are fine; nesting beyond 200 levels is refused.
[[nodiscard]] core::Result<std::shared_ptr<const Expr>, ParseError> parseExpression(std::string_view text);
// A selector alone, as in match[]=…
[[nodiscard]] core::Result<std::vector<series::Matcher>, ParseError> parseSelector(std::string_view text);

} // namespace promql

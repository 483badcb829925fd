// The functions templates may call: Go's own and Prometheus'.
#pragma once

#include "monitor/gotext/template.h"
#include "monitor/gotext/template_value.h"

#include <span>
#include <string_view>

namespace gotext {

// Throws TemplateError, worded as Go words it. `and` and `or` are the caller's: they look at no more than
// they need.
[[nodiscard]] TemplateValue callTemplateFunction(std::string_view name,
                                                 std::span<const TemplateValue> arguments,
                                                 const TemplateContext& context);

} // namespace gotext

// An expression narrowed to some of the series it is about.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/metric_def.h"

#include <string>
#include <string_view>

namespace promql {

// name="value" for each of the labels in each selector; an empty value: without the label; a name that stands
// there several times: any of its values. A label that a selector names itself is left as it is said there, and
// target="" is not put to metrics target_*, which are about targets only. The text is normalised. Fails as parseExpression() does, with the code "bad_data".
[[nodiscard]] core::Result<std::string> narrowed(std::string_view expression, const metrics::Labels& labels);

} // namespace promql

// /api/v2/scenarios: list, start with parameters, stop.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/metrics/scenario_rows.h"
#include "monitor/net/backend.h"
#include "monitor/net/response.h"

#include <map>
#include <string>
#include <string_view>

namespace net {

// The parameters in a JSON object such as {"threads": 40, "consent": true}; an empty body means none.
// Refused, with a text that names it: no object, an unknown or repeated name, a wrong type, a fraction where
// only whole numbers go, a value outside the limits, more than kMaxJsonDepth nested levels.
[[nodiscard]] core::Result<std::map<std::string, double>>
parseParameters(std::string_view body, const metrics::ScenarioRow& scenario, core::Lang lang);
inline constexpr int kMaxJsonDepth = 16;

[[nodiscard]] Response listScenarios(const Backend& backend);
// 200 {"name", "state"}; 400 for the body, 404 for the name, 409 when it cannot be started now.
[[nodiscard]] Response startScenario(const Backend& backend, const std::string& name, std::string_view body,
                                     core::Lang lang);
// 200, 404, or 409 when it cannot be stopped.
[[nodiscard]] Response stopScenario(const Backend& backend, const std::string& name, core::Lang lang);

} // namespace net

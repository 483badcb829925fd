// Reads a scenario from YAML: resources/scenarios/*.yml and whatever lies in the user's own folder.
#pragma once

#include "monitor/core/result.h"
#include "monitor/load/scenario_spec.h"

#include <string_view>

namespace load {

// Any bytes are fine. Errors name file, line and reason ("exhaustion.yml:12: …"): not YAML, an unknown or
// missing key, a limit below another, a default outside its limits, an expectation over a parameter that is
// not there. Whether the step exists and finds its parameters is catalog.h's to say.
[[nodiscard]] core::Result<ScenarioSpec> parseScenario(std::string_view yaml, std::string_view file);

} // namespace load

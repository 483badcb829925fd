// Every scenario there is, for --list-scenarios and the README.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/load/scenario_spec.h"

#include <span>
#include <string>

namespace load {

// For a terminal: a paragraph a scenario with its parameters, one a line.
[[nodiscard]] std::string scenarioList(std::span<const ScenarioSpec> scenarios,
                                       core::Lang lang = core::Lang::English);
// A row each as a Markdown table, for the README.
[[nodiscard]] std::string scenarioTable(std::span<const ScenarioSpec> scenarios,
                                        core::Lang lang = core::Lang::English);

} // namespace load

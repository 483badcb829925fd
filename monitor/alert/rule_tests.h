// Runs rule tests as `promtool test rules` does: series from the epoch on, all groups at every evaluation
// interval.
#pragma once

#include "monitor/alert/rule_file.h"
#include "monitor/alert/rule_test_file.h"

#include <filesystem>
#include <string>
#include <vector>

namespace alert {

// What did not come out as written, one text a failure; empty when all is well. Poolscope's own annotations
// have no effect here: the verdict is Prometheus'.
[[nodiscard]] std::vector<std::string> runRuleTests(const RuleTestFile& tests,
                                                    const std::vector<RuleFile>& rules);
// Reads file and rules (patterns as glob(7), from the file's folder) and runs them.
[[nodiscard]] std::vector<std::string> runRuleTestFile(const std::filesystem::path& file);

} // namespace alert

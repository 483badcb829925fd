// A group of rules in use. Private to the rule engine.
#pragma once

#include "monitor/alert/rule_engine.h"

#include <optional>
#include <string>
#include <vector>

namespace alert {

struct RuleEngine::LiveGroup {
    core::Nanos interval{0};
    int limit = 0;
    std::optional<core::SteadyTime> evaluated;
    std::vector<LiveRule> rules;
    std::vector<std::string> identities; // one a rule
};

} // namespace alert

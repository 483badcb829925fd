// An Alertmanager's inhibit_rules as what our rules say: poolscope_inhibited_by.
#pragma once

#include "monitor/alert/alertmanager_config.h"
#include "monitor/alert/rule.h"
#include "monitor/metrics/rule_draft.h"

#include <string>
#include <vector>

namespace alert {

struct InhibitionEdits {
    std::vector<metrics::RuleEdit> edits; // changes of rules in use
    std::vector<std::string> left;        // what was not taken, and why
};

// Which rules of these would be inhibited by which, by the labels as written (templates match nothing). Our
// inhibition is by name and, where both sides have one, by pool: other `equal` labels are said to be left.
[[nodiscard]] InhibitionEdits inhibitionEdits(const std::vector<AlertmanagerConfig::Inhibition>& inhibitions,
                                              const std::vector<RuleFile>& files);

} // namespace alert

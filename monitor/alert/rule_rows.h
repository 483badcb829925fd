// Rules and alerts as the snapshot shows them.
#pragma once

#include "monitor/alert/comparison.h"
#include "monitor/alert/rule.h"
#include "monitor/alert/rule_state.h"
#include "monitor/core/lang.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace alert {

// A rule and what is known of it.
struct LiveRule {
    const Rule* rule = nullptr;
    std::string group;
    std::string file;
    std::optional<Comparison> comparison;
    Instances instances;
    std::vector<metrics::Labels> recorded;                   // series of the last evaluation
    double value = std::numeric_limits<double>::quiet_NaN(); // of the watched side, the worst of its series
    std::string error;                                       // of the last evaluation
};

[[nodiscard]] metrics::RuleRow ruleRow(const LiveRule& rule, const metrics::Snapshot& snapshot);
[[nodiscard]] metrics::AlertRow alertRow(const LiveRule& rule, const metrics::Labels& labels,
                                         const Instance& instance, const metrics::Snapshot& snapshot,
                                         core::Lang lang);
// Marks the alerts for which another one that is firing speaks: one named in their rule's
// poolscope_inhibited_by, of the same pool where both name one.
void inhibit(std::vector<metrics::AlertRow>& rows, const std::vector<const Rule*>& rules);

} // namespace alert

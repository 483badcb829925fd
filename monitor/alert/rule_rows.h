// Rules and alerts as the snapshot shows them.
#pragma once

#include "monitor/alert/comparison.h"
#include "monitor/alert/rule.h"
#include "monitor/alert/rule_state.h"
#include "monitor/core/lang.h"

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert {

// Of the alerts that say that a rule has no data, or cannot be evaluated: "no_data", "error".
inline constexpr std::string_view kOverlayLabel = "poolscope_state";

// A rule and what is known of it.
struct LiveRule {
    const Rule* rule = nullptr;
    std::string group;
    std::string file;
    bool own = false;               // of the file the editor writes
    metrics::RuleStanding standing; // between us and servers, of this evaluation
    metrics::Labels externalLabels; // as templates see them, as the next
    std::string externalUrl;
    core::Nanos interval{0};
    std::optional<Comparison> comparison;
    Instances instances;
    Outage outage;                                           // of the rule as a whole
    Instances overlays;                                      // alerts of its own that say so, by policy
    std::vector<metrics::Labels> recorded;                   // series of the last evaluation
    double value = std::numeric_limits<double>::quiet_NaN(); // of the watched side, the worst of its series
    std::string error;                                       // of the last evaluation
};

// Whether nobody is told of what it finds, but of the end of what was told.
[[nodiscard]] inline bool isQuiet(const LiveRule& live) noexcept
{
    using Watch = metrics::RuleStanding::Watch;
    return live.standing.watch == Watch::There || live.standing.watch == Watch::Nobody ||
           (live.rule->extras.owner == metrics::RuleOwner::Shadow);
}
// What the label "severity" says, or `fallback`.
[[nodiscard]] metrics::Severity severityIn(const metrics::Labels& labels,
                                           metrics::Severity fallback) noexcept;
[[nodiscard]] metrics::RuleRow ruleRow(const LiveRule& rule, const metrics::Snapshot& snapshot);
[[nodiscard]] metrics::AlertRow alertRow(const LiveRule& rule, const metrics::Labels& labels,
                                         const Instance& instance, const metrics::Snapshot& snapshot,
                                         core::Lang lang);
// Marks the alerts for which another one that is firing speaks: one named in their rule's
// poolscope_inhibited_by, of the same pool where both name one. Of the alerts that say that a rule has no
// data the first speaks for all: one lost target is one message. `rules` are those of the rows.
void inhibit(std::vector<metrics::AlertRow>& rows, const std::vector<const LiveRule*>& rules);

} // namespace alert

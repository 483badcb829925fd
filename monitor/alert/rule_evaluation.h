// One rule at one moment: what its expression finds. Knows nothing of states; the state machine takes it from
// here.
#pragma once

#include "monitor/alert/rule_rows.h"
#include "monitor/core/result.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace alert {

// Which alerts of the rule hold at `at` (ms since the epoch), with their labels and texts. Sets live.value
// and live.error; a failure is Findings::data, in Prometheus' words in live.error.
[[nodiscard]] Findings findAlerts(LiveRule& live, const promql::Querier& querier, std::int64_t at);
// Whether annotations are filled in; a trial over the past has no use for them.
enum class Texts { Filled, LeftOut };
struct Asked {
    const promql::Querier& querier; // of templates, and of rules that mind missing data
    std::int64_t at = 0;            // ms since the epoch
    Texts texts = Texts::Filled;
};
// As findAlerts(), from what the watched side (of a comparison with a number, else the expression) gave.
[[nodiscard]] Findings findingsIn(LiveRule& live, const std::vector<promql::InstantSample>& samples,
                                  const Asked& asked);
// The annotations for one result, as people would read them.
[[nodiscard]] std::map<std::string, std::string> textsFor(const LiveRule& live,
                                                          const promql::InstantSample& sample,
                                                          const Asked& asked);
// The samples a recording rule makes; empty, with live.error set, when it fails. `limit`: 0 = any number.
[[nodiscard]] std::vector<series::NamedSample> recordSamples(LiveRule& live, const promql::Querier& querier,
                                                             std::int64_t at, int limit);
// What the rule says about time and trouble.
[[nodiscard]] Terms termsOf(const LiveRule& live);
// The alert that says that the rule has no data, or cannot be evaluated; none when its policy does not ask
// for one.
[[nodiscard]] std::vector<Observation> overlayAlerts(const LiveRule& live);

} // namespace alert

// A rule tried on the past: when it would have fired.
#pragma once

#include "monitor/metrics/rule_draft.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/promql/querier.h"

#include <cstdint>
#include <stop_token>

namespace alert {

struct TrialTerms {
    std::int64_t from = 0; // ms since the epoch
    std::int64_t to = 0;
    std::int64_t step = 1000; // between evaluations, ms > 0; at most 10,000 of them are made
};

// Runs the rule's own state machine over what the querier holds, and nothing else: no state of the engine is
// touched. Reads at most as many samples as a query may. Soon after `stop` it gives up with the problem
// promql::kCanceled. `snapshot` tells the units and may be null. Thread-safe as far as the querier is.
[[nodiscard]] metrics::RuleTrial tryRule(const metrics::RuleDraft& draft, const promql::Querier& querier,
                                         const metrics::Snapshot* snapshot, const TrialTerms& terms,
                                         const std::stop_token& stop = {});

} // namespace alert

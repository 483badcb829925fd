// Rules and alerts as metrics: ALERTS and poolscope_rule_*.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "monitor/series/head.h"

#include <span>
#include <vector>

namespace alert {

// What exposeRules() may push, sorted by name.
[[nodiscard]] std::span<const metrics::MetricDef> ruleMetricDefs() noexcept;
// Pushes the families of snapshot.alerts and snapshot.rules; gives the samples of ALERTS, for the history.
[[nodiscard]] std::vector<series::NamedSample> exposeRules(metrics::Snapshot& snapshot);

} // namespace alert

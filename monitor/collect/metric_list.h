// Every metric there is, for --list-metrics, the README and rule checks.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/metrics/metric_def.h"

#include <span>
#include <string>
#include <vector>

namespace collect {

using MetricList = std::vector<const metrics::MetricDef*>;

[[nodiscard]] MetricList pointersTo(std::span<const metrics::MetricDef> defs);
// By name, each once.
[[nodiscard]] MetricList sortedByName(MetricList list);

// A table in columns for a terminal: name, type, unit, labels, buckets, help. One line a metric, tab-free.
[[nodiscard]] std::string metricList(const MetricList& list, core::Lang lang = core::Lang::English);
// The same as a Markdown table, for the README.
[[nodiscard]] std::string metricTable(const MetricList& list, core::Lang lang = core::Lang::English);

} // namespace collect

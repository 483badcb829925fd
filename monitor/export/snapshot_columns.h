// Which columns a snapshot has in a CSV: the fixed ones, then one per series, histogram part and percentile.
#pragma once

#include "monitor/metrics/snapshot.h"

#include <limits>
#include <map>
#include <string>
#include <vector>

namespace exporting {

// Values by head, for one tick. Heads are `<metric>_<unit>` (the unit only where the name does not say it
// already), with labels as Prometheus writes them: host_disk_usage_ratio{mountpoint="/"}. Sorted, so that
// equal snapshots give equal files. Histograms give _count, _sum and one column per bucket ({le="0.1"},
// cumulative).
using ColumnValues = std::map<std::string, double>;

[[nodiscard]] ColumnValues columnValues(const metrics::Snapshot& snapshot);
// The head of a series; `suffix` is "_sum", "_count", "_bucket" or empty.
[[nodiscard]] std::string columnHead(const metrics::MetricDef& def, const metrics::Labels& labels,
                                     std::string_view suffix);

// The same of a series as readers give it (with __name__): `def` is the metric's, or of the histogram it is a
// part of; null when nobody knows it.
[[nodiscard]] std::string seriesHead(const metrics::Labels& series, const metrics::MetricDef* def);

} // namespace exporting

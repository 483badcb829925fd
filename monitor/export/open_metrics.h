// A range as OpenMetrics text with times, for `promtool tsdb create-blocks-from openmetrics`.
#pragma once

#include "monitor/export/range_export.h"
#include "monitor/series/matcher.h"
#include "monitor/series/reader.h"

#include <filesystem>
#include <vector>

namespace exporting {

// Series after series, every sample as it was taken, stale markers left out; metric by metric as
// OpenMetrics 1.0 wants it, with HELP and TYPE of gauges and counters that are described. One series is held
// at a time. Rows of the result are samples, columns series. Errors as exportRange(); code "EMPTY" when
// nothing is known of the range.
[[nodiscard]] core::Result<Exported> exportOpenMetrics(const series::Reader& reader,
                                                       const std::vector<series::Matcher>& matchers,
                                                       const TimeSpan& range,
                                                       const std::filesystem::path& file,
                                                       const DefFinder& defs, const ExportWatch& watch = {});

} // namespace exporting

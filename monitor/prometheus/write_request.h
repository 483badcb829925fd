// Remote write 1.0 on the wire: prompb.WriteRequest (prometheus/prompb/remote.proto, types.proto) in a snappy
// block.
#pragma once

#include "monitor/metrics/metric_def.h"
#include "monitor/series/reader.h"

#include <span>
#include <string>
#include <string_view>

namespace prometheus {

// One TimeSeries for each label set, its samples in the order given; `external` labels are added where a
// series has none of that name. Labels sorted by name, as the specification wants them.
[[nodiscard]] std::string writeRequest(std::span<const series::LatestSample> samples,
                                       const metrics::Labels& external);
// The snappy block format (not the framed one).
[[nodiscard]] std::string snappyBlock(std::string_view text);

} // namespace prometheus

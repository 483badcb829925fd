// Percentiles from fixed buckets.
#pragma once

#include "monitor/metrics/snapshot.h"

#include <cstdint>
#include <span>

namespace metrics {

// As Prometheus' histogram_quantile: linear inside a bucket, from 0 (or the bound itself when the first bound
// is not positive); the highest finite bound when it falls into +Inf; NaN without observations or for a NaN
// q; -Inf and +Inf for q outside 0 … 1. `counts` are per bucket, one more than bounds.
[[nodiscard]] double bucketQuantile(double q, std::span<const double> bounds,
                                    std::span<const std::uint64_t> counts) noexcept;
[[nodiscard]] double bucketQuantile(double q, const HistogramValue& histogram) noexcept;

} // namespace metrics

#include "monitor/metrics/quantile.h"

#include <cmath>
#include <limits>

namespace metrics {

// Mirrors promql/quantile.go of Prometheus 2.42 (bucketQuantile).
double bucketQuantile(double q, std::span<const double> bounds,
                      std::span<const std::uint64_t> counts) noexcept {
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    constexpr double kInf = std::numeric_limits<double>::infinity();
    if (std::isnan(q) || bounds.empty() || counts.size() != bounds.size() + 1) {
        return kNan;
    }
    std::uint64_t total = 0;
    for (const std::uint64_t count : counts) {
        total += count;
    }
    if (total == 0) {
        return kNan;
    }
    if (q < 0 || q > 1) {
        return q < 0 ? -kInf : kInf;
    }
    const double rank = q * static_cast<double>(total);
    std::uint64_t below = 0; // observations in the buckets before this one
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        if (static_cast<double>(below + counts[i]) >= rank) {
            if (i == 0 && bounds[0] <= 0) {
                return bounds[0];
            }
            const double start = i == 0 ? 0 : bounds[i - 1];
            return start + (bounds[i] - start) *
                               ((rank - static_cast<double>(below)) / static_cast<double>(counts[i]));
        }
        below += counts[i];
    }
    return bounds.back();
}

double bucketQuantile(double q, const HistogramValue& histogram) noexcept {
    return bucketQuantile(q, histogram.bounds, histogram.counts);
}

} // namespace metrics

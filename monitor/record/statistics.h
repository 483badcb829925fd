// Whether two runs of one series differ by more than noise, and by how much. Pure functions.
#pragma once

#include "monitor/metrics/comparison_rows.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace record {

using metrics::Summary;

// Sorts `values`. Percentiles between two values lie on the line between them.
[[nodiscard]] Summary summaryOf(std::vector<double>& values);

// Samples one second apart are no independent witnesses. Means of stretches of time are (nearly): `blocks` of them at
// most, at least `shortest` values each; none when there are too few values.
[[nodiscard]] std::vector<double> blockMeans(std::span<const double> values, std::size_t blocks, std::size_t shortest);

// Mann and Whitney's rank test with correction for ties, two-sided, by the normal approximation; 1 when either has fewer than
// four values. The effect is Cliff's delta: -1 (all of b below a) … 1 (all above).
struct RankTest {
    double pValue = 1;
    double effect = 0;
};
[[nodiscard]] RankTest rankTest(std::span<const double> a, std::span<const double> b);

// 95 % of the differences of means (b - a) that resampling gives; repeatable, the seed is fixed.
[[nodiscard]] std::pair<double, double> bootstrapDifference(std::span<const double> a, std::span<const double> b);

// Holm's correction: of many tests together, no more than `level` of a chance that any is wrong. True where it holds.
[[nodiscard]] std::vector<bool> holm(const std::vector<double>& pValues, double level);

} // namespace record

// Functions of one value: mathematics and the calendar; and the quantile of a classic histogram.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace promql {

using ValueFunction = double (*)(double value);

// abs, ceil … tanh, and the calendar functions (which take seconds since the epoch, UTC). nullptr when it is
// none.
[[nodiscard]] ValueFunction findValueFunction(std::string_view name) noexcept;
// The functions that may be called without an argument and then take the time of the step.
[[nodiscard]] bool isCalendarFunction(std::string_view name) noexcept;

struct Bucket {
    double upperBound = 0;
    double count = 0; // cumulative
};

// histogram_quantile(): interpolates within a bucket; NaN without an +Inf bucket or without observations.
// Sorts, merges equal bounds and repairs falling counts, as Prometheus does.
[[nodiscard]] double bucketQuantile(double q, std::vector<Bucket>& buckets);

} // namespace promql

// Functions over a window of one series' samples: rate(), *_over_time() and their kin.
#pragma once

#include "monitor/series/reader.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace promql {

// One window of one series at one step. All times in ms.
struct Window {
    std::span<const series::Sample> samples; // within [from, to], without stale markers, never empty
    std::span<const std::size_t> resets;     // places within `samples` (from 1) where the value fell
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::int64_t at = 0; // of the step
    double first = 0;    // scalar arguments, in the order given
    double second = 0;
};

// nullopt: no result for this window.
using RangeFunction = std::optional<double> (*)(const Window& window);

// nullptr when `name` is no function over a range vector. absent_over_time is not among them: it looks at all
// series.
[[nodiscard]] RangeFunction findRangeFunction(std::string_view name) noexcept;

// A window of which only the ends are known. Times in ms.
struct WindowEnds {
    const series::RangeEnds& ends;
    std::int64_t from = 0;
    std::int64_t to = 0;
};

using EndsFunction = std::optional<double> (*)(const WindowEnds& window);

// The same function as findRangeFunction()'s, from the ends alone; nullptr when it has to see every sample.
[[nodiscard]] EndsFunction findEndsFunction(std::string_view name) noexcept;

// The value below which the share `q` of the values lies, interpolated; sorts `values`.
[[nodiscard]] double quantileOf(double q, std::vector<double>& values);

// Kahan's sum with Neumaier's improvement, as Prometheus adds up windows.
struct KahanSum {
    double sum = 0;
    double lost = 0;

    void add(double value) noexcept;
    [[nodiscard]] double total() const noexcept { return sum + lost; }
};

} // namespace promql

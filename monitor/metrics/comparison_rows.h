// What differs between two recordings: plain values.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace metrics {

// Of one series in one recording. NaN where there is nothing.
struct Summary {
    std::size_t count = 0;
    double mean = std::numeric_limits<double>::quiet_NaN();
    double deviation = std::numeric_limits<double>::quiet_NaN(); // standard deviation
    double p50 = std::numeric_limits<double>::quiet_NaN();
    double p95 = std::numeric_limits<double>::quiet_NaN();
    double max = std::numeric_limits<double>::quiet_NaN();
};

// TooShort: fewer than a minute or so of samples on either side, or only on one.
enum class Verdict { Differs, Noise, TooShort };

struct SeriesDifference {
    std::string name;  // with its labels
    bool rate = false; // of a counter: per second
    Summary before;
    Summary after;
    double low = std::numeric_limits<double>::quiet_NaN(); // of the difference of means: 95 % lie between
    double high = std::numeric_limits<double>::quiet_NaN();
    double effect = 0; // Cliff's delta, -1 … 1: how completely the two lie apart
    double pValue = 1; // of one test, not corrected for their number
    Verdict verdict = Verdict::TooShort;

    // Share by which the mean has changed; infinite when it was 0 before.
    [[nodiscard]] double relative() const noexcept
    {
        const double by = after.mean - before.mean;
        return by == 0 ? 0 : by / std::abs(before.mean);
    }
};

struct Comparison {
    std::string before; // titles
    std::string after;
    std::vector<SeriesDifference> series; // what differs first, the largest effect first

    // How many differ.
    [[nodiscard]] std::size_t sure() const noexcept
    {
        return static_cast<std::size_t>(std::count_if(series.begin(), series.end(), [](const SeriesDifference& one) {
            return one.verdict == Verdict::Differs;
        }));
    }
};

} // namespace metrics

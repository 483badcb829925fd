// What differs between two recordings: plain values.
#pragma once

#include "monitor/core/units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
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

    // Of its figures, by what Prometheus' conventions say of the name's end (https://prometheus.io/docs/practices/naming/).
    [[nodiscard]] core::Unit unit() const noexcept
    {
        const std::string_view bare = std::string_view(name).substr(0, name.find('{'));
        if (rate) { // seconds a second are how many at once
            return bare.ends_with("_bytes_total")                                      ? core::Unit::BytesPerSecond
                   : bare.ends_with("_seconds_sum") || bare.ends_with("_seconds_total") ? core::Unit::Load
                                                                                        : core::Unit::PerSecond;
        }
        return bare.ends_with("_seconds")                              ? core::Unit::Seconds
               : bare.ends_with("_bytes")                              ? core::Unit::Bytes
               : bare.ends_with("_ratio") || bare == "db_pool_usage" ? core::Unit::Ratio
                                                                       : core::Unit::None;
    }
    // One of them with its unit. Small ones keep their digits: 0.0023 /s, not 0.00 /s.
    [[nodiscard]] std::string text(double value) const
    {
        const core::Unit in = unit();
        const bool bare = in == core::Unit::None || in == core::Unit::PerSecond || in == core::Unit::Load;
        if (!bare || value == 0 || !(std::abs(value) < 0.01)) {
            return core::humanText(value, in);
        }
        std::array<char, 40> digits{};
        std::snprintf(digits.data(), digits.size(), "%.2g%s", value, in == core::Unit::PerSecond ? " /s" : "");
        return digits.data();
    }

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

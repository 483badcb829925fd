// Where a histogram's bucket ends, as its series says.
#pragma once

#include "monitor/metrics/metric_def.h"

#include <cstdlib>
#include <limits>

namespace widgets {

// Of the label "le"; NaN without one.
[[nodiscard]] inline double upperBound(const metrics::Labels& labels)
{
    for (const auto& [name, value] : labels) {
        if (name == "le") {
            return value == "+Inf" ? std::numeric_limits<double>::infinity()
                                   : std::strtod(value.c_str(), nullptr);
        }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

} // namespace widgets

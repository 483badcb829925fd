// A chart as SVG: for a page of HTML and, through Qt's SVG Tiny 1.2, for paper.
#pragma once

#include "monitor/report/facts.h"
#include "monitor/report/times.h"

#include <cstdint>
#include <string>
#include <vector>

namespace report {

// A stretch of time behind the lines: an alert that fired.
struct Band {
    std::int64_t from = 0; // ms
    std::int64_t to = 0;
    metrics::Severity severity = metrics::Severity::Warning;
};

struct ChartFrame {
    std::int64_t from = 0; // ms
    std::int64_t to = 0;
    std::vector<Band> bands;
    Times times{TimeZone::Utc};
};

inline constexpr double kChartWidth = 760;
inline constexpr double kChartHeight = 198;

// Axes with round steps and units, thresholds as dashed lines, gaps as gaps, lines told apart by colour and
// dash, a legend. No script, no style sheet, no link; labels are escaped.
[[nodiscard]] std::string chartSvg(const Chart& chart, const ChartFrame& frame);

} // namespace report

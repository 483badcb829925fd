// Marks as charts show them: lines with words, and the reasons of gaps.
#pragma once

#include "monitor/metrics/diary.h"
#include "widgets/charts/plot_model.h"

#include <span>
#include <vector>

namespace widgets {

struct ChartMarks {
    std::vector<ChartMark> lines;  // by time
    std::vector<ChartGap> reasons; // why samples may be missing
};

// Both in the order of time; what is in both counts once.
[[nodiscard]] ChartMarks chartMarks(std::span<const metrics::DiaryEntry> past, std::span<const metrics::Mark> live);

} // namespace widgets

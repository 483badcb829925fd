// Marks as charts show them: lines with words, and the reasons of gaps.
#pragma once

#include "monitor/metrics/diary.h"
#include "widgets/charts/plot_model.h"
#include "widgets/charts/resets.h"

#include <span>
#include <vector>

namespace widgets {

struct ChartMarks {
    std::vector<ChartMark> lines;  // by time
    std::vector<ChartGap> reasons; // why samples may be missing
};

// It happened to whoever watches, not to the own pool alone.
[[nodiscard]] bool isOfAll(metrics::Mark::Kind kind) noexcept;
// Both in the order of time; what is in both counts once.
[[nodiscard]] ChartMarks chartMarks(std::span<const metrics::DiaryEntry> past, std::span<const metrics::Mark> live);
// Moments at which a counter of the chart began anew: a line, and the reason of the gap behind it.
void addResets(const std::vector<Reset>& resets, ChartMarks& marks);

} // namespace widgets

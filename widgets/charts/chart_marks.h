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

// All that happened here, or only what happened to whoever watches and not to the own pool alone.
enum class MarksOf { OwnPool, Everyone };
// Both in the order of time; what is in both counts once.
[[nodiscard]] ChartMarks chartMarks(std::span<const metrics::DiaryEntry> past, std::span<const metrics::Mark> live,
                                    MarksOf whose = MarksOf::OwnPool);
// Moments at which a counter of the chart began anew: a line, and the reason of the gap behind it.
void addResets(const std::vector<Reset>& resets, ChartMarks& marks);

} // namespace widgets

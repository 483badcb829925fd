// Painting of what lies in a plot: bands, gaps, lines, marks, labels, crosshair. No state; all in the plot's
// pixels.
#pragma once

#include "widgets/charts/axis_ticks.h"
#include "widgets/charts/decimate.h"
#include "widgets/charts/plot_model.h"

#include <vector>

class QPainter;

namespace widgets {

struct PlotScales {
    TimeTicks times;
    ValueScale values;
};

void paintThresholds(QPainter& painter, const PlotModel& model, const PlotFrame& frame);
// The texts of the thresholds; after the lines, so that they stay readable.
void paintThresholdTexts(QPainter& painter, const PlotModel& model, const PlotFrame& frame);
// Hatched where no series has a sample for longer than a gap may be.
void paintGaps(QPainter& painter, const PlotModel& model, const PlotFrame& frame);
// The bands paintGaps() hatches: [first, second) in ms.
[[nodiscard]] std::vector<std::pair<std::int64_t, std::int64_t>> gapsOf(const PlotModel& model);
// Why that is so, when it is known: of several reasons the one that held longest. Empty: nobody knows.
[[nodiscard]] QString gapReason(const PlotModel& model, std::int64_t from, std::int64_t to);
void paintLine(QPainter& painter, const SeriesSpec& spec, const std::vector<ColumnPoint>& points,
               const PlotFrame& frame);
// Lighter and dashed: the same of another day.
void paintShadow(QPainter& painter, const SeriesSpec& spec, const std::vector<ColumnPoint>& points, const PlotFrame& frame);
// Where what is shown is from, as texts at the foot of the plot, and the seam between (plot_sources.cpp). Nothing where nobody
// is asked but the console itself.
void paintSources(QPainter& painter, const PlotModel& model, const PlotFrame& frame);
// Where the values at this moment are from; empty: nobody but the console is asked.
[[nodiscard]] QString sourceAt(const PlotModel& model, std::int64_t at);
void paintLabels(QPainter& painter, const PlotModel& model, const PlotFrame& frame, const PlotScales& scales);
void paintCrosshair(QPainter& painter, const PlotModel& model, const PlotFrame& frame);
// What each line has at the crosshair, beside it (plot_crosshair.cpp, as the crosshair itself).
void paintCursorValues(QPainter& painter, const PlotModel& model, const PlotFrame& frame);
// The values at the cursor and the marks near it, in a box beside it (plot_tooltip.cpp).
void paintTooltip(QPainter& painter, const PlotModel& model, const PlotFrame& frame);
void paintEmpty(QPainter& painter, const PlotModel& model, const PlotFrame& frame);

} // namespace widgets

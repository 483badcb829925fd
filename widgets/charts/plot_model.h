// What a time chart shows: plain values, shared by the widget that is asked and the view that paints.
#pragma once

#include "monitor/core/units.h"
#include "monitor/metrics/rule_draft.h"
#include "widgets/charts/sample_buffer.h"
#include "widgets/theme.h"

#include <QRectF>
#include <QString>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace widgets {

enum class LineStyle { Line, Area, Dashed };

struct SeriesSpec {
    QString name;
    int color = 0; // index of Theme::seriesColor: bound to what the series is, not to its place
    LineStyle style = LineStyle::Line;
};

// How much is written around the plot: Full has value labels at its left, Compact only the two ends of the
// time axis.
enum class Density { Full, Compact };

struct ChartSpec {
    QString name; // for accessibility, CSV and the table
    core::Unit unit = core::Unit::None;
    std::optional<double> top; // fixed upper end (1 for ratios, the limit for connections); else by the data
    std::vector<SeriesSpec> series;
    Density density = Density::Full;
};

struct Threshold {
    double value = 0;
    StatusLevel level = StatusLevel::Warning;
    bool above = true; // the side that is bad
    QString name = {}; // of its rule
    // Whose number it is: then it can be dragged. Of a chart that is asked for itself: a key without a file.
    std::optional<metrics::RuleKey> rule = {};
    double scale = 1; // the number in the rule = value * scale
    friend bool operator==(const Threshold&, const Threshold&) = default;
};

struct ChartMark {
    std::int64_t at = 0; // ms since the epoch
    QString text;
    StatusLevel level = StatusLevel::NoData; // NoData: neutral
    friend bool operator==(const ChartMark&, const ChartMark&) = default;
};

// Why samples may be missing from … to; ms since the epoch.
struct ChartGap {
    std::int64_t from = 0;
    std::int64_t to = 0;
    QString reason;
    friend bool operator==(const ChartGap&, const ChartGap&) = default;
};

// Which part of what is shown is from where. No server is asked: all is the console's own.
struct PlotSources {
    QString server;        // its name
    QString left;          // its name and how far its values lie apart; or that it has none
    QString own;           // the same of the console's own samples
    QString problem;       // why there is nothing of the server, or not all; one line
    std::int64_t seam = 0; // ms since the epoch: left of it the server's, right of it the own
    std::int64_t step = 0; // ms between the server's values; 0: there are none
    friend bool operator==(const PlotSources&, const PlotSources&) = default;
};

struct PlotModel {
    ChartSpec spec;
    std::vector<SampleBuffer> data;  // one a series
    std::vector<SampleBuffer> means; // one a series, where `data` has but the extremes of each interval; else empty ones
    std::vector<Threshold> thresholds;
    std::vector<ChartMark> marks;
    std::vector<ChartGap> reasons;
    std::vector<SampleBuffer> shadow; // one a series: the same of another day, moved to this one; else empty ones
    QString shadowName;               // "the day before"; empty: there is none
    PlotSources sources;
    QString emptyText;
    std::int64_t end = 0; // right edge, ms since the epoch; 0 = nothing was ever shown
    std::int64_t length = 300'000;
    std::int64_t interval = 1'000;
    bool live = true; // the right edge is now
    std::optional<std::int64_t> cursor;

    [[nodiscard]] std::int64_t start() const noexcept { return end - length; }
    // A longer silence than this is a gap (design: 2.5 intervals).
    [[nodiscard]] std::int64_t gapAfter() const noexcept { return interval * 5 / 2; }
    // How far values lie apart at this moment: left of the seam as the server has them.
    [[nodiscard]] std::int64_t intervalAt(std::int64_t at) const noexcept
    {
        return at < sources.seam ? std::max(interval, sources.step) : interval;
    }
};

// Time and value to pixels of the plot.
struct PlotFrame {
    QRectF area;
    std::int64_t start = 0;
    std::int64_t end = 1;
    double top = 1;

    [[nodiscard]] double x(std::int64_t at) const noexcept
    {
        return area.left() +
               static_cast<double>(at - start) / static_cast<double>(end - start) * area.width();
    }
    [[nodiscard]] double y(double value) const noexcept
    {
        return area.bottom() - value / top * area.height();
    }
    [[nodiscard]] std::int64_t timeAt(double px) const noexcept
    {
        return start + static_cast<std::int64_t>((px - area.left()) / area.width() *
                                                 static_cast<double>(end - start));
    }
};

} // namespace widgets

// The time axis of views that paint themselves: ticks on round times below the plot, and the mapping to
// pixels.
#pragma once

#include <QRectF>

#include <cstdint>

class QPainter;

namespace widgets {

// [start, end) in ms since the epoch over a plot's width.
struct TimeFrame {
    QRectF area;
    std::int64_t start = 0;
    std::int64_t end = 1;

    [[nodiscard]] double x(double at) const noexcept
    {
        return area.left() +
               (at - static_cast<double>(start)) / static_cast<double>(end - start) * area.width();
    }
    [[nodiscard]] std::int64_t timeAt(double px) const noexcept
    {
        return start + static_cast<std::int64_t>((px - area.left()) / area.width() *
                                                 static_cast<double>(end - start));
    }
};

// Labels in the muted colour below the plot.
void paintTimeAxis(QPainter& painter, const TimeFrame& frame);
// Hatched: nothing is known of this time.
void paintUnknown(QPainter& painter, const QRectF& band);

} // namespace widgets

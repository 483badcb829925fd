#include "widgets/charts/time_axis.h"

#include "models/zone.h"
#include "widgets/charts/axis_ticks.h"
#include "widgets/charts/pens.h"
#include "widgets/charts/plot_margins.h"
#include "widgets/theme.h"

#include <QPainter>

#include <algorithm>

namespace widgets {

void paintTimeAxis(QPainter& painter, const TimeFrame& frame)
{
    const QTimeZone zone = models::Zone::of().zone();
    const TimeTicks ticks =
        timeTicks(frame.start, frame.end, std::max(2, static_cast<int>(frame.area.width() / 95)), zone);
    QFont font = Theme::of().font(TextRole::Caption);
    font.setPixelSize(10);
    painter.setFont(font);
    painter.setPen(Theme::of().palette().muted);
    for (const std::int64_t at : ticks.at) {
        const double x = frame.x(static_cast<double>(at));
        const double left = std::clamp(x - 40, frame.area.left() - 40, frame.area.right() - 60);
        painter.drawText(QRectF(left, frame.area.bottom() + 2, 80, plot::kBottom - 4),
                         Qt::AlignHCenter | Qt::AlignTop, timeTickText(at, ticks.step, zone));
    }
}

void paintUnknown(QPainter& painter, const QRectF& band)
{
    if (band.width() < 2) {
        return;
    }
    const Palette& palette = Theme::of().palette();
    painter.fillRect(band, faded(palette.noData, 0.10));
    painter.save();
    painter.setClipRect(band, Qt::IntersectClip);
    painter.setPen(cosmetic(faded(palette.noData, 0.30), 1));
    for (double x = band.left() - band.height(); x < band.right(); x += 8) {
        painter.drawLine(QPointF(x, band.bottom()), QPointF(x + band.height(), band.top()));
    }
    painter.restore();
}

} // namespace widgets

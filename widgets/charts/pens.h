// Small helpers of those who paint into a plot.
#pragma once

#include <QColor>
#include <QPen>

namespace widgets {

[[nodiscard]] inline QColor faded(QColor color, double alpha)
{
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

// `width` in device pixels, whatever the scaling.
[[nodiscard]] inline QPen cosmetic(const QColor& color, double width, Qt::PenStyle style = Qt::SolidLine)
{
    QPen pen(color, width, style);
    pen.setCosmetic(true);
    return pen;
}

} // namespace widgets

// The program's signs, drawn as lines so that they are sharp at every scale and take the theme's colours.
#pragma once

#include <QColor>
#include <QIcon>

class QPainter;
class QRectF;

namespace widgets {

enum class Sign {
    Overview,
    Pool,
    Latency,
    Host,
    Alerts,
    Scenarios,
    Log,
    Responses,
    Explore,
    Theme,
    Menu,
    Export,
    Copy,
    Logo,
    Globe
};

// Fits `box`; strokes scale with it.
void drawSign(QPainter& painter, const QRectF& box, Sign sign, const QColor& color);
// In the theme's muted colour, and in the text colour when active or checked. Made anew after a change of the
// theme.
[[nodiscard]] QIcon signIcon(Sign sign);

} // namespace widgets

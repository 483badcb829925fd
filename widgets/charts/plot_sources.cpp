// Where what a chart shows is from and how fine it is; when a server is asked for the past, on either side of the seam.
#include "widgets/charts/pens.h"
#include "widgets/charts/plot_paint.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

constexpr double kPad = 4; // px

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PlotPaint)
};

// Of what is in sight.
struct Sides {
    QString left;
    QString right;
    double seam = 0; // px
};

Sides sidesOf(const PlotModel& model, const PlotFrame& frame)
{
    const PlotSources& sources = model.sources;
    Sides sides{{}, {}, std::clamp(frame.x(sources.seam), frame.area.left(), frame.area.right())};
    const bool all = sides.seam >= frame.area.right() - 1;
    const bool none = sides.seam <= frame.area.left() + 1;
    sides.left = none ? QString() : sources.left;
    if (!none && !sources.problem.isEmpty()) {
        sides.left = QStringLiteral("⚠ ") + (sources.step == 0 ? sources.server : sources.left) +
                     QStringLiteral(": ") + sources.problem;
    }
    sides.right = all ? QString() : sources.own;
    return sides;
}

void paintText(QPainter& painter, const QString& text, const QRectF& box, const QColor& color)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(faded(Theme::of().palette().card, 0.6));
    painter.drawRect(box);
    painter.setPen(color);
    painter.drawText(box, Qt::AlignCenter, text);
}

} // namespace

QString sourceAt(const PlotModel& model, std::int64_t at)
{
    const PlotSources& sources = model.sources;
    if (sources.server.isEmpty() || at >= sources.seam) {
        return sources.own.isEmpty() ? QString() : Words::tr("from %1").arg(sources.own);
    }
    return sources.step != 0 ? Words::tr("from %1").arg(sources.left) : sources.problem;
}

void paintSources(QPainter& painter, const PlotModel& model, const PlotFrame& frame)
{
    if ((model.sources.server.isEmpty() && model.sources.own.isEmpty()) || frame.area.width() < 40) {
        return;
    }
    const Palette& palette = Theme::of().palette();
    const Sides sides = sidesOf(model, frame);
    QFont font = Theme::of().font(TextRole::Caption);
    font.setPixelSize(10);
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    const double height = std::ceil(metrics.height());
    const double top = frame.area.bottom() - height - 1;
    const bool seam = !sides.left.isEmpty() && !sides.right.isEmpty();
    if (seam) {
        const double x = std::round(sides.seam) + 0.5;
        painter.setPen(cosmetic(faded(palette.accent, 0.8), 1, Qt::DotLine));
        painter.drawLine(QPointF(x, frame.area.top()), QPointF(x, frame.area.bottom()));
    }
    // The server's words first: they take the room they need beside the seam, or at the plot's left.
    const double whole = frame.area.width() - 2 * kPad;
    const QString left = metrics.elidedText(sides.left, Qt::ElideRight, whole);
    const double leftWidth = left.isEmpty() ? 0 : metrics.horizontalAdvance(left) + 2 * kPad;
    double free = frame.area.left();
    if (!left.isEmpty()) {
        const double from =
            std::max(frame.area.left(), std::min(sides.seam, frame.area.right()) - leftWidth - 1);
        const bool bad = !model.sources.problem.isEmpty();
        paintText(painter, left, {from, top, leftWidth, height}, bad ? palette.warning : palette.muted);
        free = from + leftWidth;
    }
    const double rightWidth = metrics.horizontalAdvance(sides.right) + 2 * kPad;
    // Alone it stands where the curve is oldest.
    const double side = model.sources.server.isEmpty() ? frame.area.left() : frame.area.right() - rightWidth;
    const double from = std::max(free, seam ? sides.seam + 1 : side);
    if (!sides.right.isEmpty() && from + rightWidth <= frame.area.right()) {
        paintText(painter, sides.right, {from, top, rightWidth, height}, palette.muted);
    }
}

} // namespace widgets

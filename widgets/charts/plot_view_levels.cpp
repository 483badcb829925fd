// PlotView: thresholds that can be moved. The line that is meant stays where it is, a second one shows where
// it would be.
#include "models/text.h"
#include "widgets/charts/pens.h"
#include "widgets/charts/plot_view.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

constexpr double kReach = 4; // px beside the line

} // namespace

std::vector<Threshold> PlotView::movable() const
{
    std::vector<Threshold> found;
    for (const Threshold& threshold : m_model.thresholds) {
        if (threshold.rule && threshold.value > 0 && threshold.value <= m_frame.top && m_model.end != 0) {
            found.push_back(threshold);
        }
    }
    return found;
}

const Threshold* PlotView::thresholdAt(const QPointF& at) const
{
    const Threshold* nearest = nullptr;
    for (const Threshold& threshold : m_model.thresholds) {
        const bool near = threshold.rule && m_model.end != 0 && threshold.value > 0 &&
                          threshold.value <= m_frame.top && at.x() >= m_frame.area.left() &&
                          at.x() <= m_frame.area.right() &&
                          std::fabs(m_frame.y(threshold.value) - at.y()) <= kReach;
        const bool nearer = near && (nearest == nullptr || std::fabs(m_frame.y(threshold.value) - at.y()) <
                                                               std::fabs(m_frame.y(nearest->value) - at.y()));
        nearest = nearer ? &threshold : nearest;
    }
    return nearest;
}

// 1, 2 or 5 times a power of ten, at least a pixel.
double PlotView::valueStep() const
{
    const double pixel = m_frame.top / std::max(1.0, m_frame.area.height());
    const double ten = std::pow(10, std::floor(std::log10(pixel)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * ten >= pixel) {
            return factor * ten;
        }
    }
    return 10 * ten;
}

double PlotView::rounded(double value) const
{
    const double step = valueStep();
    return std::clamp(std::round(value / step) * step, 0.0, m_frame.top);
}

void PlotView::pickUp(const Threshold& threshold)
{
    m_drag.reset();
    m_moving = Moving{threshold, threshold.value, false};
    repaintCursor();
}

void PlotView::moveBy(int steps)
{
    if (m_moving) {
        m_moving->value = rounded(m_moving->value + steps * valueStep());
        repaintCursor();
    }
}

bool PlotView::dragThreshold(const QPointF& at)
{
    if (!m_moving || !m_moving->byMouse) {
        return false;
    }
    const double share = (m_frame.area.bottom() - at.y()) / std::max(1.0, m_frame.area.height());
    m_moving->value = rounded(share * m_frame.top);
    repaintCursor();
    return true;
}

void PlotView::drop()
{
    if (!m_moving) {
        return;
    }
    const Moving moved = *m_moving;
    putBack();
    if (std::fabs(moved.value - moved.threshold.value) > valueStep() / 1000) {
        Q_EMIT thresholdMoved(moved.threshold, moved.value);
    }
}

void PlotView::putBack()
{
    m_moving.reset();
    repaintCursor();
}

void PlotView::showCursor(const QPointF& at)
{
    const bool movable = !m_drag && thresholdAt(at) != nullptr;
    viewport()->setCursor(movable ? Qt::SizeVerCursor : Qt::ArrowCursor);
}

void PlotView::paintMoving(QPainter& painter) const
{
    if (!m_moving) {
        return;
    }
    const Palette& palette = Theme::of().palette();
    const double y = m_frame.y(m_moving->value);
    painter.setPen(cosmetic(palette.accent, 2));
    painter.drawLine(QPointF(m_frame.area.left(), y), QPointF(m_frame.area.right(), y));
    const QString text = m_moving->threshold.name + QStringLiteral("  ") +
                         models::valueText(m_moving->threshold.value, m_model.spec.unit) +
                         QStringLiteral(" → ") + models::valueText(m_moving->value, m_model.spec.unit);
    painter.setFont(Theme::of().font(TextRole::Caption));
    const QFontMetricsF metrics(painter.font());
    const QSizeF size(metrics.horizontalAdvance(text) + 12, metrics.height() + 6);
    const double top = y - size.height() - 3 >= m_frame.area.top() ? y - size.height() - 3 : y + 3;
    const QRectF box(QPointF(std::max(m_frame.area.left(), m_frame.area.right() - size.width() - 4), top),
                     size);
    painter.setPen(palette.accent);
    painter.setBrush(palette.raised);
    painter.drawRoundedRect(box, 4, 4);
    painter.setPen(palette.text);
    painter.drawText(box, Qt::AlignCenter, text);
}

} // namespace widgets

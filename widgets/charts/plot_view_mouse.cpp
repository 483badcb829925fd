// PlotView: what the mouse does. The wheel zooms at the cursor, the left button selects, the middle one (or the left with
// Shift) drags the time along.
#include "models/text.h"
#include "widgets/charts/pens.h"
#include "widgets/charts/plot_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

constexpr double kNotchFactor = 1.25; // one notch of the wheel
constexpr double kNotch = 120;        // its angle, in eighths of a degree (QWheelEvent)
constexpr double kLeastDrag = 5;      // px; less is a click

} // namespace

qint64 PlotView::timeWithin(double px) const
{
    return m_frame.timeAt(std::clamp(px, m_frame.area.left(), m_frame.area.right()));
}

void PlotView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && event->modifiers() == Qt::NoModifier) {
        if (const Threshold* threshold = thresholdAt(event->position())) {
            pickUp(*threshold);
            m_moving->byMouse = true;
            return;
        }
    }
    const bool inside = m_model.end != 0 && m_frame.area.contains(event->position());
    const bool pans = event->button() == Qt::MiddleButton ||
                      (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier));
    if (!inside || (!pans && event->button() != Qt::LeftButton)) {
        event->ignore();
        return;
    }
    const qint64 at = timeWithin(event->position().x());
    m_drag = Drag{at, at, event->position().x(), pans, false};
}

void PlotView::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    m_underMouse = m_frame.area.adjusted(-1, -1, 1, 1).contains(at);
    if (dragThreshold(at)) {
        return;
    }
    showCursor(at);
    if (m_drag && !m_drag->done && m_drag->pans) {
        const double moved = at.x() - m_drag->lastX;
        if (std::fabs(moved) >= 1) {
            m_drag->lastX = at.x();
            Q_EMIT panned(-moved / std::max(1.0, m_frame.area.width()));
        }
    } else if (m_drag && !m_drag->done) {
        m_drag->to = timeWithin(at.x());
    }
    if (m_underMouse) {
        Q_EMIT hovered(m_frame.timeAt(at.x()));
    } else {
        Q_EMIT left();
    }
}

void PlotView::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_moving && m_moving->byMouse) {
        drop();
        return;
    }
    if (!m_drag || m_drag->done) {
        event->ignore();
        return;
    }
    const bool clicked = std::fabs(m_frame.x(m_drag->to) - m_frame.x(m_drag->from)) < kLeastDrag;
    if (m_drag->pans || clicked) {
        clearBand();
        return;
    }
    m_drag->done = true;
    Q_EMIT selected(std::min(m_drag->from, m_drag->to), std::max(m_drag->from, m_drag->to),
                    event->globalPosition().toPoint());
}

void PlotView::showValues()
{
    m_keyed = true;
}

void PlotView::hideValues()
{
    m_keyed = false;
    repaintCursor();
}

void PlotView::clearBand()
{
    m_drag.reset();
    repaintCursor();
}

void PlotView::leaveEvent(QEvent* event)
{
    m_underMouse = false;
    Q_EMIT left();
    QChartView::leaveEvent(event);
}

// Beside the plot the page scrolls.
void PlotView::wheelEvent(QWheelEvent* event)
{
    const double notches = event->angleDelta().y() / kNotch;
    if (m_model.end == 0 || notches == 0 || !m_frame.area.contains(event->position())) {
        event->ignore();
        return;
    }
    Q_EMIT zoomed(timeWithin(event->position().x()), std::pow(kNotchFactor, -notches));
    event->accept();
}

void PlotView::paintBand(QPainter& painter) const
{
    if (!m_drag || m_drag->pans || m_drag->from == m_drag->to) {
        return;
    }
    const QColor color = Theme::of().palette().accent;
    const double from = m_frame.x(std::min(m_drag->from, m_drag->to));
    const double to = m_frame.x(std::max(m_drag->from, m_drag->to));
    const QRectF band(from, m_frame.area.top(), to - from, m_frame.area.height());
    painter.fillRect(band, faded(color, 0.22));
    painter.setPen(cosmetic(color, 1));
    painter.drawLine(band.topLeft(), band.bottomLeft());
    painter.drawLine(band.topRight(), band.bottomRight());
    painter.setFont(Theme::of().font(TextRole::Caption));
    painter.setPen(Theme::of().palette().text);
    painter.drawText(band.adjusted(-60, 2, 60, 0), Qt::AlignHCenter | Qt::AlignTop,
                     models::spanText(core::Millis(std::abs(m_drag->to - m_drag->from))));
}

} // namespace widgets

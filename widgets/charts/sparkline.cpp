#include "widgets/charts/sparkline.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace widgets {

Sparkline::Sparkline(QWidget* parent)
    : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Sparkline::append(double value)
{
    m_values.push_back(value);
    if (m_values.size() > kPoints) {
        m_values.pop_front();
    }
    update();
}

void Sparkline::assign(const std::vector<double>& values)
{
    const std::size_t skip = values.size() > kPoints ? values.size() - kPoints : 0;
    m_values.assign(values.begin() + static_cast<std::ptrdiff_t>(skip), values.end());
    update();
}

void Sparkline::setLevel(StatusLevel level)
{
    if (level != m_level) {
        m_level = level;
        update();
    }
}

void Sparkline::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    double highest = 0;
    for (const double value : m_values) {
        highest = value > highest ? value : highest;
    }
    const QColor color = Theme::of().color(m_level);
    QColor fill = color;
    fill.setAlphaF(0.16F);
    const double bottom = height() - 1.0;
    const double scale = highest > 0 ? (height() - 3.0) / highest : 0;
    const double step = static_cast<double>(width()) / (kPoints - 1);
    const double left = width() - step * static_cast<double>(m_values.size() - (m_values.empty() ? 0 : 1));
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPolygonF run;
    const auto flush = [&] {
        if (run.size() > 1) {
            QPolygonF area = run;
            area.append(QPointF(run.last().x(), bottom));
            area.append(QPointF(run.first().x(), bottom));
            painter.setPen(Qt::NoPen);
            painter.setBrush(fill);
            painter.drawPolygon(area);
            painter.setPen(QPen(color, 1));
            painter.drawPolyline(run);
        }
        run.clear();
    };
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        if (std::isnan(m_values[i])) {
            flush();
        } else {
            run.append(QPointF(left + step * static_cast<double>(i), bottom - m_values[i] * scale));
        }
    }
    flush();
}

} // namespace widgets

// The crosshair that all charts of a page share, and what each line has there.
#include "models/text.h"
#include "widgets/charts/pens.h"
#include "widgets/charts/plot_paint.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

struct Value {
    double at = 0; // px, of the line
    double y = 0;  // px, of its text
    QString text;
    QColor color;
};

std::vector<Value> valuesAt(const PlotModel& model, const PlotFrame& frame)
{
    const double perColumn = static_cast<double>(model.length) / std::max(1.0, frame.area.width());
    const auto half = static_cast<std::int64_t>(std::max(perColumn, static_cast<double>(model.intervalAt(*model.cursor))) / 2);
    const std::int64_t from = *model.cursor - half;
    std::vector<Value> values;
    for (std::size_t i = 0; i < model.data.size(); ++i) {
        const auto statsIn = [&](const SampleBuffer& buffer) {
            return statsOf(buffer.within(from, from + 2 * half), from, from + 2 * half + 1);
        };
        ColumnStats stats = i < model.means.size() ? statsIn(model.means[i]) : ColumnStats();
        stats = stats.count > 0 ? stats : statsIn(model.data[i]);
        if (stats.count > 0) {
            const double value = stats.count > 2 ? stats.mean : stats.last;
            const double y = frame.y(std::clamp(value, 0.0, frame.top));
            values.push_back({y, y, models::valueText(value, model.spec.unit),
                              Theme::of().seriesColor(model.spec.series[i].color)});
        }
    }
    return values;
}

// One below the other where lines lie close, within the plot.
void spread(std::vector<Value>& values, const QRectF& area, double height)
{
    std::sort(values.begin(), values.end(), [](const Value& a, const Value& b) { return a.y < b.y; });
    double free = area.top();
    for (Value& value : values) {
        value.y = std::max(value.y - height / 2, free);
        free = value.y + height;
    }
    double limit = area.bottom();
    for (auto value = values.rbegin(); value != values.rend(); ++value) {
        value->y = std::min(value->y, limit - height);
        limit = value->y;
    }
}

} // namespace

void paintCrosshair(QPainter& painter, const PlotModel& model, const PlotFrame& frame)
{
    if (!model.cursor || *model.cursor < model.start() || *model.cursor > model.end) {
        return;
    }
    const double x = std::round(frame.x(*model.cursor)) + 0.5;
    painter.setPen(cosmetic(faded(Theme::of().palette().text, 0.55), 1));
    painter.drawLine(QPointF(x, frame.area.top()), QPointF(x, frame.area.bottom()));
}

void paintCursorValues(QPainter& painter, const PlotModel& model, const PlotFrame& frame)
{
    if (!model.cursor || *model.cursor < model.start() || *model.cursor > model.end) {
        return;
    }
    QFont font = Theme::of().font(TextRole::Caption);
    font.setPixelSize(10);
    const QFontMetricsF metrics(font);
    const double height = std::ceil(metrics.height());
    std::vector<Value> values = valuesAt(model, frame);
    if (static_cast<double>(values.size()) * height > frame.area.height()) {
        return;
    }
    spread(values, frame.area, height);
    const double x = frame.x(*model.cursor);
    painter.setFont(font);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Value& value : values) {
        const double width = metrics.horizontalAdvance(value.text) + 8;
        const bool right = x + 6 + width <= frame.area.right();
        const QRectF box(right ? x + 6 : x - 6 - width, value.y, width, height);
        painter.setPen(Qt::NoPen);
        painter.setBrush(value.color);
        painter.drawEllipse(QPointF(x, value.at), 2.5, 2.5);
        painter.setBrush(faded(Theme::of().palette().card, 0.88));
        painter.drawRoundedRect(box, 3, 3);
        painter.setPen(value.color);
        painter.drawText(box, Qt::AlignCenter, value.text);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

} // namespace widgets

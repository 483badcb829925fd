// The box beside the crosshair: time, one line a series, what happened there.
#include "models/text.h"
#include "models/zone.h"
#include "widgets/charts/pens.h"
#include "widgets/charts/plot_marks.h"
#include "widgets/charts/plot_paint.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

constexpr std::size_t kMostMarks = 6;
constexpr double kMargin = 9;  // px around the text
constexpr double kIndent = 13; // px of a series' stroke and its gap

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PlotPaint)
};

// A series (name and text) or a mark (name only).
struct CursorRow {
    QString name;
    QString text;
    QColor color;
};

// Over the values of a series, from just before the sample to the next one.
std::vector<CursorRow> seriesRows(const PlotModel& model, const PlotFrame& frame)
{
    const double perColumn = static_cast<double>(model.length) / std::max(1.0, frame.area.width());
    const auto half = static_cast<std::int64_t>(std::max(perColumn, static_cast<double>(model.intervalAt(*model.cursor))) / 2);
    std::vector<CursorRow> rows;
    for (std::size_t i = 0; i < model.data.size(); ++i) {
        const std::int64_t from = *model.cursor - half;
        ColumnStats stats = statsOf(model.data[i].within(from, from + 2 * half), from, from + 2 * half + 1);
        const core::Unit unit = model.spec.unit;
        bool several = stats.count > 2;
        if (i < model.means.size()) { // the mean of extremes is no mean
            const ColumnStats means = statsOf(model.means[i].within(from, from + 2 * half), from, from + 2 * half + 1);
            stats.mean = means.count > 0 ? means.mean : stats.mean;
            several = several || (means.count > 0 && stats.count > 1 && stats.maximum > stats.minimum);
        }
        QString text = stats.count == 0 ? Words::tr("no sample")
                                        : models::valueText(several ? stats.mean : stats.last, unit);
        if (several) {
            text += QStringLiteral("  (%1 … %2)")
                        .arg(models::valueText(stats.minimum, unit), models::valueText(stats.maximum, unit));
        }
        const QColor color = Theme::of().seriesColor(model.spec.series[i].color);
        rows.push_back({model.spec.series[i].name, text, color});
        if (i < model.shadow.size() && !model.shadow[i].empty()) {
            const ColumnStats before = statsOf(model.shadow[i].within(from, from + 2 * half), from, from + 2 * half + 1);
            rows.push_back({QStringLiteral("  ") + model.shadowName,
                            before.count == 0 ? Words::tr("no sample") : models::valueText(before.mean, unit),
                            faded(color, 0.5)});
        }
    }
    return rows;
}

std::vector<CursorRow> markRows(const PlotModel& model, const PlotFrame& frame)
{
    const std::vector<const ChartMark*> marks = marksAtCursor(model, frame);
    std::vector<CursorRow> rows;
    for (std::size_t i = 0; i < std::min(marks.size(), kMostMarks); ++i) {
        const StatusLevel level = marks[i]->level;
        rows.push_back(
            {marks[i]->text,
             {},
             level == StatusLevel::NoData ? Theme::of().palette().text : Theme::of().ink(level)});
    }
    if (marks.size() > kMostMarks) {
        const auto more = static_cast<int>(marks.size() - kMostMarks);
        rows.push_back({Words::tr("and %1 more").arg(more), {}, Theme::of().palette().muted});
    }
    return rows;
}

// Right of the cursor, left of it where there is no room.
QRectF placeBox(const QSizeF& size, const PlotModel& model, const PlotFrame& frame)
{
    const double x = frame.x(*model.cursor);
    const bool right = x + 12 + size.width() <= frame.area.right();
    return {QPointF(right ? x + 12 : std::max(0.0, x - 12 - size.width()), frame.area.top() + 4), size};
}

void paintSeriesRow(QPainter& painter, const CursorRow& row, const QRectF& line)
{
    const Palette& palette = Theme::of().palette();
    painter.fillRect(QRectF(line.left(), line.center().y() - 2, 8, 3), row.color);
    painter.setPen(palette.muted);
    painter.drawText(line.adjusted(kIndent, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, row.name);
    painter.setPen(palette.text);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, row.text);
}

} // namespace

void paintTooltip(QPainter& painter, const PlotModel& model, const PlotFrame& frame)
{
    if (!model.cursor) {
        return;
    }
    const QFont font = Theme::of().font(TextRole::Caption);
    const QFontMetricsF metrics(font);
    constexpr std::int64_t kDayLong = 20 * 3'600'000; // of longer ranges, and of past ones, the day is said too
    const bool dated = model.length > kDayLong || !model.live;
    const QString time = QDateTime::fromMSecsSinceEpoch(*model.cursor, models::Zone::of().zone())
                             .toString(dated ? QStringLiteral("yyyy-MM-dd HH:mm:ss") : QStringLiteral("HH:mm:ss"));
    std::vector<CursorRow> rows = seriesRows(model, frame);
    const std::size_t seriesCount = rows.size();
    for (const auto& [from, to] : gapsOf(model)) {
        const QString reason = *model.cursor > from && *model.cursor < to ? gapReason(model, from, to) : QString();
        if (!reason.isEmpty()) {
            rows.push_back({Words::tr("no data: %1").arg(reason), {}, Theme::of().palette().muted});
        }
    }
    if (const QString source = sourceAt(model, *model.cursor); !source.isEmpty()) {
        rows.push_back({source, {}, Theme::of().palette().muted});
    }
    for (CursorRow& row : markRows(model, frame)) {
        rows.push_back(std::move(row));
    }
    double width = metrics.horizontalAdvance(time);
    for (const CursorRow& row : rows) {
        const double value = row.text.isEmpty() ? 0 : kIndent + 9 + metrics.horizontalAdvance(row.text);
        width = std::max(width, metrics.horizontalAdvance(row.name) + value + 1);
    }
    const double height = std::ceil(metrics.height()) + 2;
    const QRectF box = placeBox(
        {width + 2 * kMargin, height * (static_cast<double>(rows.size()) + 1) + 10}, model, frame);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Theme::of().palette().line);
    painter.setBrush(Theme::of().palette().raised);
    painter.drawRoundedRect(box, 5, 5);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setFont(font);
    painter.setPen(Theme::of().palette().muted);
    QRectF line(box.left() + kMargin, box.top() + 5, width, height);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, time);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        line.translate(0, height);
        if (i < seriesCount) {
            paintSeriesRow(painter, rows[i], line);
        } else {
            painter.setPen(rows[i].color);
            painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, rows[i].name);
        }
    }
}

} // namespace widgets

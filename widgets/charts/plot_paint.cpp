#include "widgets/charts/plot_paint.h"

#include "models/text.h"
#include "models/zone.h"
#include "widgets/charts/pens.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PlotPaint)
};

QString levelWord(const Threshold& threshold, core::Unit unit)
{
    return Theme::word(threshold.level) + (threshold.above ? QStringLiteral(" > ") : QStringLiteral(" < ")) +
           valueTickText(threshold.value, unit);
}

// Segments that touch, as polylines.
void drawRuns(QPainter& painter, const QVector<QLineF>& segments)
{
    QPolygonF run;
    for (const QLineF& segment : segments) {
        if (!run.isEmpty() && run.last() != segment.p1()) {
            painter.drawPolyline(run);
            run.clear();
        }
        if (run.isEmpty()) {
            run.append(segment.p1());
        }
        run.append(segment.p2());
    }
    painter.drawPolyline(run);
}

} // namespace

void paintThresholds(QPainter& painter, const PlotModel& model, const PlotFrame& frame)
{
    for (std::size_t i = 0; i < model.thresholds.size(); ++i) {
        const Threshold& threshold = model.thresholds[i];
        if (threshold.value <= 0 || threshold.value > frame.top) {
            continue;
        }
        const QColor color = Theme::of().color(threshold.level);
        // Up to the next threshold of the same side, so that bands do not lie on each other.
        double end = threshold.above ? frame.top : 0;
        for (const Threshold& other : model.thresholds) {
            if (threshold.above && other.above && other.value > threshold.value) {
                end = std::min(end, other.value);
            }
        }
        const double y = frame.y(threshold.value);
        if (model.spec.density == Density::Full) {
            painter.fillRect(QRectF(QPointF(frame.area.left(), std::min(y, frame.y(end))),
                                    QPointF(frame.area.right(), std::max(y, frame.y(end)))),
                             faded(color, 0.13));
        }
        painter.setPen(cosmetic(color, 1, Qt::DashLine));
        painter.drawLine(QPointF(frame.area.left(), y), QPointF(frame.area.right(), y));
    }
}

void paintThresholdTexts(QPainter& painter, const PlotModel& model, const PlotFrame& frame)
{
    if (model.spec.density == Density::Compact) {
        return;
    }
    QFont font = Theme::of().font(TextRole::Caption);
    font.setPixelSize(10);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    const double height = QFontMetricsF(font).height();
    for (const Threshold& threshold : model.thresholds) {
        if (threshold.value <= 0 || threshold.value > frame.top) {
            continue;
        }
        // In the band above its line; below it where another threshold leaves too little room.
        const double y = frame.y(threshold.value);
        double above = y - frame.area.top() + 6;
        for (const Threshold& other : model.thresholds) {
            if (other.value > threshold.value && other.value <= frame.top) {
                above = std::min(above, y - frame.y(other.value));
            }
        }
        painter.setPen(Theme::of().ink(threshold.level));
        painter.drawText(QRectF(frame.area.left() + 6, above >= height ? y - height : y + 1,
                                frame.area.width() - 12, height),
                         Qt::AlignLeft | Qt::AlignVCenter, levelWord(threshold, model.spec.unit));
    }
}

std::vector<std::pair<std::int64_t, std::int64_t>> gapsOf(const PlotModel& model)
{
    // Only the first series is asked: what a chart shows together is sampled together.
    std::vector<std::pair<std::int64_t, std::int64_t>> gaps;
    if (model.data.empty() || model.data.front().empty()) {
        return gaps;
    }
    std::optional<std::int64_t> last;
    for (const metrics::Point& sample : model.data.front().within(model.start(), model.end)) {
        if (std::isnan(sample.value)) {
            continue;
        }
        if (last && sample.at - *last > model.intervalAt(*last) * 5 / 2) {
            gaps.emplace_back(*last, sample.at);
        } else if (!last && sample.at - model.start() > model.gapAfter() &&
                   !gapReason(model, model.start(), sample.at).isEmpty()) {
            gaps.emplace_back(model.start(), sample.at); // before the first sample ever there is just nothing
        }
        last = sample.at;
    }
    if (last && model.end - *last > 2 * model.gapAfter()) {
        gaps.emplace_back(*last, model.end);
    }
    return gaps;
}

QString gapReason(const PlotModel& model, std::int64_t from, std::int64_t to)
{
    QString reason;
    std::int64_t most = 0;
    for (const ChartGap& gap : model.reasons) {
        const std::int64_t common = std::min(gap.to, to) - std::max(gap.from, from);
        if (common > most) {
            most = common;
            reason = gap.reason;
        }
    }
    return reason;
}

void paintGapText(QPainter& painter, const QString& reason, const QRectF& band)
{
    const Palette& palette = Theme::of().palette();
    QFont font = Theme::of().font(TextRole::Caption);
    font.setPixelSize(10);
    const QFontMetricsF metrics(font);
    const QString bare = Words::tr("no data");
    const QString full = reason.isEmpty() ? bare : Words::tr("no data: %1").arg(reason);
    const bool fits = metrics.horizontalAdvance(full) + 8 <= band.width();
    const QString text = fits ? full : bare;
    const double width = metrics.horizontalAdvance(text) + 8;
    if (width > band.width() && !reason.isEmpty()) {
        return; // the tooltip tells it
    }
    const QRectF box(band.center().x() - width / 2, band.center().y() - 8, width, 16);
    painter.setFont(font);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette.card);
    painter.drawRoundedRect(box, 3, 3);
    painter.setPen(palette.muted);
    painter.drawText(box, Qt::AlignCenter, text);
}

void paintGaps(QPainter& painter, const PlotModel& model, const PlotFrame& frame)
{
    const Palette& palette = Theme::of().palette();
    for (const auto& [from, to] : gapsOf(model)) {
        const double left = std::max(frame.x(from) + 1, frame.area.left());
        const double right = std::min(frame.x(to) - 1, frame.area.right());
        if (right - left < 2) {
            continue;
        }
        const QRectF band(left, frame.area.top(), right - left, frame.area.height());
        painter.fillRect(band, faded(palette.noData, 0.12));
        painter.save();
        painter.setClipRect(band, Qt::IntersectClip);
        painter.setPen(cosmetic(faded(palette.noData, 0.35), 1));
        for (double x = band.left() - band.height(); x < band.right(); x += 8) {
            painter.drawLine(QPointF(x, band.bottom()), QPointF(x + band.height(), band.top()));
        }
        painter.restore();
        if (model.spec.density == Density::Full) {
            paintGapText(painter, gapReason(model, from, to), band);
        }
    }
}

void paintLine(QPainter& painter, const SeriesSpec& spec, const std::vector<ColumnPoint>& points,
               const PlotFrame& frame)
{
    const QColor color = Theme::of().seriesColor(spec.color);
    const auto place = [&](const ColumnPoint& p) {
        return QPointF(frame.x(p.at), frame.y(std::clamp(p.value, 0.0, frame.top)));
    };
    QVector<QLineF> segments;
    segments.reserve(static_cast<qsizetype>(points.size()));
    QPolygonF area;
    const auto fill = [&] {
        if (spec.style == LineStyle::Area && area.size() > 1) {
            area.prepend(QPointF(area.first().x(), frame.area.bottom()));
            area.append(QPointF(area.last().x(), frame.area.bottom()));
            painter.setPen(Qt::NoPen);
            painter.setBrush(faded(color, 0.14));
            painter.drawPolygon(area);
        }
        area.clear();
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (std::isnan(points[i].value)) {
            fill();
            continue;
        }
        const QPointF here = place(points[i]);
        if (spec.style == LineStyle::Area) {
            area.append(here);
        }
        const bool joined = i + 1 < points.size() && !std::isnan(points[i + 1].value);
        const bool alone = !joined && (i == 0 || std::isnan(points[i - 1].value));
        if (joined) {
            segments.append(QLineF(here, place(points[i + 1])));
        } else if (alone) { // a single sample between two gaps is seen as a dash
            segments.append(QLineF(here - QPointF(1, 0), here + QPointF(1, 0)));
        }
    }
    fill();
    // Wide lines segment by segment: as a polyline they are 30 times slower in Qt's raster engine. Dense
    // noise gets the thin cosmetic pen, whose polylines are the fastest of all, and reads the same.
    const bool dense = static_cast<double>(points.size()) > frame.area.width();
    const double width = dense ? 1.0 : 1.5 * painter.device()->devicePixelRatioF();
    QPen pen =
        cosmetic(color, width, spec.style == LineStyle::Dashed && !dense ? Qt::DotLine : Qt::SolidLine);
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.setRenderHint(QPainter::Antialiasing);
    if (dense) {
        drawRuns(painter, segments);
    } else {
        painter.drawLines(segments);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void paintShadow(QPainter& painter, const SeriesSpec& spec, const std::vector<ColumnPoint>& points, const PlotFrame& frame)
{
    // Cut into dashes here: a dashed pen is 30 times slower on a line of as many points as pixels.
    constexpr double kDash = 5;
    constexpr double kPeriod = 9;
    QVector<QLineF> dashes;
    const auto place = [&](const ColumnPoint& p) {
        return QPointF(frame.x(p.at), frame.y(std::clamp(p.value, 0.0, frame.top)));
    };
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        if (std::isnan(points[i].value) || std::isnan(points[i + 1].value)) {
            continue;
        }
        const QLineF whole(place(points[i]), place(points[i + 1]));
        const double width = std::max(whole.dx(), 1e-6);
        for (double from = std::floor(whole.x1() / kPeriod) * kPeriod; from < whole.x2(); from += kPeriod) {
            const double begin = std::max(from, whole.x1());
            const double end = std::min(from + kDash, whole.x2());
            if (end > begin) {
                dashes.append(QLineF(whole.pointAt((begin - whole.x1()) / width), whole.pointAt((end - whole.x1()) / width)));
            }
        }
    }
    painter.setPen(cosmetic(faded(Theme::of().seriesColor(spec.color), 0.6), 1));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawLines(dashes);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void paintLabels(QPainter& painter, const PlotModel& model, const PlotFrame& frame, const PlotScales& scales)
{
    QFont font = Theme::of().font(TextRole::Caption);
    font.setPixelSize(10);
    painter.setFont(font);
    painter.setPen(Theme::of().palette().muted);
    const QFontMetricsF metrics(font);
    const double left = frame.area.left();
    if (model.spec.density == Density::Full) {
        for (double value = 0; value <= frame.top * 1.0001; value += scales.values.step) {
            painter.drawText(QRectF(0, frame.y(value) - 8, left - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                             valueTickText(value, model.spec.unit));
        }
    }
    const QTimeZone zone = models::Zone::of().zone();
    const QString last = model.live ? Words::tr("now") : timeTickText(model.end, 1000, zone);
    const double lastWidth = metrics.horizontalAdvance(last);
    const double y = frame.area.bottom() + 3;
    painter.drawText(QRectF(frame.area.right() - lastWidth, y, lastWidth + 1, 14),
                     Qt::AlignRight | Qt::AlignTop, last);
    double free = left - 12; // not under the lowest value
    for (const std::int64_t at : scales.times.at) {
        const QString text = timeTickText(at, scales.times.step, zone);
        const double width = metrics.horizontalAdvance(text);
        const double from = model.spec.density == Density::Compact ? std::max(left, frame.x(at) - width / 2)
                                                                   : frame.x(at) - width / 2;
        if (from < free || from + width > frame.area.right() - lastWidth - 10) {
            continue;
        }
        painter.drawText(QRectF(from, y, width + 1, 14), Qt::AlignLeft | Qt::AlignTop, text);
        free = from + width + 8;
    }
}

void paintEmpty(QPainter& painter, const PlotModel& model, const PlotFrame& frame)
{
    painter.fillRect(frame.area.adjusted(-1, -1, 1, 1), Theme::of().palette().card); // no grid behind words
    painter.setFont(Theme::of().font(TextRole::Body));
    painter.setPen(Theme::of().palette().muted);
    const QString reason = gapReason(model, model.start(), model.end);
    painter.drawText(frame.area, Qt::AlignCenter | Qt::TextWordWrap,
                     !reason.isEmpty()            ? Words::tr("no data: %1").arg(reason)
                     : !model.emptyText.isEmpty() ? model.emptyText
                     : model.live               ? Words::tr("No samples yet – the first comes in a moment")
                                                : Words::tr("Nothing was recorded in this time"));
}

} // namespace widgets

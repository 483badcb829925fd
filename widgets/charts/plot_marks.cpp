#include "widgets/charts/plot_marks.h"

#include "widgets/charts/pens.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <optional>

namespace widgets {

namespace {

constexpr double kTogether = 14;    // px between lines of one cluster
constexpr double kBetweenLines = 4; // px; closer ones are one line
constexpr double kNearCursor = 6;   // px
constexpr double kWidths[] = {170, 110, 76}; // px a text may have, cut where it must be
constexpr double kBetweenTexts = 10;        // px
constexpr int kRows = 2;
constexpr double kThresholdText = 104; // px at the left edge, where thresholds have their texts

bool isAlert(const ChartMark& mark)
{
    return mark.level == StatusLevel::Warning || mark.level == StatusLevel::Ok;
}

bool isShown(const ChartMark& mark, const PlotModel& model, const PlotFrame& frame)
{
    return mark.at >= frame.start && mark.at <= frame.end &&
           (model.spec.density == Density::Full || !isAlert(mark));
}

// The cause says more than what follows from it.
int weight(const ChartMark& mark)
{
    return mark.level == StatusLevel::Critical ? 3
           : mark.level == StatusLevel::NoData ? 2
           : mark.level == StatusLevel::Ok     ? 0
                                               : 1;
}

QColor lineColor(const ChartMark& mark)
{
    return mark.level == StatusLevel::NoData ? Theme::of().palette().muted
           : isAlert(mark)                   ? faded(Theme::of().color(mark.level), 0.55)
                                             : Theme::of().color(mark.level);
}

void paintLines(QPainter& painter, const PlotModel& model, const PlotFrame& frame)
{
    double free = frame.area.left();
    for (const ChartMark& mark : model.marks) {
        const double x = std::round(frame.x(mark.at)) + 0.5;
        if (!isShown(mark, model, frame) || (x < free && isAlert(mark))) {
            continue;
        }
        painter.setPen(cosmetic(lineColor(mark), 1, Qt::DotLine));
        painter.drawLine(QPointF(x, frame.area.top()), QPointF(x, frame.area.bottom()));
        free = x + kBetweenLines;
    }
}

// A seam around the letters alone, so that the curve behind them is still seen.
void paintText(QPainter& painter, const QRectF& box, const QString& text, const QColor& ink)
{
    QPainterPath letters;
    letters.addText(box.left(), box.top() + QFontMetricsF(painter.font()).ascent(), painter.font(), text);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.strokePath(letters,
                       QPen(Theme::of().palette().card, 3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.restore();
    painter.setPen(ink);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, text);
}

// Beside its lines, in the first row where it covers no other text; over them where they fill the plot.
std::optional<QRectF> placeText(const MarkCluster& cluster, const QSizeF& size, const QRectF& area,
                                const std::vector<QRectF>& taken)
{
    for (int row = 0; row < kRows; ++row) {
        const double y = area.top() + 1 + row * (size.height() + 1);
        const double beside = cluster.to + 4;
        const double over = cluster.to - cluster.from > size.width() ? cluster.to - size.width() : beside;
        for (const double x : {beside, cluster.from - 4 - size.width(), over}) {
            const QRectF box(QPointF(x, y), size);
            const bool inside = x >= area.left() && box.right() <= area.right();
            const bool free = std::none_of(taken.begin(), taken.end(), [&](const QRectF& other) {
                return other.adjusted(-kBetweenTexts, 0, kBetweenTexts, 0).intersects(box);
            });
            if (inside && free) {
                return box;
            }
        }
    }
    return std::nullopt;
}

} // namespace

QString MarkCluster::text() const
{
    return count > 1 ? shown->text + QStringLiteral(" +%1").arg(count - 1) : shown->text;
}

std::vector<MarkCluster> clusterMarks(const PlotModel& model, const PlotFrame& frame)
{
    std::vector<MarkCluster> clusters;
    for (const ChartMark& mark : model.marks) {
        if (!isShown(mark, model, frame)) {
            continue;
        }
        const double x = frame.x(mark.at);
        if (clusters.empty() || x - clusters.back().to > kTogether) {
            clusters.push_back({x, x, &mark, 1});
            continue;
        }
        MarkCluster& cluster = clusters.back();
        cluster.to = x;
        ++cluster.count;
        cluster.shown = weight(mark) >= weight(*cluster.shown) ? &mark : cluster.shown;
    }
    return clusters;
}

std::vector<const ChartMark*> marksAtCursor(const PlotModel& model, const PlotFrame& frame)
{
    std::vector<const ChartMark*> found;
    for (const ChartMark& mark : model.marks) {
        if (model.cursor && isShown(mark, model, frame) &&
            std::abs(frame.x(mark.at) - frame.x(*model.cursor)) <= kNearCursor) {
            found.push_back(&mark);
        }
    }
    return found;
}

std::vector<MarkText> layMarkTexts(const PlotModel& model, const PlotFrame& frame, const QFont& font)
{
    const QFontMetricsF metrics(font);
    const std::vector<MarkCluster> clusters = clusterMarks(model, frame);
    std::vector<QRectF> taken;
    if (!model.thresholds.empty()) {
        taken.emplace_back(frame.area.topLeft(), QSizeF(kThresholdText, frame.area.height()));
    }
    std::vector<MarkText> texts;
    for (auto cluster = clusters.rbegin(); cluster != clusters.rend(); ++cluster) {
        for (const double widest : kWidths) {
            const QString text = metrics.elidedText(cluster->text(), Qt::ElideMiddle, widest);
            const QSizeF size(metrics.horizontalAdvance(text) + 2, metrics.height());
            if (const auto box = placeText(*cluster, size, frame.area, taken)) {
                taken.push_back(*box);
                texts.push_back({*box, text, cluster->shown->level});
                break;
            }
        }
    }
    return texts;
}

void paintMarks(QPainter& painter, const PlotModel& model, const PlotFrame& frame)
{
    paintLines(painter, model, frame);
    if (model.spec.density == Density::Compact) {
        return;
    }
    QFont font = Theme::of().font(TextRole::Caption);
    font.setPixelSize(10);
    painter.setFont(font);
    for (const MarkText& one : layMarkTexts(model, frame, font)) {
        paintText(painter, one.box, one.text,
                  one.level == StatusLevel::NoData ? Theme::of().palette().muted : Theme::of().ink(one.level));
    }
}

} // namespace widgets

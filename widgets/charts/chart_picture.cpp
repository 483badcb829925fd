#include "widgets/charts/chart_picture.h"

#include "widgets/charts/plot_view.h"
#include "widgets/theme.h"

#include <QPainter>

#include <algorithm>
#include <vector>

namespace widgets {

namespace {

constexpr int kMargin = 16;
constexpr int kTitle = 28;
constexpr int kRow = 18; // of the legend
constexpr int kFoot = 18;
constexpr int kStroke = 12;
constexpr int kAfterStroke = 5;
constexpr int kBetween = 17;

struct Entry {
    QString name;
    QPen pen;
    double width = 0; // with its line and the space after it
    QPointF at{};     // its upper left corner
};

std::vector<Entry> entriesOf(const PlotModel& model, const QFontMetricsF& metrics)
{
    std::vector<Entry> entries;
    for (const SeriesSpec& series : model.spec.series) {
        entries.push_back({series.name, QPen(Theme::of().seriesColor(series.color), 2.5)});
    }
    if (!model.shadowName.isEmpty()) {
        entries.push_back({model.shadowName, QPen(Theme::of().palette().muted, 1.5, Qt::DotLine)});
    }
    for (Entry& entry : entries) {
        entry.width = metrics.horizontalAdvance(entry.name) + kStroke + kAfterStroke + kBetween;
    }
    return entries;
}

// Beside the title where there is room, else in rows below it. Returns the height of both.
double placeEntries(std::vector<Entry>& entries, const QRectF& inner, double title)
{
    double whole = -kBetween;
    for (const Entry& entry : entries) {
        whole += entry.width;
    }
    const bool beside = whole + 2 * kBetween < inner.width() - title;
    QPointF at(beside ? inner.right() - whole : inner.left(), inner.top() + (beside ? 0 : kTitle));
    for (Entry& entry : entries) {
        if (!beside && at.x() > inner.left() && at.x() + entry.width - kBetween > inner.right()) {
            at = QPointF(inner.left(), at.y() + kRow);
        }
        entry.at = at;
        at.rx() += entry.width;
    }
    return beside ? kTitle : at.y() + kRow + 4 - inner.top();
}

// Returns its height.
double paintHead(QPainter& painter, const PlotModel& model, const QRectF& inner)
{
    painter.setFont(Theme::of().font(TextRole::Title));
    painter.setPen(Theme::of().palette().text);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignTop, model.spec.name);
    const double title = QFontMetricsF(painter.font(), painter.device()).horizontalAdvance(model.spec.name);
    painter.setFont(Theme::of().font(TextRole::Caption));
    const QFontMetricsF metrics(painter.font(), painter.device());
    std::vector<Entry> entries = entriesOf(model, metrics);
    const double height = placeEntries(entries, inner, title);
    for (const Entry& entry : entries) {
        const QPointF line = entry.at + QPointF(0, metrics.height() / 2);
        painter.setPen(entry.pen);
        painter.drawLine(line, line + QPointF(kStroke, 0));
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(
            QRectF(entry.at + QPointF(kStroke + kAfterStroke, 0), QSizeF(entry.width, metrics.height())),
            Qt::AlignLeft, entry.name);
    }
    return height;
}

void paintPicture(QPainter& painter, const PlotModel& model, const QSize& size)
{
    const QRectF page(0, 0, size.width(), size.height());
    painter.fillRect(page, Theme::of().palette().card);
    const QRectF inner = page.adjusted(kMargin, kMargin, -kMargin, -kMargin);
    const double head = std::min(paintHead(painter, model, inner), inner.height() / 2);
    const QRectF plot = inner.adjusted(0, head, 0, -kFoot);
    PlotView view(model);
    view.setAttribute(Qt::WA_DontShowOnScreen);
    view.resize(plot.size().toSize());
    view.show();
    view.refresh();
    painter.save();
    view.render(&painter, plot, view.viewport()->rect());
    painter.restore();
    paintFoot(painter, inner, model.start(), model.end);
}

} // namespace

QSize pictureSizeOf(const QSize& chart)
{
    return chart + QSize(2 * kMargin, 2 * kMargin + kTitle + kFoot);
}

PictureCoder chartPicture(const PlotModel& model, const PictureSpec& spec)
{
    return makePicture(spec, model.spec.name, [&model](QPainter& painter, const QSize& size) {
        paintPicture(painter, model, size);
    });
}

} // namespace widgets

#include "widgets/charts/chart_picture.h"

#include "models/zone.h"
#include "widgets/charts/plot_view.h"

#include <QBuffer>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kMargin = 16;
constexpr int kHead = 28;
constexpr int kFoot = 18;
constexpr int kStroke = 12;
constexpr int kDpi = 96;

QString timeText(std::int64_t at)
{
    return models::Zone::of().full(core::WallTime(core::Millis(at)));
}

void paintHead(QPainter& painter, const PlotModel& model, const QRectF& head)
{
    painter.setFont(Theme::of().font(TextRole::Title));
    painter.setPen(Theme::of().palette().text);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignTop, model.spec.name);
    double right = head.right();
    painter.setFont(Theme::of().font(TextRole::Caption));
    const QFontMetricsF metrics(painter.font(), painter.device());
    for (auto series = model.spec.series.rbegin(); series != model.spec.series.rend(); ++series) {
        const double width = metrics.horizontalAdvance(series->name);
        const double y = head.top() + metrics.height() / 2;
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(QRectF(right - width, head.top(), width + 1, metrics.height()), Qt::AlignLeft, series->name);
        painter.setPen(QPen(Theme::of().seriesColor(series->color), 2.5));
        painter.drawLine(QPointF(right - width - kStroke - 5, y), QPointF(right - width - 5, y));
        right -= width + kStroke + 22;
    }
}

void paintPicture(QPainter& painter, const PlotModel& model, const QSize& size)
{
    const QRectF page(0, 0, size.width(), size.height());
    painter.fillRect(page, Theme::of().palette().card);
    const QRectF inner = page.adjusted(kMargin, kMargin, -kMargin, -kMargin);
    paintHead(painter, model, inner);
    const QRectF plot = inner.adjusted(0, kHead, 0, -kFoot);
    PlotView view(model);
    view.setAttribute(Qt::WA_DontShowOnScreen);
    view.resize(plot.size().toSize());
    view.show();
    view.refresh();
    painter.save();
    view.render(&painter, plot, view.viewport()->rect());
    painter.restore();
    painter.setFont(Theme::of().font(TextRole::Caption));
    painter.setPen(Theme::of().palette().muted);
    const QString range = timeText(model.start()) + QStringLiteral(" – ") + timeText(model.end);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignBottom, range);
    painter.drawText(inner, Qt::AlignRight | Qt::AlignBottom, QStringLiteral("Poolscope " POOLSCOPE_VERSION));
}

QByteArray png(const PlotModel& model, const PictureSpec& spec)
{
    const double density = std::clamp(spec.density, 1.0, 8.0);
    QImage image(spec.size * density, QImage::Format_RGB32);
    if (image.isNull()) {
        return {};
    }
    image.setDevicePixelRatio(density);
    {
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        paintPicture(painter, model, spec.size);
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    return buffer.open(QIODevice::WriteOnly) && image.save(&buffer, "PNG") ? bytes : QByteArray();
}

QByteArray svg(const PlotModel& model, const PictureSpec& spec)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(spec.size);
    generator.setViewBox(QRect(QPoint(), spec.size));
    generator.setResolution(kDpi);
    generator.setTitle(model.spec.name.toHtmlEscaped()); // Qt writes it as it comes
    QPainter painter;
    if (!painter.begin(&generator)) {
        return {};
    }
    paintPicture(painter, model, spec.size);
    painter.end();
    return bytes;
}

QByteArray pdf(const PlotModel& model, const PictureSpec& spec)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (!buffer.open(QIODevice::WriteOnly)) {
        return {};
    }
    QPdfWriter writer(&buffer);
    writer.setResolution(kDpi);
    writer.setTitle(model.spec.name);
    writer.setCreator(QStringLiteral("Poolscope " POOLSCOPE_VERSION));
    writer.setPageSize(QPageSize(QSizeF(spec.size) * 72 / kDpi, QPageSize::Point));
    writer.setPageMargins({});
    QPainter painter;
    if (!painter.begin(&writer)) {
        return {};
    }
    paintPicture(painter, model, spec.size);
    painter.end();
    return bytes;
}

} // namespace

PictureFormat pictureFormatOf(const QString& file)
{
    if (file.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive)) {
        return PictureFormat::Svg;
    }
    return file.endsWith(QStringLiteral(".pdf"), Qt::CaseInsensitive) ? PictureFormat::Pdf : PictureFormat::Png;
}

QByteArray chartPicture(const PlotModel& model, const PictureSpec& spec)
{
    PictureSpec fit = spec;
    fit.size = spec.size.expandedTo({320, 200}).boundedTo({8000, 8000});
    switch (spec.format) {
    case PictureFormat::Png:
        return png(model, fit);
    case PictureFormat::Svg:
        return svg(model, fit);
    case PictureFormat::Pdf:
        return pdf(model, fit);
    }
    return {};
}

} // namespace widgets

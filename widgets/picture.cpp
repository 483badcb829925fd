#include "widgets/picture.h"

#include "models/zone.h"
#include "widgets/theme.h"

#include <QBuffer>
#include <QImage>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>
#include <utility>

namespace widgets {

namespace {

constexpr int kDpi = 96;
constexpr double kInchesOfAMeter = 1 / 0.0254;
constexpr double kMostPixels = 64e6; // 256 MB while it is painted

using Paint = std::function<void(QPainter& painter, const QSize& size)>;

QString timeText(qint64 at)
{
    return models::Zone::of().full(core::WallTime(core::Millis(at)));
}

PictureCoder png(const PictureSpec& spec, const Paint& paint)
{
    QImage image(spec.size * spec.density, QImage::Format_RGB32);
    if (image.isNull()) {
        return [] { return QByteArray(); };
    }
    image.setDevicePixelRatio(spec.density);
    {
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        paint(painter, spec.size);
    }
    const int dots =
        static_cast<int>(std::lround(kDpi * spec.density * kInchesOfAMeter)); // only now: fonts follow it
    image.setDotsPerMeterX(dots);
    image.setDotsPerMeterY(dots);
    return [image = std::move(image)] {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        return buffer.open(QIODevice::WriteOnly) && image.save(&buffer, "PNG") ? bytes : QByteArray();
    };
}

PictureCoder svg(const PictureSpec& spec, const QString& title, const Paint& paint)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(spec.size);
    generator.setViewBox(QRect(QPoint(), spec.size));
    generator.setResolution(kDpi);
    generator.setTitle(title.toHtmlEscaped()); // Qt writes it as it comes
    QPainter painter;
    if (painter.begin(&generator)) {
        paint(painter, spec.size);
        painter.end();
    }
    return [bytes] { return bytes; };
}

PictureCoder pdf(const PictureSpec& spec, const QString& title, const Paint& paint)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kDpi);
    writer.setTitle(title);
    writer.setCreator(QStringLiteral("Poolscope " POOLSCOPE_VERSION));
    writer.setPageSize(QPageSize(QSizeF(spec.size) * 72 / kDpi, QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins({});
    QPainter painter;
    if (painter.begin(&writer)) {
        paint(painter, spec.size);
        painter.end();
    }
    return [bytes] { return bytes; };
}

} // namespace

PictureFormat pictureFormatOf(const QString& file)
{
    if (file.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive)) {
        return PictureFormat::Svg;
    }
    return file.endsWith(QStringLiteral(".pdf"), Qt::CaseInsensitive) ? PictureFormat::Pdf
                                                                      : PictureFormat::Png;
}

PictureSpec fitPicture(const PictureSpec& spec)
{
    PictureSpec fit = spec;
    fit.size = spec.size.expandedTo(kSmallestPicture).boundedTo(kLargestPicture);
    const double most = std::sqrt(kMostPixels / (double(fit.size.width()) * fit.size.height()));
    fit.density = std::clamp(spec.density, 1.0, std::clamp(most, 1.0, 8.0));
    return fit;
}

std::function<bool(const models::TextSink& sink)> bytesOf(PictureCoder make)
{
    return [make = std::move(make)](const models::TextSink& sink) {
        const QByteArray bytes = make();
        return !bytes.isEmpty() && sink(bytes, 1);
    };
}

PictureCoder makePicture(const PictureSpec& spec, const QString& title, const Paint& paint)
{
    const PictureSpec fit = fitPicture(spec);
    switch (spec.format) {
    case PictureFormat::Png:
        return png(fit, paint);
    case PictureFormat::Svg:
        return svg(fit, title, paint);
    case PictureFormat::Pdf:
        return pdf(fit, title, paint);
    }
    return {};
}

void paintFoot(QPainter& painter, const QRectF& inner, qint64 from, qint64 to)
{
    painter.setFont(Theme::of().font(TextRole::Caption));
    painter.setPen(Theme::of().palette().muted);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignBottom,
                     timeText(from) + QStringLiteral(" – ") + timeText(to));
    painter.drawText(inner, Qt::AlignRight | Qt::AlignBottom, QStringLiteral("Poolscope " POOLSCOPE_VERSION));
}

} // namespace widgets

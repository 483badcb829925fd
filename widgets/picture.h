// A picture for a report or a mail, as PNG, SVG or PDF: painted where the widgets live, coded wherever there
// is time.
#pragma once

#include "models/text_sink.h"

#include <QByteArray>
#include <QPainter>
#include <QRectF>
#include <QSize>
#include <QString>

#include <functional>

namespace widgets {

enum class PictureFormat { Png, Svg, Pdf };

struct PictureSpec {
    PictureFormat format = PictureFormat::Png;
    QSize size{960, 420}; // in pixels at 96 a inch; 320 × 200 to 8000 × 8000
    double density =
        2; // of a PNG: pixels a pixel, 1 to 8, less where it would come to more than 64 million pixels
};

constexpr QSize kSmallestPicture(320, 200);
constexpr QSize kLargestPicture(8000, 8000);

// "png", "svg" or "pdf" at the end of a file's name, in any case; PNG for everything else.
[[nodiscard]] PictureFormat pictureFormatOf(const QString& file);
// What is made of a wish: within the limits above.
[[nodiscard]] PictureSpec fitPicture(const PictureSpec& spec);

// The file's bytes, empty when it cannot be made. May be called once, on any thread.
using PictureCoder = std::function<QByteArray()>;

// As the maker of a file: one piece.
[[nodiscard]] std::function<bool(const models::TextSink& sink)> bytesOf(PictureCoder make);

// Main thread only. `paint` is called before it returns, with a painter in the pixels of `spec.size`, fitted.
[[nodiscard]] PictureCoder
makePicture(const PictureSpec& spec, const QString& title,
            const std::function<void(QPainter& painter, const QSize& size)>& paint);

// The range with its zone at the left, the program's version at the right; `from` and `to` in ms since the
// epoch.
void paintFoot(QPainter& painter, const QRectF& inner, qint64 from, qint64 to);

} // namespace widgets

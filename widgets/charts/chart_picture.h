// A chart as a picture for a report or a mail: with title, legend, range, zone and version.
#pragma once

#include "widgets/charts/plot_model.h"

#include <QByteArray>
#include <QSize>
#include <QString>

namespace widgets {

enum class PictureFormat { Png, Svg, Pdf };

struct PictureSpec {
    PictureFormat format = PictureFormat::Png;
    QSize size{960, 420}; // in pixels at 96 a inch; at least 320 × 200
    double density = 2;   // of a PNG: pixels a pixel, 1 to 8
};

// "png", "svg" or "pdf" at the end of a file's name, in any case; PNG for everything else.
[[nodiscard]] PictureFormat pictureFormatOf(const QString& file);

// Main thread only. What the model holds, in the theme and the zone of the window; empty when it cannot be made.
[[nodiscard]] QByteArray chartPicture(const PlotModel& model, const PictureSpec& spec);

} // namespace widgets

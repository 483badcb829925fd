// A chart as a picture for a report or a mail: with title, legend, range, zone and version.
#pragma once

#include "widgets/charts/plot_model.h"
#include "widgets/picture.h"

namespace widgets {

// Main thread only. What the model holds, in the theme and the zone of the window.
[[nodiscard]] PictureCoder chartPicture(const PlotModel& model, const PictureSpec& spec);

// The size of the picture in which a chart is drawn as large as it is now.
[[nodiscard]] QSize pictureSizeOf(const QSize& chart);

} // namespace widgets

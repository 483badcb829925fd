// A whole panel as a picture: laid out for the size that was asked for, with title, range, zone and version.
#pragma once

#include "widgets/picture.h"

class QWidget;

namespace widgets {

struct PanelCaption {
    QString title;
    qint64 from = 0; // ms since the epoch
    qint64 to = 0;
};

// The size of the picture in which a panel looks as it does now.
[[nodiscard]] QSize pictureSizeOf(const QWidget& panel);

// Main thread only. The panel has to be visible; it is laid out anew for the moment and put back before this
// returns. One that needs more room than `spec.size` gives (pages that scroll are taken whole) is made
// smaller.
[[nodiscard]] PictureCoder panelPicture(QWidget& panel, const PanelCaption& caption, const PictureSpec& spec);

} // namespace widgets

// Keeps a window with all of its frame on the screen.
#pragma once

#include <QSize>

class QWidget;

namespace app {

// What a window of size `inner`, `frame` with all the window manager has put around it, may be to fit into
// `available`; never smaller than `smallest`. In device-independent pixels.
[[nodiscard]] QSize sizeWithin(QSize available, QSize inner, QSize frame, QSize smallest) noexcept;

// A shown window of normal state that fits onto its screen, but not with its frame, becomes smaller and moves
// back onto it. The frame is known a moment after the window has been shown: before that nothing happens.
void fitIntoScreen(QWidget& window);

} // namespace app

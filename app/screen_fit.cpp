#include "app/screen_fit.h"

#include <QScreen>
#include <QWidget>

#include <algorithm>

namespace app {

QSize sizeWithin(QSize available, QSize inner, QSize frame, QSize smallest) noexcept
{
    return inner.boundedTo(available - (frame - inner)).expandedTo(smallest);
}

void fitIntoScreen(QWidget& window)
{
    if (window.windowState() != Qt::WindowNoState || !window.isVisible()) {
        return;
    }
    const QRect screen = window.screen()->availableGeometry();
    const QSize inner = window.size();
    if (inner.boundedTo(screen.size()) != inner) {
        return; // larger than the screen: somebody wanted it so
    }
    const QSize wanted =
        sizeWithin(screen.size(), inner, window.frameGeometry().size(), window.minimumSize());
    if (wanted == inner) {
        return;
    }
    window.resize(wanted);
    const QRect frame = window.frameGeometry();
    window.move(std::max(screen.left(), std::min(frame.left(), screen.right() - frame.width() + 1)),
                std::max(screen.top(), std::min(frame.top(), screen.bottom() - frame.height() + 1)));
}

} // namespace app

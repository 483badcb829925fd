#include "widgets/toast.h"

#include "widgets/theme.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>
#include <chrono>

namespace widgets {

namespace {

constexpr std::chrono::milliseconds kShown{4000};
constexpr std::chrono::milliseconds kShownWhenBusy{1000};
constexpr int kMostWaiting = 5; // the oldest give way
constexpr int kMostWidth = 460;

} // namespace

Toast::Toast(QWidget* window)
    : QLabel(window)
{
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    setContentsMargins(space::kLarge, space::kMedium, space::kLarge, space::kMedium);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Toast::next);
    window->installEventFilter(this);
    hide();
}

void Toast::tell(const QString& text)
{
    if (m_waiting.size() >= kMostWaiting) {
        m_waiting.dequeue();
    }
    m_waiting.enqueue(text);
    if (!isVisible()) {
        next();
    }
}

void Toast::next()
{
    if (m_waiting.isEmpty()) {
        hide();
        return;
    }
    setText(m_waiting.dequeue());
    setAccessibleName(text());
    place();
    show();
    raise();
    m_timer.start(m_waiting.isEmpty() ? kShown : kShownWhenBusy);
}

void Toast::place()
{
    const QWidget* window = parentWidget();
    const int most = std::min(kMostWidth, window->width() - 4 * space::kLarge);
    const int text = fontMetrics().horizontalAdvance(this->text()) + 2 * space::kLarge + 2;
    const int width = std::min(text, most);
    resize(width, heightForWidth(width));
    move(window->width() - this->width() - space::kLarge, window->height() - height() - 3 * space::kLarge);
}

bool Toast::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && isVisible()) {
        place();
    }
    return QLabel::eventFilter(watched, event);
}

void Toast::paintEvent(QPaintEvent* event)
{
    const Palette& palette = Theme::of().palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(palette.accent);
    painter.setBrush(palette.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), space::kRadius, space::kRadius);
    painter.end();
    QLabel::paintEvent(event);
}

void Toast::mousePressEvent(QMouseEvent* event)
{
    Q_UNUSED(event)
    m_timer.stop();
    next();
}

} // namespace widgets

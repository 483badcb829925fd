#include "widgets/pill.h"

#include <QFontMetrics>
#include <QPainter>

namespace widgets {

namespace {

constexpr int kHeight = 26;
constexpr int kShape = 10;
constexpr int kPad = 14;
constexpr int kGap = 8;

QFont strongFont()
{
    return Theme::of().font(TextRole::Title);
}

QFont restFont()
{
    return Theme::of().font(TextRole::Caption);
}

void drawPause(QPainter& painter, const QRectF& box, const QColor& color)
{
    painter.fillRect(QRectF(box.left() + 1, box.top(), 3, box.height()), color);
    painter.fillRect(QRectF(box.right() - 4, box.top(), 3, box.height()), color);
}

} // namespace

Pill::Pill(QWidget* parent, Rest rest)
    : QAbstractButton(parent)
    , m_rest(rest)
{
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

void Pill::show(const Look& look)
{
    if (look == m_look) {
        return;
    }
    const int before = sizeHint().width();
    m_look = look;
    setText(look.rest.isEmpty() ? look.strong : look.strong + QLatin1Char(' ') + look.rest);
    if (sizeHint().width() != before) {
        updateGeometry();
    }
    update();
}

int Pill::strongWidth() const
{
    return 2 * kPad + kShape + kGap + QFontMetrics(strongFont()).horizontalAdvance(m_look.strong) + 1;
}

QSize Pill::sizeHint() const
{
    const int rest =
        m_look.rest.isEmpty() ? 0 : kGap + QFontMetrics(restFont()).horizontalAdvance(m_look.rest) + 2;
    return {strongWidth() + rest, kHeight};
}

QSize Pill::minimumSizeHint() const
{
    return m_rest == Rest::Kept ? sizeHint() : QSize(strongWidth(), kHeight);
}

void Pill::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    const Palette& palette = Theme::of().palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF body = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(hasFocus() || underMouse() ? QPen(m_look.color) : QPen(Qt::NoPen));
    painter.setBrush(Theme::blend(m_look.color, palette.card, palette.dark ? 0.22 : 0.16));
    painter.drawRoundedRect(body, body.height() / 2, body.height() / 2);

    const QRectF shape(kPad, (height() - kShape) / 2.0, kShape, kShape);
    if (m_look.pauseSign) {
        drawPause(painter, shape, m_look.color);
    } else {
        Theme::drawShape(painter, shape, m_look.level, m_look.color);
    }
    int left = kPad + kShape + kGap;
    painter.setFont(strongFont());
    painter.setPen(Theme::blend(m_look.color, palette.text, 0.85));
    const int strong = painter.fontMetrics().horizontalAdvance(m_look.strong);
    painter.drawText(QRect(left, 0, strong + 1, height()), Qt::AlignVCenter, m_look.strong);
    left += strong + kGap;
    const int room = width() - kPad - left + 2;
    painter.setFont(restFont());
    painter.setPen(palette.muted);
    if (room > 24 && !m_look.rest.isEmpty()) {
        painter.drawText(QRect(left, 0, room, height()), Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(m_look.rest, Qt::ElideRight, room));
    }
}

} // namespace widgets

#include "widgets/icons.h"

#include "widgets/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

namespace widgets {

namespace {

// All paths live in a square of 16 units.
QPainterPath overviewPath()
{
    QPainterPath path;
    for (const QPointF corner : {QPointF(2, 2), QPointF(9, 2), QPointF(2, 9), QPointF(9, 9)}) {
        path.addRoundedRect(QRectF(corner, QSizeF(5, 5)), 1, 1);
    }
    return path;
}

QPainterPath poolPath()
{
    QPainterPath path;
    path.addEllipse(QRectF(2.5, 1.5, 11, 4));
    path.moveTo(2.5, 3.5);
    path.lineTo(2.5, 12.5);
    path.arcTo(QRectF(2.5, 10.5, 11, 4), 180, 180);
    path.lineTo(13.5, 3.5);
    path.moveTo(2.5, 8);
    path.arcTo(QRectF(2.5, 6, 11, 4), 180, 180);
    return path;
}

QPainterPath latencyPath()
{
    QPainterPath path;
    const double tops[] = {9, 3, 6.5, 11};
    for (int i = 0; i < 4; ++i) {
        path.addRect(QRectF(1.5 + i * 3.4, tops[i], 2.4, 14 - tops[i]));
    }
    return path;
}

QPainterPath hostPath()
{
    QPainterPath path;
    path.addRoundedRect(QRectF(4, 4, 8, 8), 1, 1);
    for (const double at : {6.0, 10.0}) {
        path.moveTo(at, 4);
        path.lineTo(at, 1.5);
        path.moveTo(at, 12);
        path.lineTo(at, 14.5);
        path.moveTo(4, at);
        path.lineTo(1.5, at);
        path.moveTo(12, at);
        path.lineTo(14.5, at);
    }
    return path;
}

QPainterPath alertsPath()
{
    QPainterPath path(QPointF(2, 12));
    path.cubicTo(4.5, 10.5, 3, 3, 8, 2.5);
    path.cubicTo(13, 3, 11.5, 10.5, 14, 12);
    path.closeSubpath();
    path.moveTo(6.3, 14);
    path.lineTo(9.7, 14);
    return path;
}

QPainterPath scenariosPath()
{
    QPainterPath path(QPointF(4, 2.5));
    path.lineTo(13.5, 8);
    path.lineTo(4, 13.5);
    path.closeSubpath();
    return path;
}

QPainterPath logPath()
{
    QPainterPath path;
    for (const double y : {3.5, 8.0, 12.5}) {
        path.moveTo(2, y);
        path.lineTo(3, y);
        path.moveTo(5.5, y);
        path.lineTo(14, y);
    }
    return path;
}

// A curve and a prompt.
QPainterPath explorePath()
{
    QPainterPath path(QPointF(2, 3));
    path.lineTo(5.5, 6);
    path.lineTo(2, 9);
    path.moveTo(7, 9.5);
    path.lineTo(11, 9.5);
    path.moveTo(2, 13.5);
    path.cubicTo(6, 13.5, 9, 13, 14, 3);
    return path;
}

QPainterPath exportPath()
{
    QPainterPath path(QPointF(8, 2));
    path.lineTo(8, 10);
    path.moveTo(4.8, 7);
    path.lineTo(8, 10.2);
    path.lineTo(11.2, 7);
    path.moveTo(2.5, 11.5);
    path.lineTo(2.5, 14);
    path.lineTo(13.5, 14);
    path.lineTo(13.5, 11.5);
    return path;
}

QPainterPath copyPath()
{
    QPainterPath path;
    path.addRoundedRect(QRectF(5.5, 5.5, 8, 8), 1, 1);
    path.moveTo(3.5, 10.5);
    path.lineTo(2.5, 10.5);
    path.lineTo(2.5, 2.5);
    path.lineTo(10.5, 2.5);
    path.lineTo(10.5, 3.5);
    return path;
}

QPainterPath globePath()
{
    QPainterPath path;
    path.addEllipse(QRectF(1.8, 1.8, 12.4, 12.4));
    path.addEllipse(QRectF(5.2, 1.8, 5.6, 12.4));
    path.moveTo(1.8, 8);
    path.lineTo(14.2, 8);
    return path;
}

QPainterPath logoPath()
{
    QPainterPath path;
    path.addEllipse(QRectF(1.2, 1.2, 13.6, 13.6));
    path.moveTo(3.6, 8.6);
    path.lineTo(5.8, 8.6);
    path.lineTo(7.2, 4.8);
    path.lineTo(9, 11.2);
    path.lineTo(10.3, 7.4);
    path.lineTo(12.4, 7.4);
    return path;
}

// A shield with a tick.
QPainterPath responsesPath()
{
    QPainterPath path(QPointF(8, 1.5));
    path.lineTo(13.5, 3.5);
    path.cubicTo(13.5, 9, 11.5, 12.5, 8, 14.5);
    path.cubicTo(4.5, 12.5, 2.5, 9, 2.5, 3.5);
    path.closeSubpath();
    path.moveTo(5.5, 7.8);
    path.lineTo(7.3, 9.6);
    path.lineTo(10.6, 6);
    return path;
}

QPainterPath pathOf(Sign sign)
{
    switch (sign) {
    case Sign::Overview:
        return overviewPath();
    case Sign::Pool:
        return poolPath();
    case Sign::Latency:
        return latencyPath();
    case Sign::Host:
        return hostPath();
    case Sign::Alerts:
        return alertsPath();
    case Sign::Scenarios:
        return scenariosPath();
    case Sign::Log:
        return logPath();
    case Sign::Responses:
        return responsesPath();
    case Sign::Explore:
        return explorePath();
    case Sign::Export:
        return exportPath();
    case Sign::Copy:
        return copyPath();
    case Sign::Globe:
        return globePath();
    case Sign::Logo:
        return logoPath();
    case Sign::Theme:
    case Sign::Menu:
        break;
    }
    return {};
}

// The two signs that are filled, not drawn as lines.
void drawFilled(QPainter& painter, Sign sign, const QColor& color)
{
    if (sign == Sign::Menu) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        for (const double y : {3.0, 8.0, 13.0}) {
            painter.drawEllipse(QPointF(8, y), 1.3, 1.3);
        }
    } else if (sign == Sign::Theme) {
        QPainterPath half(QPointF(8, 2));
        half.arcTo(QRectF(2, 2, 12, 12), 90, 180);
        half.closeSubpath();
        painter.drawEllipse(QRectF(2, 2, 12, 12));
        painter.fillPath(half, color);
    }
}

QPixmap pixmapOf(Sign sign, const QColor& color)
{
    constexpr int kSize = 64; // scaled down by the icon engine, sharp up to 400 %
    QPixmap pixmap(kSize, kSize);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    drawSign(painter, QRectF(0, 0, kSize, kSize), sign, color);
    return pixmap;
}

} // namespace

void drawSign(QPainter& painter, const QRectF& box, Sign sign, const QColor& color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(box.topLeft());
    painter.scale(box.width() / 16.0, box.height() / 16.0);
    painter.setPen(QPen(color, sign == Sign::Logo ? 1.5 : 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(pathOf(sign));
    drawFilled(painter, sign, color);
    painter.restore();
}

QIcon signIcon(Sign sign)
{
    const Palette& palette = Theme::of().palette();
    QIcon icon;
    icon.addPixmap(pixmapOf(sign, palette.muted), QIcon::Normal);
    icon.addPixmap(pixmapOf(sign, palette.text), QIcon::Active);
    icon.addPixmap(pixmapOf(sign, palette.faint), QIcon::Disabled);
    return icon;
}

} // namespace widgets

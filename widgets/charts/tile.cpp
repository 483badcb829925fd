#include "widgets/charts/tile.h"

#include "widgets/charts/sparkline.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kLeft = 15;
constexpr int kRight = 12;
constexpr int kSparkWidth = 68;
constexpr int kSparkHeight = 20;

} // namespace

Tile::Tile(QWidget* parent)
    : QWidget(parent)
    , m_spark(new Sparkline(this))
{
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_state.value = QStringLiteral("–");
    connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Tile::setCaption(const QString& caption)
{
    m_caption = caption;
    setAccessibleName(caption);
    update();
}

void Tile::show(const TileState& state)
{
    m_state = state;
    m_spark->setLevel(state.level);
    m_spark->append(state.figure);
    setAccessibleDescription(state.value + QStringLiteral(", ") + Theme::word(state.level) +
                             QStringLiteral(", ") + state.note);
    update();
}

void Tile::setPast(const std::vector<double>& values)
{
    m_spark->assign(values);
}

void Tile::setSource(const QString& text)
{
    if (text != m_source) {
        m_source = text;
        setToolTip(text);
        update();
    }
}

void Tile::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const int wide = std::min(kSparkWidth, (width() - kLeft - kRight) * 2 / 5); // the note needs the rest
    m_spark->setGeometry(width() - kRight - wide, height() - kSparkHeight - 10, wide, kSparkHeight);
}

void Tile::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    const Palette& palette = Theme::of().palette();
    const QColor color = Theme::of().color(m_state.level);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath card;
    card.addRoundedRect(frame, space::kRadius, space::kRadius);
    painter.fillPath(card, palette.card);
    painter.save();
    painter.setClipPath(card);
    painter.fillRect(QRectF(0, 0, 4, height()), color);
    painter.restore();
    painter.setPen(hasFocus() ? palette.accent : palette.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(card);

    const int textWidth = width() - kLeft - kRight;
    painter.setPen(palette.muted);
    painter.setFont(Theme::of().font(TextRole::Caption));
    const QFontMetrics small(painter.font());
    painter.drawText(QRect(kLeft, 8, textWidth - 16, 16), Qt::AlignLeft | Qt::AlignVCenter,
                     small.elidedText(m_caption, Qt::ElideRight, textWidth - 16));
    QFont tiny = painter.font();
    tiny.setPixelSize(10);
    const int sourceWidth = QFontMetrics(tiny).horizontalAdvance(m_source);
    if (small.horizontalAdvance(m_caption) + 8 + sourceWidth <= textWidth - 16) {
        painter.setFont(tiny);
        painter.setPen(palette.faint);
        painter.drawText(QRect(kLeft, 8, textWidth - 16, 16), Qt::AlignRight | Qt::AlignVCenter, m_source);
    }
    Theme::drawShape(painter, QRectF(width() - kRight - 10, 11, 10, 10), m_state.level, color);
    painter.setPen(palette.text);
    painter.setFont(Theme::of().font(TextRole::Value));
    painter.drawText(QRect(kLeft, 25, textWidth, 29), Qt::AlignLeft | Qt::AlignVCenter, m_state.value);
    painter.setPen(palette.muted);
    painter.setFont(Theme::of().font(TextRole::Caption));
    const int noteWidth = textWidth - m_spark->width() - 4;
    painter.drawText(QRect(kLeft, height() - 26, noteWidth, 18), Qt::AlignLeft | Qt::AlignVCenter,
                     small.elidedText(m_state.note, Qt::ElideRight, noteWidth));
}

void Tile::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint())) {
        Q_EMIT clicked();
    }
    QWidget::mouseReleaseEvent(event);
}

void Tile::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT clicked();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace widgets

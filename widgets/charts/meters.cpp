#include "widgets/charts/meters.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

constexpr double kRow = 30;
constexpr double kSmallRow = 17;
constexpr double kColumnGap = 16;

} // namespace

Meters::Meters(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Meters::show(std::vector<Meter> meters)
{
    if (meters == m_meters) {
        return;
    }
    const bool reshaped = meters.size() != m_meters.size();
    m_meters = std::move(meters);
    if (reshaped) {
        updateGeometry();
    }
    update();
}

void Meters::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

QSize Meters::sizeHint() const
{
    return {240, static_cast<int>(std::min<double>(static_cast<double>(m_meters.size()), 6) * kRow)};
}

// Roomy rows (name above the bar) while they fit, else one line each in as many columns as needed.
Meters::Shape Meters::shape() const
{
    Shape shape;
    const auto count = static_cast<int>(std::max<std::size_t>(m_meters.size(), 1));
    if (count * kRow <= height()) {
        shape.rows = count;
        shape.height = std::min(kRow * 1.3, static_cast<double>(height()) / count);
        return shape;
    }
    const int most = std::max(1, static_cast<int>(height() / kSmallRow));
    shape.columns =
        std::min(std::max(1, static_cast<int>((width() + kColumnGap) / 110)), (count + most - 1) / most);
    shape.rows = std::min(most, (count + shape.columns - 1) / shape.columns);
    shape.height = kSmallRow;
    return shape;
}

QRectF Meters::box(std::size_t index, const Shape& shape) const
{
    const double width = (this->width() - kColumnGap * (shape.columns - 1)) / shape.columns;
    const auto column = static_cast<double>(index / static_cast<std::size_t>(shape.rows));
    const auto row = static_cast<double>(index % static_cast<std::size_t>(shape.rows));
    return {column * (width + kColumnGap), row * shape.height, width, shape.height};
}

void Meters::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_meters.empty()) {
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    const Shape shape = this->shape();
    painter.setFont(Theme::of().font(TextRole::Caption));
    const std::size_t fit = static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.columns);
    for (std::size_t i = 0; i < std::min(fit, m_meters.size()); ++i) {
        const bool rest = i + 1 == fit && m_meters.size() > fit;
        if (rest) {
            painter.setPen(Theme::of().palette().muted);
            painter.drawText(box(i, shape), Qt::AlignLeft | Qt::AlignVCenter,
                             tr("and %1 more").arg(m_meters.size() - i));
            return;
        }
        paintMeter(painter, box(i, shape), m_meters[i]);
    }
}

void Meters::paintMeter(QPainter& painter, const QRectF& area, const Meter& meter) const
{
    const Palette& palette = Theme::of().palette();
    const QFontMetricsF metrics(painter.font());
    const bool roomy = area.height() >= kRow - 1;
    const double textWidth = metrics.horizontalAdvance(meter.text);
    const double nameRoom = roomy ? area.width() - textWidth - 10 : 30;
    const QRectF words = roomy ? QRectF(area.left(), area.top(), area.width(), 17) : area;
    painter.setPen(palette.text);
    painter.drawText(QRectF(words.left(), words.top(), nameRoom, words.height()),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(meter.name, Qt::ElideMiddle, nameRoom));
    painter.setPen(meter.level == StatusLevel::Ok ? palette.muted : Theme::of().ink(meter.level));
    painter.drawText(words, Qt::AlignRight | Qt::AlignVCenter, meter.text);
    const QRectF bar =
        roomy ? QRectF(area.left(), area.top() + 18, area.width(), 6)
              : QRectF(area.left() + 34, area.center().y() - 3, std::max(10.0, area.width() - 34 - 44), 6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette.raised);
    painter.drawRoundedRect(bar, 3, 3);
    const double share = std::isnan(meter.share) ? 0 : std::clamp(meter.share, 0.0, 1.0);
    if (share > 0) {
        painter.setBrush(Theme::of().color(meter.level));
        painter.drawRoundedRect(
            QRectF(bar.left(), bar.top(), std::max(3.0, bar.width() * share), bar.height()), 3, 3);
    }
}

bool Meters::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) {
        return QWidget::event(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    const Shape shape = this->shape();
    QString text;
    for (std::size_t i = 0; i < m_meters.size(); ++i) {
        if (box(i, shape).contains(help->pos())) {
            text = m_meters[i].name + QStringLiteral(": ") + m_meters[i].text;
        }
    }
    QToolTip::showText(help->globalPos(), text.toHtmlEscaped(), this);
    return true;
}

} // namespace widgets

#include "widgets/charts/legend.h"

#include <QFontMetrics>
#include <QPainter>

namespace widgets {

namespace {

constexpr int kStroke = 10;
constexpr int kGap = 5;
constexpr int kBetween = 12;

} // namespace

Legend::Legend(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Legend::setSeries(const std::vector<SeriesSpec>& series)
{
    m_series = series;
    QStringList names;
    for (const SeriesSpec& spec : series) {
        names.append(spec.name);
    }
    setAccessibleName(names.join(QStringLiteral(", ")));
    setToolTip(accessibleName());
    updateGeometry();
    update();
}

QSize Legend::sizeHint() const
{
    const QFontMetrics metrics(Theme::of().font(TextRole::Caption));
    int width = 0;
    for (const SeriesSpec& spec : m_series) {
        width += kStroke + kGap + metrics.horizontalAdvance(spec.name) + kBetween;
    }
    return {width, metrics.height()};
}

void Legend::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setFont(Theme::of().font(TextRole::Caption));
    const QFontMetrics metrics(painter.font());
    int x = 0;
    for (const SeriesSpec& spec : m_series) {
        const int width = kStroke + kGap + metrics.horizontalAdvance(spec.name);
        if (x + width > this->width()) {
            return; // the tooltip has them all
        }
        QPen pen(Theme::of().seriesColor(spec.color), 2.5);
        pen.setCapStyle(Qt::FlatCap);
        if (spec.style == LineStyle::Dashed) {
            pen.setDashPattern({1, 1});
        }
        painter.setPen(pen);
        painter.drawLine(QPointF(x, height() / 2.0), QPointF(x + kStroke, height() / 2.0));
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(QRect(x + kStroke + kGap, 0, width, height()), Qt::AlignVCenter | Qt::AlignLeft,
                         spec.name);
        x += width + kBetween;
    }
}

} // namespace widgets

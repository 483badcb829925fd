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

void Legend::setSeries(const std::vector<SeriesSpec>& series, const QString& shadow)
{
    m_series = series;
    m_shadow = shadow;
    QStringList names;
    for (const SeriesSpec& spec : series) {
        names.append(spec.name);
    }
    if (!shadow.isEmpty()) {
        names.append(shadow);
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
    width += m_shadow.isEmpty() ? 0 : kStroke + kGap + metrics.horizontalAdvance(m_shadow) + kBetween;
    return {width, metrics.height()};
}

void Legend::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setFont(Theme::of().font(TextRole::Caption));
    int x = 0;
    for (const SeriesSpec& spec : m_series) {
        QPen pen(Theme::of().seriesColor(spec.color), 2.5);
        if (spec.style == LineStyle::Dashed) {
            pen.setDashPattern({1, 1});
        }
        x = paintOne(painter, x, spec.name, pen);
    }
    if (!m_shadow.isEmpty()) {
        QPen pen(Theme::of().palette().muted, 1.5);
        pen.setDashPattern({2, 1.5});
        paintOne(painter, x, m_shadow, pen);
    }
}

// Where the next one begins; what has no room is left out: the tooltip has them all.
int Legend::paintOne(QPainter& painter, int x, const QString& name, const QPen& pen) const
{
    const int width = kStroke + kGap + painter.fontMetrics().horizontalAdvance(name);
    if (x + width > this->width()) {
        return this->width();
    }
    QPen flat = pen;
    flat.setCapStyle(Qt::FlatCap);
    painter.setPen(flat);
    painter.drawLine(QPointF(x, height() / 2.0), QPointF(x + kStroke, height() / 2.0));
    painter.setPen(Theme::of().palette().muted);
    painter.drawText(QRect(x + kStroke + kGap, 0, width, height()), Qt::AlignVCenter | Qt::AlignLeft, name);
    return x + width + kBetween;
}

} // namespace widgets

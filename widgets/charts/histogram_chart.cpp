#include "widgets/charts/histogram_chart.h"

#include "models/text.h"
#include "widgets/charts/axis_ticks.h"
#include "widgets/charts/pens.h"
#include "widgets/theme.h"

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace widgets {

namespace {

constexpr double kLabelHeight = 16;
constexpr double kLegendLine = 15;
constexpr int kRoomForTwo = 170; // px: from this height on the percentiles take two lines
constexpr double kTopMargin = 14;

QFont smallFont()
{
    QFont font = Theme::of().font(TextRole::Caption);
    font.setPixelSize(10);
    return font;
}

struct Percentile {
    const char* name;
    double value;
};

std::array<Percentile, 3> percentilesOf(const metrics::LatencyView& view)
{
    return {{{"p50", view.p50}, {"p95", view.p95}, {"p99", view.p99}}};
}

} // namespace

std::uint64_t HistogramBars::total() const noexcept
{
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

HistogramChart::HistogramChart(int color, QWidget* parent)
    : QWidget(parent)
    , m_color(color)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setFocusPolicy(Qt::StrongFocus);
    connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void HistogramChart::show(HistogramBars bars)
{
    if (bars == m_bars) {
        return;
    }
    m_bars = std::move(bars);
    update();
}

void HistogramChart::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

void HistogramChart::setSource(const QString& text)
{
    if (text != m_source) {
        m_source = text;
        setAccessibleDescription(text);
        update();
    }
}

QSize HistogramChart::sizeHint() const
{
    return {250, 150};
}

QSize HistogramChart::minimumSizeHint() const
{
    return {200, 120};
}

double HistogramChart::legendHeight() const
{
    return height() >= kRoomForTwo ? 2 * kLegendLine : kLegendLine + 1;
}

QRectF HistogramChart::plot() const
{
    return QRectF(rect()).adjusted(0, kTopMargin, 0, -kLabelHeight - legendHeight());
}

std::optional<std::size_t> HistogramChart::bucketAt(double x) const
{
    const QRectF area = plot();
    if (m_bars.counts.empty() || m_bars.total() == 0) {
        return std::nullopt;
    }
    const double width = area.width() / static_cast<double>(m_bars.counts.size());
    return static_cast<std::size_t>(
        std::clamp((x - area.left()) / width, 0.0, static_cast<double>(m_bars.counts.size() - 1)));
}

QRectF HistogramChart::barRect(std::size_t bucket) const
{
    const QRectF area = plot();
    const double width = area.width() / static_cast<double>(std::max<std::size_t>(m_bars.counts.size(), 1));
    const std::uint64_t most =
        m_bars.counts.empty() ? 0 : *std::max_element(m_bars.counts.begin(), m_bars.counts.end());
    const double share =
        most == 0 ? 0 : static_cast<double>(m_bars.counts[bucket]) / static_cast<double>(most);
    // What happened at all is seen: at least 2 px for a bucket that is not empty.
    const double height = m_bars.counts[bucket] == 0 ? 0 : std::max(2.0, share * area.height());
    return {area.left() + static_cast<double>(bucket) * width + 1, area.bottom() - height, width - 2, height};
}

double HistogramChart::xOf(double seconds) const
{
    const QRectF area = plot();
    const double width = area.width() / static_cast<double>(m_bars.bounds.size() + 1);
    double lower = 0;
    for (std::size_t i = 0; i < m_bars.bounds.size(); ++i) {
        if (seconds <= m_bars.bounds[i]) {
            const double inside = (seconds - lower) / (m_bars.bounds[i] - lower);
            return area.left() + (static_cast<double>(i) + std::clamp(inside, 0.0, 1.0)) * width;
        }
        lower = m_bars.bounds[i];
    }
    return area.right() - width / 2;
}

QString HistogramChart::bucketText(std::size_t bucket) const
{
    if (bucket >= m_bars.bounds.size()) {
        return QStringLiteral("∞");
    }
    return valueTickText(m_bars.bounds[bucket], core::Unit::Seconds).remove(QLatin1Char(' '));
}

void HistogramChart::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    ++m_paints;
    QPainter painter(this);
    if (m_bars.total() == 0) {
        painter.setFont(Theme::of().font(TextRole::Body));
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap,
                         m_emptyText.isEmpty() ? tr("Nothing observed yet") : m_emptyText);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    paintBars(painter);
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintLabels(painter);
    paintPercentiles(painter);
    paintSource(painter);
}

// At the right, where the tail leaves most room; over the lines of the percentiles.
void HistogramChart::paintSource(QPainter& painter) const
{
    const QFont font = smallFont();
    const QFontMetricsF metrics(font);
    const QRectF area = plot();
    const double width = metrics.horizontalAdvance(m_source) + 8;
    if (m_source.isEmpty() || width > area.width()) {
        return;
    }
    const QRectF box(area.right() - width, area.top() + 1, width, std::ceil(metrics.height()));
    painter.fillRect(box, faded(Theme::of().palette().card, 0.9));
    painter.setFont(font);
    painter.setPen(Theme::of().palette().faint);
    painter.drawText(box, Qt::AlignCenter, m_source);
}

void HistogramChart::paintBars(QPainter& painter) const
{
    const QRectF area = plot();
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::of().seriesColor(m_color));
    for (std::size_t i = 0; i < m_bars.counts.size(); ++i) {
        const QRectF bar = barRect(i);
        const double radius = std::min(2.0, bar.height() / 2);
        painter.drawRoundedRect(bar, radius, radius);
    }
    if (hasFocus() && m_cursor && *m_cursor < m_bars.counts.size()) {
        painter.setPen(QPen(Theme::of().palette().accent, 2));
        painter.setBrush(Qt::NoBrush);
        const QRectF bar = barRect(*m_cursor);
        painter.drawRect(QRectF(bar.left(), area.top(), bar.width(), area.height()));
    }
    painter.setPen(Theme::of().palette().line);
    painter.drawLine(QPointF(area.left(), area.bottom() + 0.5), QPointF(area.right(), area.bottom() + 0.5));
}

void HistogramChart::paintLabels(QPainter& painter) const
{
    const QFont font = smallFont();
    const QFontMetricsF metrics(font);
    const QRectF area = plot();
    painter.setFont(font);
    painter.setPen(Theme::of().palette().muted);
    const std::size_t buckets = m_bars.counts.size();
    const double width = area.width() / static_cast<double>(buckets);
    double widest = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
        widest = std::max(widest, metrics.horizontalAdvance(bucketText(i)));
    }
    // Every second or third label when they would touch; the last is always there.
    const auto stride = static_cast<std::size_t>(std::max(1.0, std::ceil((widest + 4) / width)));
    for (std::size_t i = 0; i < buckets; ++i) {
        if ((buckets - 1 - i) % stride == 0) {
            painter.drawText(QRectF(area.left() + (static_cast<double>(i) - 1) * width, area.bottom() + 2,
                                    3 * width, kLabelHeight - 2),
                             Qt::AlignHCenter | Qt::AlignTop, bucketText(i));
        }
    }
    painter.setFont(Theme::of().font(TextRole::Caption));
    painter.setPen(Theme::of().palette().text);
    const auto line = [&](std::initializer_list<Percentile> percentiles, double top) {
        QStringList parts;
        for (const Percentile& percentile : percentiles) {
            parts.append(QLatin1String(percentile.name) + QLatin1Char(' ') +
                         models::valueText(percentile.value, core::Unit::Seconds));
        }
        const QString text = parts.join(QStringLiteral("  "));
        painter.setFont(QFontMetricsF(Theme::of().font(TextRole::Caption)).horizontalAdvance(text) >
                                area.width()
                            ? font
                            : Theme::of().font(TextRole::Caption));
        painter.drawText(
            QRectF(area.left(), top, area.width(), kLegendLine), Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(text, Qt::ElideRight, static_cast<int>(area.width())));
    };
    const metrics::LatencyView& p = m_bars.percentiles;
    const double top = height() - legendHeight();
    if (legendHeight() > 1.5 * kLegendLine) {
        line({{"p50", p.p50}, {"p90", p.p90}, {"p95", p.p95}}, top);
        line({{"p99", p.p99}, {"p99.9", p.p999}, {"max", p.max}}, top + kLegendLine);
    } else {
        line({{"p50", p.p50}, {"p95", p.p95}, {"p99", p.p99}}, top);
    }
}

void HistogramChart::paintPercentiles(QPainter& painter) const
{
    const QFont font = smallFont();
    const QFontMetricsF metrics(font);
    const QRectF area = plot();
    painter.setFont(font);
    double free = -1e9;
    for (const Percentile& percentile : percentilesOf(m_bars.percentiles)) {
        if (std::isnan(percentile.value)) {
            continue;
        }
        const double x = std::round(xOf(percentile.value)) + 0.5;
        painter.setPen(QPen(Theme::of().palette().text, 1, Qt::DashLine));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        const QString name = QLatin1String(percentile.name);
        const double width = metrics.horizontalAdvance(name);
        const double left = std::min(std::max(x - width / 2, area.left()), area.right() - width);
        if (left >= free) {
            painter.setPen(Theme::of().palette().muted);
            painter.drawText(QRectF(left, 0, width + 1, kTopMargin - 1), Qt::AlignLeft | Qt::AlignVCenter,
                             name);
            free = left + width + 4;
        }
    }
}

QString HistogramChart::bucketTip(std::size_t bucket) const
{
    const double share = static_cast<double>(m_bars.counts[bucket]) / static_cast<double>(m_bars.total());
    const QString from = bucket == 0 ? QStringLiteral("0 s")
                                     : models::valueText(m_bars.bounds[bucket - 1], core::Unit::Seconds);
    const QString to = bucket < m_bars.bounds.size()
                           ? models::valueText(m_bars.bounds[bucket], core::Unit::Seconds)
                           : QStringLiteral("∞");
    return tr("%1 … %2: %3 of %4 (%5)")
        .arg(from, to, QLocale().toString(static_cast<qulonglong>(m_bars.counts[bucket])),
             QLocale().toString(static_cast<qulonglong>(m_bars.total())),
             models::valueText(share, core::Unit::Ratio));
}

bool HistogramChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || m_bars.total() == 0) {
        return QWidget::event(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), bucketTip(*bucketAt(help->pos().x())), this);
    return true;
}

void HistogramChart::mouseReleaseEvent(QMouseEvent* event)
{
    const auto bucket = bucketAt(event->position().x());
    if (event->button() == Qt::LeftButton && bucket && rect().contains(event->position().toPoint())) {
        Q_EMIT bucketChosen(static_cast<int>(*bucket));
    }
}

void HistogramChart::keyPressEvent(QKeyEvent* event)
{
    const bool choose =
        event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
    const bool left = event->key() == Qt::Key_Left;
    if (m_bars.total() == 0 || (!choose && !left && event->key() != Qt::Key_Right)) {
        QWidget::keyPressEvent(event);
        return;
    }
    const std::size_t last = m_bars.counts.size() - 1;
    const std::size_t at = std::min(m_cursor.value_or(0), last);
    if (choose) {
        Q_EMIT bucketChosen(static_cast<int>(at));
        return;
    }
    m_cursor = !m_cursor ? 0 : left ? at - std::min<std::size_t>(at, 1) : std::min(at + 1, last);
    setAccessibleDescription(bucketTip(*m_cursor));
    update();
}

} // namespace widgets

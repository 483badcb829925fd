#include "widgets/charts/heat_map.h"

#include "models/text.h"
#include "models/zone.h"
#include "widgets/charts/plot_margins.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QImage>
#include <QKeyEvent>
#include <QLinearGradient>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <span>

namespace widgets {

namespace {

using metrics::HeatLayout;

constexpr double kHead = 16; // px above the plot, for the legend
constexpr std::size_t kFewestRows = 8;
constexpr int kLegendWidth = 72;

QFont smallFont()
{
    QFont font = Theme::of().font(TextRole::Caption);
    font.setPixelSize(10);
    return font;
}

QString spanOf(double from, double to)
{
    return models::valueText(from, core::Unit::Seconds) + QStringLiteral(" … ") +
           models::valueText(to, core::Unit::Seconds);
}

} // namespace

HeatMap::HeatMap(metrics::Stage stage, int color, QWidget* parent)
    : QWidget(parent)
    , m_stage(stage)
    , m_color(color)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
    connect(&models::Zone::of(), &models::Zone::changed, this, qOverload<>(&QWidget::update));
}

void HeatMap::setColumns(std::vector<metrics::HeatColumnPtr> columns)
{
    m_columns = std::move(columns);
    update();
}

void HeatMap::setWindow(std::int64_t end, std::int64_t length)
{
    m_end = end;
    m_length = std::max<std::int64_t>(length, 1);
    update();
}

void HeatMap::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

TimeFrame HeatMap::frame() const
{
    const QRectF area = QRectF(rect()).adjusted(plot::kLeft, kHead, -plot::kRight, -plot::kBottom);
    return {area, m_end - m_length, m_end};
}

// From the lowest to the highest row that has something, with one to spare; what was shown stays as long as
// it is not twice too much.
void HeatMap::chooseRows()
{
    std::size_t low = HeatLayout::kRows;
    std::size_t high = 0;
    for (const metrics::HeatColumnPtr& column : m_columns) {
        if (core::epochMillis(column->to) < m_end - m_length || core::epochMillis(column->from) > m_end) {
            continue;
        }
        const Counts& counts = countsOf(*column);
        for (std::size_t row = 0; row < counts.size(); ++row) {
            if (counts[row] > 0) {
                low = std::min(low, row);
                high = std::max(high, row + 1);
            }
        }
    }
    if (low >= high) {
        m_rows = {};
        return;
    }
    low -= low > 0 ? 1 : 0;
    high = std::min(std::max(high + 1, low + kFewestRows), HeatLayout::kRows);
    low = std::min(low, high - kFewestRows);
    const bool fits =
        m_rows.low <= low && m_rows.high >= high && m_rows.high - m_rows.low <= 2 * (high - low);
    m_rows = fits ? m_rows : Rows{low, high};
}

double HeatMap::yOf(double seconds) const
{
    std::size_t row = m_rows.low;
    while (row + 1 < m_rows.high && HeatLayout::lowest(row + 1) <= seconds) {
        ++row;
    }
    const double low = HeatLayout::lowest(row);
    const double inside =
        (std::log(seconds) - std::log(low)) / (std::log(HeatLayout::lowest(row + 1)) - std::log(low));
    return frame().area.bottom() -
           (static_cast<double>(row - m_rows.low) + std::clamp(inside, 0.0, 1.0)) * rowHeight();
}

QPointF HeatMap::pointOf(std::int64_t at, double seconds) const
{
    return {frame().x(static_cast<double>(at)), yOf(seconds)};
}

std::optional<std::size_t> HeatMap::rowAt(double y) const
{
    const QRectF area = frame().area;
    if (m_rows.high <= m_rows.low || y < area.top() || y >= area.bottom()) {
        return std::nullopt;
    }
    return m_rows.low + std::min(static_cast<std::size_t>((area.bottom() - y) / rowHeight()),
                                 m_rows.high - m_rows.low - 1);
}

const metrics::HeatColumn* HeatMap::columnAt(std::int64_t at) const
{
    const auto column =
        std::lower_bound(m_columns.begin(), m_columns.end(), at,
                         [](const auto& c, std::int64_t t) { return core::epochMillis(c->to) < t; });
    return column == m_columns.end() || core::epochMillis((*column)->from) > at ? nullptr : column->get();
}

QColor HeatMap::colorOf(double share) const
{
    const Palette& palette = Theme::of().palette();
    const QColor hue = Theme::of().seriesColor(m_color);
    const double at = std::clamp(share, 0.0, 1.0);
    return at < 0.6 ? Theme::blend(hue, palette.card, 0.18 + at / 0.6 * 0.82)
                    : Theme::blend(palette.text, hue, (at - 0.6) / 0.4 * 0.75);
}

void HeatMap::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    ++m_paints;
    chooseRows();
    QPainter painter(this);
    if (m_rows.high <= m_rows.low) {
        painter.setFont(Theme::of().font(TextRole::Body));
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap,
                         m_emptyText.isEmpty() ? tr("Nothing observed in this time") : m_emptyText);
        return;
    }
    const TimeFrame time = frame();
    paintCells(painter, time);
    paintValueAxis(painter, time);
    paintTimeAxis(painter, time);
    paintLegend(painter, time);
    if (hasFocus() && m_cursor) {
        painter.setPen(QPen(Theme::of().palette().accent, 2));
        painter.drawRect(QRectF(m_cursor->x() - 4, m_cursor->y() - rowHeight() / 2, 8, rowHeight()));
    }
}

HeatMap::Raster HeatMap::raster(const TimeFrame& frame) const
{
    Raster raster;
    raster.width = std::max(1, static_cast<int>(frame.area.width()));
    raster.rows = static_cast<int>(m_rows.high - m_rows.low);
    raster.rates.resize(static_cast<std::size_t>(raster.width * raster.rows));
    raster.covered.resize(static_cast<std::size_t>(raster.width));
    for (const metrics::HeatColumnPtr& column : m_columns) {
        const double left = frame.x(static_cast<double>(core::epochMillis(column->from))) - frame.area.left();
        const double right = frame.x(static_cast<double>(core::epochMillis(column->to))) - frame.area.left();
        if (right <= 0 || left >= raster.width) {
            continue;
        }
        const auto seconds =
            static_cast<float>(std::chrono::duration<double>(column->to - column->from).count());
        const int first = std::max(0, static_cast<int>(std::floor(left + 0.5)));
        const int last =
            std::min(raster.width, std::max(first + 1, static_cast<int>(std::floor(right + 0.5))));
        const auto counts = std::span(countsOf(*column)).subspan(m_rows.low);
        for (int x = first; x < last; ++x) {
            raster.covered[static_cast<std::size_t>(x)] += seconds;
            for (int row = 0; row < raster.rows; ++row) {
                raster.rate(x, row) += static_cast<float>(counts[static_cast<std::size_t>(row)]);
            }
        }
    }
    for (int x = 0; x < raster.width; ++x) {
        const float seconds = raster.covered[static_cast<std::size_t>(x)];
        for (int row = 0; row < raster.rows; ++row) {
            raster.rate(x, row) /= seconds > 0 ? seconds : 1;
            raster.most = std::max(raster.most, raster.rate(x, row));
        }
    }
    return raster;
}

// One pixel a column and row, then stretched: the picture costs the same however much was observed.
void HeatMap::paintCells(QPainter& painter, const TimeFrame& frame)
{
    Raster cells = raster(frame);
    m_most = static_cast<double>(cells.most);
    std::array<QRgb, 65> scale{};
    for (std::size_t i = 0; i < scale.size(); ++i) {
        scale[i] = colorOf(static_cast<double>(i) / 64).rgb();
    }
    const QRgb nothing = Theme::blend(Theme::of().palette().raised, Theme::of().palette().card, 0.5).rgb();
    QImage image(cells.width, cells.rows, QImage::Format_RGB32);
    for (int row = 0; row < cells.rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(cells.rows - 1 - row));
        for (int x = 0; x < cells.width; ++x) {
            const float rate = cells.rate(x, row);
            // Few among many must be seen: logarithmic from a thousandth of the most.
            const float share = rate > 0 ? 1 + std::log10(std::max(rate / cells.most, 1e-3F)) / 3 : 0;
            line[x] =
                rate > 0 ? scale[static_cast<std::size_t>(std::clamp(share, 0.0F, 1.0F) * 64)] : nothing;
        }
    }
    painter.drawImage(QRectF(frame.area.left(), frame.area.top(), cells.width, frame.area.height()), image);
    for (int x = 0; x < cells.width; ++x) { // what is not known is hatched, not empty
        const int from = x;
        while (x < cells.width && cells.covered[static_cast<std::size_t>(x)] <= 0) {
            ++x;
        }
        const QRectF band(frame.area.left() + from, frame.area.top(), x - from, frame.area.height());
        painter.fillRect(band, Theme::of().palette().card);
        paintUnknown(painter, band);
    }
}

void HeatMap::paintValueAxis(QPainter& painter, const TimeFrame& frame) const
{
    const Palette& palette = Theme::of().palette();
    painter.setFont(smallFont());
    const double lowest = HeatLayout::lowest(m_rows.low);
    const double highest = HeatLayout::lowest(m_rows.high);
    double last = 1e9;
    for (double decade = 1e-7; decade <= highest; decade *= 10) {
        if (decade < lowest) {
            continue;
        }
        const double y = yOf(decade);
        painter.setPen(QPen(palette.grid, 1));
        painter.drawLine(QPointF(frame.area.left() - 3, y), QPointF(frame.area.left(), y));
        if (last - y > 13) {
            painter.setPen(palette.muted);
            painter.drawText(
                QRectF(0, y - 7, plot::kLeft - 6, 14), Qt::AlignRight | Qt::AlignVCenter,
                models::valueText(decade, core::Unit::Seconds).replace(QStringLiteral(".00"), QString()));
            last = y;
        }
    }
}

void HeatMap::paintLegend(QPainter& painter, const TimeFrame& frame) const
{
    painter.setFont(smallFont());
    painter.setPen(Theme::of().palette().muted);
    const QString most = models::valueText(m_most, core::Unit::PerSecond);
    const double text = painter.fontMetrics().horizontalAdvance(most) + 4.0;
    const QRectF bar(frame.area.right() - text - kLegendWidth, 4, kLegendWidth, 7);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    for (const double stop : {0.0, 0.3, 0.6, 0.8, 1.0}) {
        gradient.setColorAt(stop, colorOf(stop));
    }
    painter.drawText(QRectF(bar.right() + 4, 0, text, 14), Qt::AlignLeft | Qt::AlignVCenter, most);
    const QString least = models::valueText(m_most / 1000, core::Unit::PerSecond);
    painter.drawText(QRectF(0, 0, bar.left() - 4, 14), Qt::AlignRight | Qt::AlignVCenter, least);
    painter.fillRect(bar, gradient);
}

QString HeatMap::textAt(const QPoint& at) const
{
    const TimeFrame time = frame();
    const auto row = rowAt(at.y());
    const metrics::HeatColumn* column = time.area.contains(at) ? columnAt(time.timeAt(at.x())) : nullptr;
    if (!row || column == nullptr) {
        return {};
    }
    const auto whole = [](const Counts& counts) {
        std::uint64_t sum = 0;
        for (const std::uint32_t count : counts) {
            sum += count;
        }
        return sum;
    }(countsOf(*column));
    return tr("%1 … %2\n%3: %4 of %5")
        .arg(models::Zone::of().clock(column->from), models::Zone::of().clock(column->to),
             spanOf(HeatLayout::lowest(*row), HeatLayout::lowest(*row + 1)),
             QLocale().toString(static_cast<qulonglong>(countsOf(*column)[*row])),
             QLocale().toString(static_cast<qulonglong>(whole)));
}

void HeatMap::choose(const QPointF& at)
{
    const TimeFrame time = frame();
    const auto row = rowAt(at.y());
    if (row && time.area.contains(at)) {
        // The first and the last row stand for everything below and above, too.
        Q_EMIT cellChosen(*row == 0 ? -1.0 : HeatLayout::lowest(*row),
                          *row + 1 == HeatLayout::kRows ? 1e9 : HeatLayout::lowest(*row + 1),
                          time.timeAt(at.x()));
    }
}

bool HeatMap::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) {
        return QWidget::event(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(),
                       textAt(help->pos()).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")),
                       this);
    return true;
}

void HeatMap::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        choose(event->position());
    }
}

void HeatMap::keyPressEvent(QKeyEvent* event)
{
    const QRectF area = frame().area;
    if (m_rows.high <= m_rows.low) {
        QWidget::keyPressEvent(event);
        return;
    }
    QPointF cursor = m_cursor.value_or(area.center());
    switch (event->key()) {
    case Qt::Key_Left:
        cursor.rx() -= 8;
        break;
    case Qt::Key_Right:
        cursor.rx() += 8;
        break;
    case Qt::Key_Up:
        cursor.ry() -= rowHeight();
        break;
    case Qt::Key_Down:
        cursor.ry() += rowHeight();
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        choose(cursor);
        return;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    m_cursor = QPointF(std::clamp(cursor.x(), area.left(), area.right() - 1),
                       std::clamp(cursor.y(), area.top() + 1, area.bottom() - 1));
    setAccessibleDescription(textAt(m_cursor->toPoint()));
    update();
}

} // namespace widgets

#include "widgets/charts/plot_view.h"

#include "models/zone.h"
#include "widgets/charts/plot_margins.h"
#include "widgets/charts/plot_marks.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

using plot::kBottom;
using plot::kLeft;
using plot::kRight;
using plot::kTop;
constexpr int kCompactSide = 2;

QValueAxis* makeAxis(QChart& chart, Qt::Alignment side)
{
    auto* axis = new QValueAxis(&chart);
    axis->setLabelsVisible(false); // painted by paintLabels(): units, wall-clock times
    axis->setLineVisible(false);
    axis->setRange(0, 1);
    chart.addAxis(axis, side);
    return axis;
}

} // namespace

PlotView::PlotView(const PlotModel& model, QWidget* parent)
    : QChartView(parent)
    , m_model(model)
{
    QChart* const chart = this->chart(); // the view's own: setChart() would leave that one to us
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->setBackgroundVisible(false);
    chart->setMargins({});
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->legend()->hide();
    // A series of its own without points: axes without one have no domain to map by.
    auto* domain = new QLineSeries(chart);
    chart->addSeries(domain);
    m_times = makeAxis(*chart, Qt::AlignBottom);
    m_values = makeAxis(*chart, Qt::AlignLeft);
    m_times->setGridLineVisible(false);
    m_values->setTickAnchor(0);
    m_values->setTickInterval(0.25);
    m_values->setTickType(QValueAxis::TicksDynamic);
    domain->attachAxis(m_times);
    domain->attachAxis(m_values);
    setFrameShape(QFrame::NoFrame);
    setBackgroundBrush(Qt::NoBrush);
    setStyleSheet(QStringLiteral("background: transparent"));
    viewport()->setAutoFillBackground(false);
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setFocusPolicy(Qt::NoFocus);
    setContextMenuPolicy(Qt::NoContextMenu);
    styleAxes();
    connect(&Theme::of(), &Theme::changed, this, &PlotView::styleAxes);
    connect(&models::Zone::of(), &models::Zone::changed, this, &PlotView::refresh);
}

void PlotView::styleAxes()
{
    QPen grid(Theme::of().palette().grid, 1);
    grid.setCosmetic(true);
    m_values->setGridLinePen(grid);
    viewport()->update();
}

void PlotView::refresh()
{
    if (!isVisible()) {
        m_stale = true;
        return;
    }
    m_stale = false;
    placePlot();
    scaleTimes();
    scaleValues();
    cutLines();
    viewport()->update();
}

void PlotView::repaintCursor()
{
    if (isVisible()) {
        viewport()->update();
    }
}

void PlotView::placePlot()
{
    const bool full = m_model.spec.density == Density::Full;
    const QRectF area =
        QRectF(viewport()->rect())
            .adjusted(full ? kLeft : kCompactSide, kTop, full ? -kRight : -kCompactSide, -kBottom);
    if (area != m_frame.area && area.width() > 1 && area.height() > 1) {
        m_frame.area = area;
        chart()->setPlotArea(area);
        chart()->layout()->setGeometry(area); // a fixed plot area alone does not move the grid of later sizes
    }
}

void PlotView::scaleTimes()
{
    // The right edge lies on a whole column, so that a sample stays in the same column while the plot moves
    // on.
    const double perColumn = static_cast<double>(m_model.length) / std::max(1.0, m_frame.area.width());
    m_frame.end =
        static_cast<std::int64_t>(std::ceil(static_cast<double>(m_model.end) / perColumn) * perColumn);
    m_frame.start = m_frame.end - m_model.length;
    m_scales.times =
        timeTicks(m_frame.start, m_frame.end, std::max(2, static_cast<int>(m_frame.area.width() / 95)),
                  models::Zone::of().zone());
}

double PlotView::highest() const
{
    double highest = 0;
    const auto look = [&](const std::vector<SampleBuffer>& buffers) {
        for (const SampleBuffer& buffer : buffers) {
            for (const metrics::Point& sample : buffer.within(m_model.start(), m_model.end)) {
                highest = sample.value > highest ? sample.value : highest; // NaN is not
            }
        }
    };
    look(m_model.data);
    look(m_model.shadow);
    // A threshold in reach is worth seeing.
    for (const Threshold& threshold : m_model.thresholds) {
        if (threshold.value > highest && threshold.value < highest * 1.6) {
            highest = threshold.value * 1.08;
        }
    }
    return highest;
}

void PlotView::scaleValues()
{
    const int ticks = std::clamp(static_cast<int>(m_frame.area.height() / 34), 2, 6);
    const core::Unit unit = m_model.spec.unit;
    ValueScale scale;
    if (m_model.spec.top && *m_model.spec.top > 0) {
        scale = valueScale(*m_model.spec.top, unit, ticks);
        scale.top = *m_model.spec.top;
    } else {
        scale = valueScale(highest(), unit, ticks);
        // Hysteresis: what was seen within the range keeps the scale; it shrinks when less than half is
        // needed.
        if (scale.top < m_scales.values.top && scale.top > m_scales.values.top * 0.5) {
            scale = m_scales.values;
        }
    }
    m_frame.top = scale.top;
    // The axis stays at 0..1 and only its tick interval moves: were the range to change first, Qt Charts
    // would make a grid line for each old interval in the new range, which may be millions.
    if (const double interval = scale.step / scale.top; interval != m_values->tickInterval()) {
        m_values->setTickInterval(interval);
        // Qt Charts would move the lines on a later event, while the labels stand already.
        chart()->layout()->setGeometry(m_frame.area);
    }
    m_scales.values = scale;
}

void PlotView::cutLines()
{
    const Columns columns{m_frame.start,
                          static_cast<double>(m_model.length) / std::max(1.0, m_frame.area.width())};
    m_lines.resize(m_model.data.size());
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        m_lines[i] = decimate(m_model.data[i].within(m_frame.start, m_frame.end), columns);
    }
    m_shadows.resize(m_model.shadow.size());
    for (std::size_t i = 0; i < m_shadows.size(); ++i) {
        m_shadows[i] = decimate(m_model.shadow[i].within(m_frame.start, m_frame.end), columns);
    }
}

void PlotView::drawForeground(QPainter* painter, const QRectF& rect)
{
    Q_UNUSED(rect)
    ++m_paints;
    const bool empty = m_model.end == 0 || std::all_of(m_model.data.begin(), m_model.data.end(),
                                                       [](const SampleBuffer& b) { return b.empty(); });
    if (empty) {
        paintEmpty(*painter, m_model, m_frame);
        paintSources(*painter, m_model, m_frame);
        return;
    }
    painter->save();
    painter->setClipRect(m_frame.area.adjusted(0, -2, 1, 2));
    paintThresholds(*painter, m_model, m_frame);
    paintGaps(*painter, m_model, m_frame);
    for (std::size_t i = 0; i < m_shadows.size(); ++i) {
        paintShadow(*painter, m_model.spec.series[i], m_shadows[i], m_frame);
    }
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        paintLine(*painter, m_model.spec.series[i], m_lines[i], m_frame);
    }
    painter->setClipRect(viewport()->rect());
    paintThresholdTexts(*painter, m_model, m_frame);
    paintSources(*painter, m_model, m_frame);
    paintMarks(*painter, m_model, m_frame);
    paintBand(*painter);
    paintMoving(*painter);
    paintCrosshair(*painter, m_model, m_frame);
    painter->restore();
    paintLabels(*painter, m_model, m_frame, m_scales);
    if (m_underMouse || m_keyed) {
        paintTooltip(*painter, m_model, m_frame);
    } else {
        paintCursorValues(*painter, m_model, m_frame);
    }
}

void PlotView::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    refresh();
}

void PlotView::showEvent(QShowEvent* event)
{
    QChartView::showEvent(event);
    if (m_stale) {
        refresh();
    }
}

} // namespace widgets

// A time chart's drawing surface: Qt Charts for plot area, axes and grid, our own painting for what is
// measured (a third of the cost of QLineSeries, and spikes, gaps and bands as the design wants them).
#pragma once

#include "widgets/charts/plot_paint.h"

#include <QChartView>

#include <vector>

class QValueAxis;

namespace widgets {

// Main thread only. The model outlives the view; after a change of it call refresh().
class PlotView final : public QChartView {
    Q_OBJECT
public:
    explicit PlotView(const PlotModel& model, QWidget* parent = nullptr);

    // Computes scales and lines anew and repaints; while hidden it only remembers to do so when shown.
    void refresh();
    // Repaints without computing: the crosshair moved.
    void repaintCursor();

    [[nodiscard]] const PlotFrame& frame() const noexcept { return m_frame; }
    [[nodiscard]] const std::vector<ColumnPoint>& line(std::size_t series) const
    {
        return m_lines.at(series);
    }
    [[nodiscard]] std::size_t lineCount() const noexcept { return m_lines.size(); }
    [[nodiscard]] int paintCount() const noexcept { return m_paints; }

Q_SIGNALS:
    void hovered(qint64 at);
    void left();

protected:
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void placePlot();
    void scaleValues();
    void scaleTimes();
    void cutLines();
    void styleAxes();
    [[nodiscard]] double highest() const;

    const PlotModel& m_model;
    PlotFrame m_frame;
    PlotScales m_scales;
    std::vector<std::vector<ColumnPoint>> m_lines;
    // Both run from 0 to 1, share of the plot: nothing is laid out anew when time or scale move on.
    QValueAxis* m_times = nullptr;
    QValueAxis* m_values = nullptr;
    int m_paints = 0;
    bool m_stale = true;
    bool m_underMouse = false;
};

} // namespace widgets

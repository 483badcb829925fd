// A time chart's drawing surface: Qt Charts for plot area, axes and grid, our own painting for what is
// measured (a third of the cost of QLineSeries, and spikes, gaps and bands as the design wants them).
#pragma once

#include "widgets/charts/plot_paint.h"

#include <QChartView>

#include <optional>
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
    [[nodiscard]] const std::vector<ColumnPoint>& shadow(std::size_t series) const { return m_shadows.at(series); }
    [[nodiscard]] std::size_t lineCount() const noexcept { return m_lines.size(); }
    [[nodiscard]] int paintCount() const noexcept { return m_paints; }

    // The box of values beside the crosshair, while keys move it.
    void showValues();
    void hideValues();

    // The band that was drawn with the mouse stays until it is cleared.
    void clearBand();

    // A threshold on its way to another value, by mouse or by keys (plot_view_levels.cpp). Nothing has changed until
    // it is dropped.
    [[nodiscard]] std::vector<Threshold> movable() const; // those in sight
    void pickUp(const Threshold& threshold);
    void moveBy(int steps); // steps of about a pixel, on round numbers
    void drop();
    void putBack();
    [[nodiscard]] bool moves() const noexcept { return m_moving.has_value(); }

Q_SIGNALS:
    void hovered(qint64 at);
    void left();
    // factor < 1: closer.
    void zoomed(qint64 at, double factor);
    // By this share of the plot, negative into the past.
    void panned(double share);
    void selected(qint64 from, qint64 to, QPoint globalPos);
    void thresholdMoved(const widgets::Threshold& threshold, double value);

protected:
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void placePlot();
    void scaleValues();
    void scaleTimes();
    void cutLines();
    void styleAxes();
    [[nodiscard]] double highest() const;
    [[nodiscard]] qint64 timeWithin(double px) const;
    void paintBand(QPainter& painter) const;
    [[nodiscard]] const Threshold* thresholdAt(const QPointF& at) const;
    [[nodiscard]] double valueStep() const;
    [[nodiscard]] double rounded(double value) const;
    bool dragThreshold(const QPointF& at); // false: there is none to drag
    void showCursor(const QPointF& at);
    void paintMoving(QPainter& painter) const;

    const PlotModel& m_model;
    PlotFrame m_frame;
    PlotScales m_scales;
    std::vector<std::vector<ColumnPoint>> m_lines;
    std::vector<std::vector<ColumnPoint>> m_shadows; // of another day
    // Both run from 0 to 1, share of the plot: nothing is laid out anew when time or scale move on.
    QValueAxis* m_times = nullptr;
    QValueAxis* m_values = nullptr;
    int m_paints = 0;
    bool m_stale = true;
    bool m_underMouse = false;
    bool m_keyed = false;

    struct Drag {
        qint64 from = 0; // ms since the epoch, where it began
        qint64 to = 0;
        double lastX = 0;
        bool pans = false;
        bool done = false;
    };
    std::optional<Drag> m_drag;
    struct Moving {
        Threshold threshold; // as it was
        double value = 0;    // where it is
        bool byMouse = false;
    };
    std::optional<Moving> m_moving;
};

} // namespace widgets

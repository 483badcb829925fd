// A heat map over time: how many observations were how long, moment by moment. Logarithmic upwards, one
// colour scale a theme, the same time axis as the other charts.
#pragma once

#include "monitor/metrics/pool_trace.h"
#include "widgets/charts/time_axis.h"

#include <QWidget>

#include <array>
#include <optional>
#include <vector>

class QPainter;

namespace widgets {

// Main thread only.
class HeatMap final : public QWidget {
    Q_OBJECT
public:
    HeatMap(metrics::Stage stage, int color, QWidget* parent = nullptr);
    // Oldest first; all that are to be seen.
    void setColumns(std::vector<metrics::HeatColumnPtr> columns);
    // Both in ms; `end` since the epoch.
    void setWindow(std::int64_t end, std::int64_t length);
    void setEmptyText(const QString& text);

    // What lies at a point: span of time, span of values, how many; empty where nothing is known.
    [[nodiscard]] QString textAt(const QPoint& at) const;
    // The middle of the cell of a value in seconds at a moment.
    [[nodiscard]] QPointF pointOf(std::int64_t at, double seconds) const;
    [[nodiscard]] int paintCount() const noexcept { return m_paints; }
    [[nodiscard]] QSize sizeHint() const override { return {320, 180}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {220, 140}; }

Q_SIGNALS:
    // The values of the cell, in seconds: above `from`, up to `to`.
    void cellChosen(double from, double to, qint64 at);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    using Counts = std::array<std::uint32_t, metrics::HeatLayout::kRows>;
    // The rows that are shown: [low, high).
    struct Rows {
        std::size_t low = 0;
        std::size_t high = 0;
    };
    // What each pixel of the plot's width shows.
    struct Raster {
        int width = 0;
        int rows = 0;
        std::vector<float> rates;   // a second, by column and row
        std::vector<float> covered; // s of observation, by column; 0 = not known
        float most = 0;
        [[nodiscard]] float& rate(int x, int row) { return rates[static_cast<std::size_t>(x * rows + row)]; }
    };
    [[nodiscard]] TimeFrame frame() const;
    [[nodiscard]] Raster raster(const TimeFrame& frame) const;
    [[nodiscard]] double rowHeight() const
    {
        return frame().area.height() / static_cast<double>(m_rows.high - m_rows.low);
    }
    [[nodiscard]] double yOf(double seconds) const;
    // The cell at a point, as row and column; nothing outside the plot.
    [[nodiscard]] std::optional<std::size_t> rowAt(double y) const;
    [[nodiscard]] const metrics::HeatColumn* columnAt(std::int64_t at) const;
    [[nodiscard]] const Counts& countsOf(const metrics::HeatColumn& column) const
    {
        return column.counts[static_cast<std::size_t>(m_stage)];
    }
    void chooseRows();
    void choose(const QPointF& at);
    void paintCells(QPainter& painter, const TimeFrame& frame);
    void paintValueAxis(QPainter& painter, const TimeFrame& frame) const;
    void paintLegend(QPainter& painter, const TimeFrame& frame) const;
    // Of a share 0 … 1 of the scale.
    [[nodiscard]] QColor colorOf(double share) const;

    const metrics::Stage m_stage;
    const int m_color;
    std::vector<metrics::HeatColumnPtr> m_columns;
    std::int64_t m_end = 0;
    std::int64_t m_length = 300'000;
    Rows m_rows;
    double m_most = 0; // a second, in the fullest cell shown
    QString m_emptyText;
    std::optional<QPointF> m_cursor; // moved by the keyboard
    int m_paints = 0;
};

} // namespace widgets

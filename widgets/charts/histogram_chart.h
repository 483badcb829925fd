// A histogram of a latency: one bar a bucket, percentiles as lines. Painted by hand: 0.1 ms, where QBarSeries
// takes 1.
#pragma once

#include "monitor/metrics/snapshot.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace widgets {

struct HistogramBars {
    std::vector<double> bounds;        // upper bounds in seconds, ascending, without +Inf
    std::vector<std::uint64_t> counts; // one more than bounds
    metrics::LatencyView percentiles;  // NaN = not known
    [[nodiscard]] std::uint64_t total() const noexcept;
    // What is drawn: NaN equals nothing, so that an unknown percentile is drawn again.
    friend bool operator==(const HistogramBars& a, const HistogramBars& b)
    {
        return a.counts == b.counts && a.bounds == b.bounds && a.percentiles.p50 == b.percentiles.p50 &&
               a.percentiles.p95 == b.percentiles.p95 && a.percentiles.p99 == b.percentiles.p99 &&
               a.percentiles.max == b.percentiles.max;
    }
};

// Main thread only. Repaints only when what it shows changes.
class HistogramChart final : public QWidget {
    Q_OBJECT
public:
    // `color`: index of Theme::seriesColor.
    explicit HistogramChart(int color, QWidget* parent = nullptr);
    void show(HistogramBars bars);
    using QWidget::show;
    void setEmptyText(const QString& text);
    // Where the counts are from and how fine, beside the bars as far as there is room.
    void setSource(const QString& text);
    [[nodiscard]] const QString& source() const noexcept { return m_source; }

    // Where a value lies, in pixels: buckets are equally wide, linear inside; beyond the last bound at its
    // right end.
    [[nodiscard]] double xOf(double seconds) const;
    [[nodiscard]] QRectF barRect(std::size_t bucket) const;
    [[nodiscard]] int paintCount() const noexcept { return m_paints; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    // By a click or by the keyboard (left, right, Enter).
    void bucketChosen(int bucket);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] double legendHeight() const; // px: two lines where there is room
    [[nodiscard]] std::optional<std::size_t> bucketAt(double x) const;
    [[nodiscard]] QString bucketTip(std::size_t bucket) const;
    [[nodiscard]] QString bucketText(std::size_t bucket) const;
    void paintBars(QPainter& painter) const;
    void paintPercentiles(QPainter& painter) const;
    void paintLabels(QPainter& painter) const;
    void paintSource(QPainter& painter) const;

    int m_color;
    HistogramBars m_bars;
    QString m_emptyText;
    QString m_source;
    std::optional<std::size_t> m_cursor; // moved by the keyboard
    int m_paints = 0;
};

} // namespace widgets

// Life-lines: one lane a place of the pool over time, coloured by what it was doing, marked where something
// happened. Paints the lanes in sight only: a thousand scroll as smoothly as ten.
#pragma once

#include "monitor/metrics/pool_trace.h"
#include "widgets/charts/time_axis.h"

#include <QAbstractScrollArea>
#include <QPoint>

#include <deque>
#include <optional>
#include <vector>

class QPainter;

namespace widgets {

// Main thread only.
class LaneView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    static constexpr int kLane = 18; // px from lane to lane

    explicit LaneView(QWidget* parent = nullptr);
    // Oldest first; all that are to be seen.
    void setColumns(std::vector<metrics::LaneColumnPtr> columns);
    // Further marks, oldest first; at most 10,000 are kept.
    void addMarks(const std::vector<metrics::PoolEventRow>& marks);
    [[nodiscard]] std::uint64_t lastMark() const noexcept
    {
        return m_marks.empty() ? 0 : m_marks.back().number;
    }
    // Both in ms; `end` since the epoch.
    void setWindow(std::int64_t end, std::int64_t length);
    void setEmptyText(const QString& text);

    [[nodiscard]] int laneCount() const noexcept { return m_lanes; }
    // What is known of this point of the viewport: place, state, since when, by whom; empty outside the
    // lanes.
    [[nodiscard]] QString textAt(const QPoint& at) const;
    // The middle of a lane at a moment, in the viewport's pixels.
    [[nodiscard]] QPoint pointOf(int lane, std::int64_t at) const;
    [[nodiscard]] int paintCount() const noexcept { return m_paints; }

Q_SIGNALS:
    void slotClicked(int slot);

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    // The columns that a pixel of the plot shows: [first, last).
    struct Pixel {
        std::size_t first = 0;
        std::size_t last = 0;
    };
    [[nodiscard]] TimeFrame frame() const;
    [[nodiscard]] std::vector<Pixel> pixels(const TimeFrame& frame) const;
    [[nodiscard]] std::optional<std::size_t> columnAt(std::int64_t at) const;
    [[nodiscard]] int laneAt(int y) const;
    [[nodiscard]] int firstLane() const;
    [[nodiscard]] QString sinceText(std::size_t column, int lane) const;
    [[nodiscard]] QString marksNear(std::int64_t from, std::int64_t to, int lane) const;
    void paintLanes(QPainter& painter, const TimeFrame& frame) const;
    void paintGaps(QPainter& painter, const TimeFrame& frame, const std::vector<Pixel>& pixels) const;
    void paintMarks(QPainter& painter, const TimeFrame& frame) const;
    void paintNames(QPainter& painter) const;
    void fitScrollBar();

    std::vector<metrics::LaneColumnPtr> m_columns;
    std::deque<metrics::PoolEventRow> m_marks;
    std::int64_t m_end = 0;
    std::int64_t m_length = 300'000;
    int m_lanes = 0;
    QString m_emptyText;
    std::optional<QPoint> m_mouse;
    int m_paints = 0;
};

// When the span that a column stands for began, ms since the epoch.
[[nodiscard]] std::int64_t laneStart(const metrics::LaneColumn& column);
// The signs of the lanes, for a legend: colour and word by state.
[[nodiscard]] QColor laneColor(metrics::SlotState state);
// Idle whenever it was looked at, but lent out in between.
[[nodiscard]] QColor usedIdleColor();

} // namespace widgets

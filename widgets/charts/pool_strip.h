// The pool at a glance: one cell a place, colour and sign by state, base | overflow, and the callers that
// queue up at its right. Works from 1 to 1000 places: cells shrink, then wrap into rows.
#pragma once

#include "monitor/metrics/pool_rows.h"

#include <QWidget>

namespace widgets {

// Main thread only.
class PoolStrip final : public QWidget {
    Q_OBJECT
public:
    explicit PoolStrip(QWidget* parent = nullptr);
    void show(const metrics::PoolView& pool);
    using QWidget::show;

    // In the strip's coordinates; empty when there is no such place.
    [[nodiscard]] QRectF cellRect(int slot) const;
    // -1 when no place lies there.
    [[nodiscard]] int slotAt(const QPoint& at) const;
    [[nodiscard]] QString slotText(int slot) const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

Q_SIGNALS:
    void slotClicked(int slot);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    struct Grid {
        double cell = 27;  // edge of a cell, px
        double pitch = 31; // from cell to cell
        int columns = 1;
        int rows = 1;
        bool divided = false; // base and overflow lie in one row with a gap between
    };
    [[nodiscard]] Grid gridFor(int width) const;
    [[nodiscard]] QRectF dotRect(int waiter) const;
    [[nodiscard]] double queueLeft() const;
    void paintCell(QPainter& painter, const metrics::SlotRow& slot) const;
    void paintCaptions(QPainter& painter) const;
    void paintLegend(QPainter& painter) const;
    void paintQueue(QPainter& painter) const;
    [[nodiscard]] QString waiterText(int waiter) const;

    metrics::PoolView m_pool;
    Grid m_grid;
};

} // namespace widgets

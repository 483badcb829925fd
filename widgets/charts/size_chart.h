// Waits against the number of places: a curve a percentile, timeouts as bars, today's size and the server's
// room as marks. Painted by hand.
#pragma once

#include "monitor/metrics/pool_advice.h"

#include <QWidget>

#include <optional>

namespace widgets {

// Main thread only.
class SizeChart final : public QWidget {
    Q_OBJECT
public:
    explicit SizeChart(QWidget* parent = nullptr);
    // What it draws; nullptr or advice without forecasts shows the empty text.
    void show(metrics::PoolAdvicePtr advice);
    using QWidget::show;
    void setEmptyText(const QString& text);

    // For tests: where a size and a wait lie, in pixels. Waits are on a logarithmic scale from 1 ms; shorter
    // ones lie on its lower edge.
    [[nodiscard]] double xOf(int places) const;
    [[nodiscard]] double yOf(core::Nanos wait) const;
    // What the tooltip says about the size at this pixel; empty outside.
    [[nodiscard]] QString textAt(const QPointF& at) const;
    // One row a size: places, wait_p50_seconds … timeouts, opened.
    [[nodiscard]] QByteArray csv() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

public Q_SLOTS:
    void copyCsv();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    [[nodiscard]] bool empty() const;
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] int most() const; // the largest size on the axis
    [[nodiscard]] double decades() const;
    [[nodiscard]] const metrics::SizeForecast* forecastAt(const QPointF& at) const;
    [[nodiscard]] QString textOf(const metrics::SizeForecast& forecast) const;
    void choose(int places);
    void paintAxes(QPainter& painter) const;
    void paintTimeouts(QPainter& painter) const;
    void paintCurves(QPainter& painter) const;
    void paintRoom(QPainter& painter) const;
    void paintMark(QPainter& painter, int places, const QString& text, const QColor& color, int row) const;
    void paintMarks(QPainter& painter) const;
    void paintLegend(QPainter& painter) const;

    metrics::PoolAdvicePtr m_advice;
    QString m_emptyText;
    std::optional<int> m_chosen; // size under the pointer, or chosen by key
};

} // namespace widgets

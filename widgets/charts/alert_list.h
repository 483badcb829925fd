// The alerts that matter now, worst first: shape, name, value against threshold, since when or when it fires,
// and what can be said of it at once.
#pragma once

#include "monitor/metrics/alert_rows.h"

#include <QWidget>

#include <vector>

namespace widgets {

// Main thread only. Shows as many as fit and says how many more there are.
class AlertList final : public QWidget {
    Q_OBJECT
public:
    explicit AlertList(QWidget* parent = nullptr);
    // Pending and firing ones; inhibited ones come last.
    void show(const std::vector<metrics::AlertRow>& alerts);
    using QWidget::show;
    [[nodiscard]] QSize sizeHint() const override { return {260, 150}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 100}; }

Q_SIGNALS:
    void alertClicked(const QString& name);
    void acknowledgeWanted(const metrics::AlertRow& alert);
    void snoozeWanted(const metrics::AlertRow& alert, QPoint at); // global coordinates

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Rows {
        int count;
        int height; // px
    };
    enum class Part { None, Row, Acknowledge, Snooze };
    // What is under `at`, and in which row.
    struct Hit {
        Part part = Part::None;
        int row = -1;
    };
    // The words at the right end of a row's second line; empty boxes where there is nothing to be said.
    struct Links {
        QRectF acknowledge;
        QRectF snooze;
    };
    [[nodiscard]] Rows rows() const;
    [[nodiscard]] QRectF rowRect(int row) const;
    [[nodiscard]] Hit hit(QPointF at) const;
    [[nodiscard]] Links links(const QRectF& box, const metrics::AlertRow& alert) const;
    void paintLinks(QPainter& painter, const Links& links) const;
    void paintRow(QPainter& painter, const QRectF& box, const metrics::AlertRow& alert) const;

    std::vector<metrics::AlertRow> m_alerts;
    bool m_known = false; // rules were evaluated at least once
};

} // namespace widgets

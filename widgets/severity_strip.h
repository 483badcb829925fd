// The state of the recent past as one thin band: which colours, how long, how long ago. Right edge is now.
#pragma once

#include "widgets/theme.h"

#include <QWidget>

#include <chrono>
#include <deque>

namespace widgets {

class SeverityStrip final : public QWidget {
    Q_OBJECT
public:
    explicit SeverityStrip(QWidget* parent = nullptr);
    // One tick; `at` in ms since the epoch, ascending. A hole of more than 2.5 intervals is drawn as no data.
    void append(qint64 at, StatusLevel level, std::chrono::milliseconds interval);
    // Nothing was seen.
    void clear();
    void setSpan(std::chrono::milliseconds span);
    // The right edge stands still there; 0 lets it follow the newest tick.
    void setFixedEnd(qint64 end);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    struct Run {
        qint64 from;
        qint64 to;
        StatusLevel level;
    };
    [[nodiscard]] qint64 end() const;
    [[nodiscard]] QRectF band() const;
    [[nodiscard]] QString textAt(int x) const;

    std::deque<Run> m_runs; // ascending, neighbours differ; at most an hour
    std::chrono::milliseconds m_span = std::chrono::minutes(5);
    qint64 m_fixedEnd = 0;
};

} // namespace widgets

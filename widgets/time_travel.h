// Where in time the window looks: live, paused, or back in the past, with a way back and forth.
#pragma once

#include "widgets/panels/panel.h"

#include <QElapsedTimer>
#include <QObject>

#include <vector>

namespace widgets {

// The shortest and the longest range that can be shown.
inline constexpr std::chrono::milliseconds kShortestRange = std::chrono::seconds(10);
inline constexpr std::chrono::milliseconds kLongestRange = std::chrono::hours(24 * 730);

// Main thread only. Times are ms since the epoch. Nothing lies in the future: an edge beyond the newest sample is now.
class TimeTravel final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] const TimeRange& range() const noexcept { return m_range; }
    // The newest sample; a live range ends there.
    void setNow(qint64 now) { m_now = now; }
    [[nodiscard]] qint64 end() const noexcept { return m_range.paused ? m_range.pausedAt : m_now; }
    [[nodiscard]] qint64 start() const noexcept { return end() - m_range.length.count(); }

    // A remembered or chosen length; the right edge stays where it is.
    void setLength(std::chrono::milliseconds length);
    // Stops the right edge where it is; collecting goes on.
    void pause();
    void live();
    // factor < 1 shows less, around `at`. At the right edge of a live range it stays live.
    void zoom(qint64 at, double factor);
    // By this share of the range, negative into the past. Reaching now is going live.
    void pan(double share);
    void select(qint64 from, qint64 to);
    // Lays the same time of another day under it; the same again takes it away.
    void toggleCompare(Comparison compare);
    // Undoes and redoes the last changes, 50 at most.
    void back();
    void forward();
    [[nodiscard]] bool canBack() const noexcept { return !m_behind.empty(); }
    [[nodiscard]] bool canForward() const noexcept { return !m_ahead.empty(); }
    // How long changes of the same kind are one: a burst of the wheel is undone at once.
    void setBurst(std::chrono::milliseconds burst) { m_burst = burst; }

Q_SIGNALS:
    void changed();

private:
    enum class Kind { Length, Pause, Zoom, Pan, Select, Compare };
    void become(const TimeRange& range, Kind kind);
    [[nodiscard]] TimeRange past(qint64 from, qint64 to) const;

    TimeRange m_range;
    qint64 m_now = 0;
    std::vector<TimeRange> m_behind;
    std::vector<TimeRange> m_ahead;
    std::chrono::milliseconds m_burst = std::chrono::milliseconds(800);
    QElapsedTimer m_since; // since the last change
    Kind m_kind = Kind::Length;
};

} // namespace widgets

#include "widgets/time_travel.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace widgets {

namespace {

constexpr std::size_t kRemembered = 50;
// A right edge this near to now, in shares of the range, is meant to be now.
constexpr double kNearNow = 0.02;

} // namespace

void TimeTravel::setLength(std::chrono::milliseconds length)
{
    TimeRange range = m_range;
    range.length = std::clamp(length, kShortestRange, kLongestRange);
    become(range, Kind::Length);
}

void TimeTravel::pause()
{
    if (!m_range.paused) {
        TimeRange range = m_range;
        range.paused = true;
        range.pausedAt = m_now;
        become(range, Kind::Pause);
    }
}

void TimeTravel::live()
{
    TimeRange range = m_range;
    range.paused = range.travelled = false;
    range.pausedAt = 0;
    become(range, Kind::Pause);
}

void TimeTravel::zoom(qint64 at, double factor)
{
    if (m_now == 0 || !std::isfinite(factor) || factor <= 0) {
        return;
    }
    const auto length = static_cast<double>(m_range.length.count());
    const double wanted = std::clamp(length * factor, static_cast<double>(kShortestRange.count()),
                                     static_cast<double>(kLongestRange.count()));
    const qint64 pivot = std::clamp(at, start(), end());
    const auto to = pivot + static_cast<qint64>(static_cast<double>(end() - pivot) * wanted / length);
    if (!m_range.paused && (factor > 1 || static_cast<double>(end() - pivot) <= length * kNearNow)) {
        TimeRange range = m_range; // live stays live
        range.length = std::chrono::milliseconds(static_cast<qint64>(wanted));
        become(range, Kind::Zoom);
        return;
    }
    become(past(to - static_cast<qint64>(wanted), to), Kind::Zoom);
}

void TimeTravel::pan(double share)
{
    if (m_now == 0 || !std::isfinite(share) || share == 0) {
        return;
    }
    const auto by = static_cast<qint64>(static_cast<double>(m_range.length.count()) * share);
    if (end() + by >= m_now) {
        if (m_range.paused) {
            TimeRange range = m_range;
            range.paused = range.travelled = false;
            range.pausedAt = 0;
            become(range, Kind::Pan);
        }
        return;
    }
    become(past(start() + by, end() + by), Kind::Pan);
}

void TimeTravel::select(qint64 from, qint64 to)
{
    if (m_now != 0) {
        become(past(std::min(from, to), std::max(from, to)), Kind::Select);
    }
}

void TimeTravel::toggleCompare(Comparison compare)
{
    TimeRange range = m_range;
    range.compare = range.compare == compare ? Comparison::None : compare;
    become(range, Kind::Compare);
}

void TimeTravel::back()
{
    if (m_behind.empty()) {
        return;
    }
    m_ahead.push_back(std::exchange(m_range, m_behind.back()));
    m_behind.pop_back();
    m_since.invalidate();
    Q_EMIT changed();
}

void TimeTravel::forward()
{
    if (m_ahead.empty()) {
        return;
    }
    m_behind.push_back(std::exchange(m_range, m_ahead.back()));
    m_ahead.pop_back();
    m_since.invalidate();
    Q_EMIT changed();
}

void TimeTravel::become(const TimeRange& range, Kind kind)
{
    if (range == m_range) {
        return;
    }
    const bool burst = m_since.isValid() && kind == m_kind && m_since.elapsed() < m_burst.count();
    if (!burst) {
        m_behind.push_back(m_range);
        if (m_behind.size() > kRemembered) {
            m_behind.erase(m_behind.begin());
        }
    }
    m_ahead.clear();
    m_kind = kind;
    m_since.start();
    m_range = range;
    Q_EMIT changed();
}

TimeRange TimeTravel::past(qint64 from, qint64 to) const
{
    const qint64 length = std::clamp<qint64>(to - from, kShortestRange.count(), kLongestRange.count());
    const qint64 end = std::min(from + length, m_now); // from stays, where now allows it
    return {std::chrono::milliseconds(length), true, end, true, m_range.compare};
}

} // namespace widgets

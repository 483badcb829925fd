// The highest value of the last minute, whoever asks and how often.
#pragma once

#include "monitor/core/clock.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace pool {

// 60 one-second buckets. A gauge that stays high stays in the window: roll() carries the present value into
// every second that has passed. Not thread-safe.
class PeakWindow {
public:
    // `value` is what the gauge stands at from `now` on.
    void note(int value, core::SteadyTime now) noexcept
    {
        if (now >= m_nextSecond) {
            roll(now);
        }
        m_value = value;
        m_newest = std::max(m_newest, value);
    }
    [[nodiscard]] int peak(core::SteadyTime now) const noexcept
    {
        PeakWindow copy = *this;
        copy.note(m_value, now);
        return std::max(copy.m_newest, *std::max_element(copy.m_seconds.begin(), copy.m_seconds.end()));
    }

private:
    void roll(core::SteadyTime now) noexcept
    {
        const std::int64_t second = now.time_since_epoch() / std::chrono::seconds(1);
        std::int64_t passed = std::min<std::int64_t>(second - m_second, 60);
        if (m_second < 0) {
            passed = 60;
        }
        for (std::int64_t i = 0; i < passed; ++i) {
            m_seconds[m_at] = i == 0 ? m_newest : m_value;
            m_at = (m_at + 1) % m_seconds.size();
        }
        m_second = second;
        m_nextSecond = core::SteadyTime(std::chrono::seconds(second + 1));
        m_newest = m_value;
    }

    std::array<int, 59> m_seconds{}; // the finished ones; with the running one that makes a minute
    std::size_t m_at = 0;
    int m_newest = 0; // of the running second
    int m_value = 0;
    std::int64_t m_second = -1;
    core::SteadyTime m_nextSecond = core::SteadyTime::min();
};

} // namespace pool

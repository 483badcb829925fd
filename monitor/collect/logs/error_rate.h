// How many of something in the last minute, to the second.
#pragma once

#include "monitor/core/clock.h"

#include <array>
#include <cstdint>

namespace collect {

// Not thread-safe. Sixty buckets of a second; times never run backwards (a steady clock's).
class PerMinute {
public:
    void note(core::SteadyTime now, int count = 1) noexcept
    {
        advance(now);
        m_buckets[static_cast<std::size_t>(m_second % kSeconds)] += count;
    }
    // In the last `seconds` (1 … 60), the running second included.
    [[nodiscard]] int last(core::SteadyTime now, int seconds = kSeconds) noexcept
    {
        advance(now);
        int sum = 0;
        for (std::int64_t i = 0; i < seconds && i <= m_second; ++i) {
            sum += m_buckets[static_cast<std::size_t>((m_second - i) % kSeconds)];
        }
        return sum;
    }

private:
    static constexpr int kSeconds = 60;
    void advance(core::SteadyTime now) noexcept
    {
        const std::int64_t second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
        if (second - m_second >= kSeconds) {
            m_buckets.fill(0);
            m_second = second;
        }
        for (; m_second < second; ++m_second) {
            m_buckets[static_cast<std::size_t>((m_second + 1) % kSeconds)] = 0;
        }
    }

    std::array<int, kSeconds> m_buckets{};
    std::int64_t m_second = 0;
};

} // namespace collect

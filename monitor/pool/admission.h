// Who is let in at all while places are short, by priority.
#pragma once

#include "monitor/pool/pool_stats.h"

#include <algorithm>
#include <array>

namespace pool {

// Counts those who hold a place or wait for one. Not thread-safe: lives under the lock of the core.
class Admission {
public:
    // False when as many of that priority are inside as may be; else it is counted.
    [[nodiscard]] bool enter(Priority priority) noexcept
    {
        const auto index = static_cast<std::size_t>(priority);
        if (m_limits[index] >= 0 && m_inside[index] >= m_limits[index]) {
            return false;
        }
        ++m_inside[index];
        return true;
    }
    // One that came in by another way.
    void count(Priority priority) noexcept { ++m_inside[static_cast<std::size_t>(priority)]; }
    void leave(Priority priority) noexcept { --m_inside[static_cast<std::size_t>(priority)]; }

    // Who is in stays in.
    void limit(const LeaseLimits& limits) noexcept { m_limits = {-1, limits.normal, limits.background}; }
    [[nodiscard]] LeaseLimits limits() const noexcept
    {
        return {m_limits[static_cast<std::size_t>(Priority::Normal)],
                m_limits[static_cast<std::size_t>(Priority::Background)]};
    }
    [[nodiscard]] bool limited() const noexcept
    {
        return std::any_of(m_limits.begin(), m_limits.end(), [](int limit) { return limit >= 0; });
    }
    [[nodiscard]] const std::array<int, kPriorities>& inside() const noexcept { return m_inside; }

private:
    std::array<int, kPriorities> m_inside{};
    std::array<int, kPriorities> m_limits{-1, -1, -1}; // of m_inside; -1 = none
};

} // namespace pool

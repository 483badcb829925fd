// How often a server is asked: at most so many times a second, and not at all while it wants to be left
// alone.
#pragma once

#include "monitor/core/clock.h"

#include <algorithm>
#include <optional>

namespace prometheus {

// A token bucket that holds a second's worth. Not thread-safe.
class RateLimit {
public:
    explicit RateLimit(int perSecond) noexcept
        : m_perSecond(perSecond)
        , m_tokens(perSecond)
    {
    }
    // How long to wait for a turn, which is taken with it.
    [[nodiscard]] core::Nanos take(core::SteadyTime now) noexcept
    {
        if (m_filled) {
            m_tokens = std::min<double>(m_perSecond, m_tokens + core::seconds(now - *m_filled) * m_perSecond);
        }
        m_filled = now;
        m_tokens -= 1;
        return m_tokens >= 0
                   ? core::Nanos(0)
                   : std::chrono::ceil<core::Nanos>(std::chrono::duration<double>(-m_tokens / m_perSecond));
    }

private:
    const int m_perSecond;
    double m_tokens;
    std::optional<core::SteadyTime> m_filled;
};

// After failures: twice as long each time, from `first` to `most`; Retry-After wins where it is longer. Not
// thread-safe.
class BackOff {
public:
    BackOff(core::Nanos first, core::Nanos most) noexcept
        : m_first(first)
        , m_most(most)
        , m_next(first)
    {
    }
    void fail(core::SteadyTime now, std::optional<core::Nanos> retryAfter) noexcept
    {
        m_until = now + std::max(m_next, retryAfter.value_or(core::Nanos(0)));
        m_next = std::min(m_next * 2, m_most);
    }
    void succeed() noexcept
    {
        m_until = {};
        m_next = m_first;
    }
    [[nodiscard]] core::Nanos left(core::SteadyTime now) const noexcept
    {
        return std::max(core::Nanos(0), core::Nanos(m_until - now));
    }

private:
    const core::Nanos m_first;
    const core::Nanos m_most;
    core::Nanos m_next;
    core::SteadyTime m_until = {};
};

} // namespace prometheus

// How often a server is asked: at most so many times a second, and not at all while it wants to be left
// alone.
#pragma once

#include "monitor/core/clock.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>

namespace prometheus {

// Never more than so many within any second. Not thread-safe.
class RateLimit {
public:
    explicit RateLimit(int perSecond) noexcept
        : m_perSecond(static_cast<std::size_t>(std::max(perSecond, 1)))
    {
    }
    // How long to wait for a turn, which is taken with it.
    [[nodiscard]] core::Nanos take(core::SteadyTime now)
    {
        core::SteadyTime turn = now;
        if (m_turns.size() == m_perSecond) {
            turn = std::max(now, m_turns.front() + std::chrono::seconds(1));
            m_turns.pop_front();
        }
        m_turns.push_back(turn);
        return turn - now;
    }

private:
    const std::size_t m_perSecond;
    std::deque<core::SteadyTime> m_turns; // the newest m_perSecond ones
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

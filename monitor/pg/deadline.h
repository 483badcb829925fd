// A moment until which something may take, or never: handed down through every call that can wait.
#pragma once

#include "monitor/core/clock.h"

#include <algorithm>
#include <chrono>

namespace pg {

// Monotonic time of the machine (poll(2) knows no other). Value type.
class Deadline {
public:
    [[nodiscard]] static Deadline never() noexcept { return Deadline(core::SteadyTime::max()); }
    [[nodiscard]] static Deadline at(core::SteadyTime when) noexcept { return Deadline(when); }
    // `span` from now; spans too long to be represented mean never.
    [[nodiscard]] static Deadline in(core::Nanos span) noexcept {
        const core::SteadyTime now = std::chrono::steady_clock::now();
        return core::SteadyTime::max() - now <= span ? never() : Deadline(now + span);
    }
    [[nodiscard]] Deadline earlier(Deadline other) const noexcept {
        return Deadline(std::min(m_when, other.m_when));
    }
    [[nodiscard]] bool isNever() const noexcept { return m_when == core::SteadyTime::max(); }
    [[nodiscard]] bool passed() const noexcept {
        return !isNever() && std::chrono::steady_clock::now() >= m_when;
    }
    [[nodiscard]] core::SteadyTime when() const noexcept { return m_when; }
    // Never negative.
    [[nodiscard]] core::Nanos left() const noexcept {
        if (isNever()) {
            return core::Nanos::max();
        }
        return std::max(core::Nanos(0), core::Nanos(m_when - std::chrono::steady_clock::now()));
    }
    // For poll(2), to be called until passed(); -1 for never. The kernel may be late by a thousandth of a wait, for a
    // niced process by a two-hundredth, up to 100 ms (prctl(2), PR_SET_TIMERSLACK; fs/select.c): a long wait ends a
    // little early, and what is left is waited for by itself.
    [[nodiscard]] int pollMillis() const noexcept {
        if (isNever()) {
            return -1;
        }
        const long long millis = std::chrono::ceil<core::Millis>(left()).count();
        return static_cast<int>(std::min<long long>(millis - millis / 64, 60'000));
    }

private:
    explicit Deadline(core::SteadyTime when) noexcept
        : m_when(when) {}
    core::SteadyTime m_when;
};

} // namespace pg

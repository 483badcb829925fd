// The two clocks the house uses, injectable so that tests move time by hand.
#pragma once

#include <chrono>
#include <cstdint>

namespace core {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;
using Nanos = std::chrono::nanoseconds;
using Millis = std::chrono::milliseconds;

// Durations come from steadyNow() only; wallNow() is for showing and storing. Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual SteadyTime steadyNow() const noexcept = 0;
    [[nodiscard]] virtual WallTime wallNow() const noexcept = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] SteadyTime steadyNow() const noexcept override { return std::chrono::steady_clock::now(); }
    [[nodiscard]] WallTime wallNow() const noexcept override
    {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
    // One shared instance: the clock has no state.
    [[nodiscard]] static const SystemClock& instance() noexcept
    {
        static const SystemClock clock;
        return clock;
    }
};

[[nodiscard]] constexpr double seconds(Nanos span) noexcept
{
    return std::chrono::duration<double>(span).count();
}

// Milliseconds since 1970-01-01T00:00:00Z, the time stamp of samples (Prometheus' resolution).
[[nodiscard]] constexpr std::int64_t epochMillis(WallTime time) noexcept
{
    return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

} // namespace core

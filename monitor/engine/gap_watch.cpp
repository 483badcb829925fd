#include "monitor/engine/gap_watch.h"

#include <chrono>
#include <ctime>
#include <string>

namespace engine {

namespace {

using metrics::GapReason;
using metrics::Mark;

constexpr core::Nanos kStep = std::chrono::seconds(2); // clocks that differ by less are the same

core::Nanos clockNow(clockid_t clock) noexcept
{
    timespec now{};
    clock_gettime(clock, &now);
    return std::chrono::seconds(now.tv_sec) + core::Nanos(now.tv_nsec);
}

Mark gap(core::WallTime from, core::WallTime until, GapReason reason)
{
    return {Mark::Kind::Gap, from, std::string(metrics::gapReasonName(reason)), until};
}

} // namespace

ClockReading readClocks() noexcept
{
    return {core::SystemClock::instance().wallNow(), clockNow(CLOCK_MONOTONIC), clockNow(CLOCK_BOOTTIME)};
}

std::optional<Mark> GapWatch::tick(const ClockReading& now)
{
    const std::optional<ClockReading> before = std::exchange(m_before, now);
    if (!before) {
        return std::nullopt;
    }
    const core::Nanos steady = now.steady - before->steady;
    const core::Nanos boot = now.boot - before->boot;
    const core::Nanos wall = now.wall - before->wall;
    if (boot - steady > kStep) {
        return gap(before->wall, now.wall, GapReason::Suspended);
    }
    if (wall - boot > kStep) {
        return gap(before->wall, now.wall, GapReason::ClockStep);
    }
    if (boot - wall > kStep) {
        return gap(now.wall, {}, GapReason::ClockStep);
    }
    // As the charts have it: what is longer than 2.5 intervals is a gap.
    return steady > m_interval * 5 / 2 ? std::optional(gap(before->wall, now.wall, GapReason::HeldUp))
                                       : std::nullopt;
}

} // namespace engine

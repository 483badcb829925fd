#include "monitor/pool/pool_config.h"

#include <fmt/format.h>

namespace pool {

namespace {

constexpr int kMostPlaces = 10'000;

std::string outOfRange(const char* knob, int value, int from, int to)
{
    return value < from || value > to
               ? fmt::format("{} must be between {} and {}, not {}", knob, from, to, value)
               : "";
}

std::string badSpan(const char* knob, core::Nanos span, core::Nanos from)
{
    if (span >= from && span <= std::chrono::hours(24 * 366)) {
        return {};
    }
    return fmt::format("{} must be between {} s and a year, not {} s", knob, core::seconds(from),
                       core::seconds(span));
}

} // namespace

std::string problemOf(const PoolConfig& config)
{
    constexpr core::Nanos zero{0};
    constexpr core::Nanos milli = std::chrono::milliseconds(1);
    const std::string problems[] = {
        outOfRange("pool_size", config.size, 0, kMostPlaces),
        outOfRange("max_overflow", config.maxOverflow, -1, kMostPlaces),
        config.size == 0 && config.maxOverflow == 0 ? std::string("pool_size 0 needs a max_overflow")
                                                    : std::string(),
        outOfRange("min_idle", config.minIdle, 0, config.size),
        outOfRange("max_waiters", config.maxWaiters, 0, 1'000'000),
        badSpan("pool_timeout", config.timeout, zero),
        badSpan("pool_recycle", config.recycle, zero),
        badSpan("overflow_linger", config.overflowLinger, zero),
        badSpan("connect_timeout", config.connectTimeout, milli),
        badSpan("validate_after", config.validateAfter, zero),
        badSpan("validate_timeout", config.validateTimeout, milli),
        badSpan("reset_timeout", config.resetTimeout, milli),
        badSpan("slow_acquire", config.slowAcquire, zero),
        badSpan("slow_query", config.slowQuery, zero),
        badSpan("long_use", config.longUse, milli),
        badSpan("leak_after", config.leakAfter, milli),
    };
    for (const std::string& problem : problems) {
        if (!problem.empty()) {
            return problem;
        }
    }
    return {};
}

} // namespace pool

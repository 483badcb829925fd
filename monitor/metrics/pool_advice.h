// What the pool would have done with another size: the outcome of a replay.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/lang.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace metrics {

// Waits from request to outcome, of all who did not find the queue full; nearest rank. All 0 without
// requests.
struct WaitFigures {
    core::Nanos p50{0};
    core::Nanos p95{0};
    core::Nanos p99{0};
    core::Nanos most{0};

    friend bool operator==(const WaitFigures&, const WaitFigures&) = default;
};

// The recorded requests against a pool with this many places.
struct SizeForecast {
    int places = 0;
    int kept = 0; // of them, those that stay open (pool_size); the others are overflow
    WaitFigures wait;
    std::uint64_t timeouts = 0;
    std::uint64_t cancelled = 0; // gave up before they were served
    std::uint64_t queueFull = 0;
    std::uint64_t opened = 0; // connections opened meanwhile
    int peakOpen = 0;
    int peakWaiting = 0;

    friend bool operator==(const SizeForecast&, const SizeForecast&) = default;
};

enum class AdviceVerdict {
    NoData,       // nothing was recorded
    TooFew,       // fewer requests than a percentile needs
    HoldsUnknown, // no connection came back: how long the others would hold theirs is not known
    Grow,         // `suggested` would have done better than today's size
    Enough,       // today's size does; `suggested` would have done, too
    NoSizeHelps   // not even the largest one looked at serves everybody well
};
[[nodiscard]] const char* adviceVerdictName(AdviceVerdict verdict) noexcept; // "no_data", "grow" …

struct PoolAdvice {
    core::WallTime at = {};
    core::Nanos span{0}; // from the first request to `at`
    AdviceVerdict verdict = AdviceVerdict::NoData;
    std::uint64_t requests = 0;  // replayed
    std::uint64_t estimated = 0; // of them, how long they hold is not known and was drawn from the others
    std::uint64_t excluded = 0;  // not replayed: refused for what no size mends
    std::uint64_t missed = 0;    // events that were not recorded: more happened than could be written down
    bool resized = false;        // the pool's settings were changed meanwhile
    int places = 0;              // today's; 0 = no limit
    int kept = 0;                // of them, those that stay open (pool_size)
    core::Nanos timeout{0};
    WaitFigures recorded; // what really happened
    std::uint64_t recordedTimeouts = 0;
    std::vector<SizeForecast> forecasts; // 1 … 60 places and today's, ascending
    std::optional<SizeForecast> today;   // the forecast for today's size
    std::optional<SizeForecast> suggested;
    core::Nanos slow{0};            // the wait that is called slow: what the suggestion keeps below
    std::optional<int> serverLimit; // places the server has room for altogether; none: not known
    core::Nanos cost{0};            // what the replay took
};
using PoolAdvicePtr = std::shared_ptr<const PoolAdvice>;

// "With 14 places p95 wait would have been 12 ms instead of 480 ms; the server has room for 62 more." One or
// two sentences, whatever the verdict.
[[nodiscard]] std::string adviceSentence(const PoolAdvice& advice, core::Lang lang);

} // namespace metrics

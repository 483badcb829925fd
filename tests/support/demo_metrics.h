// The demo's metrics: their definitions and what they say at a moment of the story.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "tests/support/demo_story.h"

#include <array>
#include <cstdint>
#include <memory>

namespace demo {

// What only grows, carried from tick to tick.
struct Counters {
    double checkouts = 0, connects = 12, errors = 0, timeouts = 0, slow = 0;
    double received = 3.1e9, sent = 8.2e8, diskRead = 5.5e9, diskWritten = 2.4e10;
    std::array<std::array<std::uint64_t, 10>, 3> buckets{}; // wait, usage, query
    std::array<double, 3> sums{};
};

struct Moment {
    std::uint64_t seed = 1;
    std::uint64_t second = 0;
    double step = 1; // seconds since the tick before
    Story story;
};

// Percentiles of wait, usage and query at this moment, seconds.
struct Quantiles {
    double p50 = 0, p95 = 0, p99 = 0;
};
[[nodiscard]] std::array<Quantiles, 3> quantilesAt(const Moment& moment) noexcept;
[[nodiscard]] double queriesPerSecond(const Moment& moment) noexcept;

void advance(Counters& counters, const Moment& moment);
void pushPool(metrics::SampleBuilder& out, const Counters& counters);
void pushHost(metrics::SampleBuilder& out, const Moment& moment, const Counters& counters);
void pushLatency(metrics::SampleBuilder& out, const Moment& moment, const Counters& counters);

} // namespace demo

// Durations at one per cent: 64 equal buckets in every power of two, from 1 ns to two hours (the layout of
// HdrHistogram). Percentiles come from here; the fixed buckets of the contract are far too coarse for them.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/thread_shard.h"

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <deque>
#include <vector>

namespace metrics {

// Where a value falls. Values below 128 have a bucket each; above, a bucket is at most 1/64 of its value
// wide, so that its middle is within 0.79 % of anything in it. 2^43 ns (2.4 h) and more share the last one.
struct LogLinearLayout {
    static constexpr unsigned kSubBits = 6;
    static constexpr unsigned kTopBits = 43;
    static constexpr std::size_t kBuckets = (kTopBits - kSubBits + 1) << kSubBits;

    [[nodiscard]] static constexpr std::size_t index(std::uint64_t nanos) noexcept {
        if (nanos < (2U << kSubBits)) {
            return static_cast<std::size_t>(nanos);
        }
        const auto width = static_cast<unsigned>(std::bit_width(nanos));
        if (width > kTopBits) {
            return kBuckets - 1;
        }
        const unsigned shift = width - kSubBits - 1;
        return (static_cast<std::size_t>(shift) << kSubBits) + static_cast<std::size_t>(nanos >> shift);
    }
    // The smallest value of the bucket, in nanoseconds.
    [[nodiscard]] static constexpr std::uint64_t lowest(std::size_t index) noexcept {
        if (index < (2U << kSubBits)) {
            return index;
        }
        const std::size_t shift = (index >> kSubBits) - 1;
        return ((index & ((1U << kSubBits) - 1)) + (1U << kSubBits)) << shift;
    }
    // What the bucket's values are reported as, in nanoseconds.
    [[nodiscard]] static constexpr double middle(std::size_t index) noexcept {
        return (static_cast<double>(lowest(index)) + static_cast<double>(lowest(index + 1) - 1)) / 2;
    }
};

// Counts as a value: taken, merged, subtracted, asked for percentiles. Not thread-safe.
class LogLinearCounts {
public:
    LogLinearCounts()
        : m_counts(LogLinearLayout::kBuckets, 0) {}

    void add(std::size_t bucket, std::uint64_t count) noexcept {
        m_counts[bucket] += count;
        m_count += count;
    }
    void merge(const LogLinearCounts& other) noexcept;
    // Takes away an earlier state of the same recorder.
    void subtract(const LogLinearCounts& earlier) noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return m_count; }
    // In seconds; q is 0 … 1 (clamped). NaN when there is nothing.
    [[nodiscard]] double quantile(double q) const noexcept;
    [[nodiscard]] double max() const noexcept { return quantile(1); }
    [[nodiscard]] const std::vector<std::uint64_t>& counts() const noexcept { return m_counts; }

private:
    std::vector<std::uint64_t> m_counts;
    std::uint64_t m_count = 0;
};

// The recorder: cumulative, never reset. Thread-safe; record() is a plain addition in the thread's own shard.
// A shard (19 KiB) is made when a thread records for the first time.
class LogLinear {
public:
    LogLinear() = default;
    ~LogLinear();
    LogLinear(const LogLinear&) = delete;
    LogLinear& operator=(const LogLinear&) = delete;

    void record(core::Nanos span) noexcept;
    [[nodiscard]] LogLinearCounts counts() const;

private:
    using Shard = std::array<std::atomic<std::uint64_t>, LogLinearLayout::kBuckets>;
    Shard* makeShard(std::size_t index) noexcept; // nullptr when there is no memory: the value is lost

    std::array<std::atomic<Shard*>, kThreadShards + 1> m_shards{};
};

// The last N minutes of a recorder, in slices: what is older than the window by a whole slice is gone. Not
// thread-safe: one reader.
class SlidingWindow {
public:
    // `recorder` must outlive the window. slices >= 1.
    SlidingWindow(const LogLinear& recorder, core::Nanos window, std::size_t slices);

    // What was recorded in the window up to now. Call it at least once a slice for the window to be right.
    [[nodiscard]] LogLinearCounts recent(core::SteadyTime now) { return recent(now, m_recorder.counts()); }
    // The same when the recorder's counts of this moment are at hand.
    [[nodiscard]] LogLinearCounts recent(core::SteadyTime now, LogLinearCounts counts);
    [[nodiscard]] core::Nanos window() const noexcept { return m_window; }

private:
    struct Mark {
        core::SteadyTime at;
        LogLinearCounts counts;
    };
    const LogLinear& m_recorder;
    const core::Nanos m_window;
    const core::Nanos m_slice;
    std::deque<Mark> m_marks; // cumulative states, oldest first; the first one is where the window begins
};

} // namespace metrics

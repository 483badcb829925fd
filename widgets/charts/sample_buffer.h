// The samples of one series of a chart, oldest first, gaps as NaN. Bounded: the oldest go when it is full.
#pragma once

#include "monitor/metrics/querier.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace widgets {

// Not thread-safe. Times are ms since the epoch.
class SampleBuffer {
public:
    // An hour at ten samples a second, or ten hours at one.
    static constexpr std::size_t kCapacity = 36'000;

    explicit SampleBuffer(std::size_t capacity = kCapacity)
        : m_capacity(capacity)
    {
    }

    // Samples must come in order: one that is not newer than the last is dropped. When it comes later than
    // gapAfter ms after its predecessor, a NaN in between breaks the line. NaN says "no sample".
    void append(std::int64_t at, double value, std::int64_t gapAfter);
    void clear() { m_samples.clear(); }

    [[nodiscard]] bool empty() const noexcept { return m_samples.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return m_samples.size(); }
    [[nodiscard]] std::span<const metrics::Point> all() const noexcept { return m_samples; }
    // The samples of from ≤ at ≤ to and one neighbour on each side, so that lines run to the plot's edges.
    [[nodiscard]] std::span<const metrics::Point> within(std::int64_t from, std::int64_t to) const;
    // 0 when empty.
    [[nodiscard]] std::int64_t lastAt() const noexcept { return m_samples.empty() ? 0 : m_samples.back().at; }

private:
    std::size_t m_capacity;
    std::vector<metrics::Point> m_samples;
};

} // namespace widgets

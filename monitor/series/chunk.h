// Samples packed tightly: timestamps as deltas of deltas, values as XOR with the one before.
// Source of the idea: Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database", VLDB
// 2015, §4.1.
#pragma once

#include "monitor/series/sample.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace series {

// Append-only; a value type. Not thread-safe.
class Chunk {
public:
    // Samples a chunk holds before the next one is begun; Prometheus' figure.
    static constexpr std::size_t kCapacity = 120;

    // `sample.at` must be above last().
    void append(Sample sample);
    [[nodiscard]] std::size_t count() const noexcept { return m_count; }
    [[nodiscard]] bool full() const noexcept { return m_count >= kCapacity; }
    [[nodiscard]] std::int64_t first() const noexcept { return m_first; }
    [[nodiscard]] std::int64_t last() const noexcept { return m_last; }
    // Neither a stale marker in it nor a value below the one before: its ends and its count say all that
    // rate() asks.
    [[nodiscard]] bool even() const noexcept { return m_even; }
    // Its first and last sample; there must be one.
    [[nodiscard]] Sample front() const noexcept { return {m_first, m_firstValue}; }
    [[nodiscard]] Sample back() const noexcept { return {m_last, std::bit_cast<double>(m_value)}; }
    struct Place {
        Sample sample;
        std::size_t index = 0;
    };
    // The first sample at or after `from`; last() must be such.
    [[nodiscard]] Place seek(std::int64_t from) const noexcept;
    [[nodiscard]] std::size_t bytes() const noexcept { return m_words.capacity() * sizeof(std::uint64_t); }
    // Gives back what was reserved for growth.
    void seal() { m_words.shrink_to_fit(); }
    // Appends the samples within [from, to] to `out`.
    void read(std::int64_t from, std::int64_t to, std::vector<Sample>& out) const;

private:
    void write(std::uint64_t bits, unsigned count);
    void writeTime(std::int64_t at);
    void writeValue(double value);

    std::vector<std::uint64_t> m_words; // bits from the most significant on
    std::size_t m_bits = 0;
    std::size_t m_count = 0;
    std::int64_t m_first = 0;
    double m_firstValue = 0;
    std::int64_t m_last = 0;
    std::int64_t m_delta = 0;
    std::uint64_t m_value = 0; // bits of the last one
    unsigned m_leading = 0;    // of the last window of meaningful bits
    unsigned m_width = 0;      // 0 = no window yet
    bool m_even = true;
};

} // namespace series

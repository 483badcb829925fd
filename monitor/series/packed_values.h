// The values of one series at moments that many series share, as few bytes as they can be: what the history
// on disk is made of. Without the times a value that does not change costs next to nothing.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace series {

using Bytes = std::vector<std::uint8_t>;

// More values than this are no packed values: what bytes from a disk can make us allocate is bounded.
inline constexpr std::size_t kMaxPacked = 65'536;

// "No sample at this moment"; a NaN that no computation makes. A stale marker is a value like any other.
[[nodiscard]] inline double gapMarker() noexcept
{
    return std::bit_cast<double>(std::uint64_t{0x7ff0000000000004});
}
[[nodiscard]] inline bool isGap(double value) noexcept
{
    return std::bit_cast<std::uint64_t>(value) == 0x7ff0000000000004;
}

// The smallest of: one constant; whole numbers or decimals as (second) differences in Rice's code; indices
// into a few distinct values; XOR with the one before (Pelkonen et al., "Gorilla", VLDB 2015, §4.1).
// Gaps cost little. Every bit comes back. At most kMaxPacked values.
[[nodiscard]] Bytes packValues(std::span<const double> values);
// Appends them to `out`. False, and `out` as it was, when the bytes are no packed values.
[[nodiscard]] bool unpackValues(std::span<const std::uint8_t> bytes, std::vector<double>& out);

// Ascending times in ms.
[[nodiscard]] Bytes packTimes(std::span<const std::int64_t> times);
[[nodiscard]] bool unpackTimes(std::span<const std::uint8_t> bytes, std::vector<std::int64_t>& out);

} // namespace series

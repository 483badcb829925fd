// A sample, and the two NaNs that mean something: Prometheus' staleness marker and our "no value at this
// step".
#pragma once

#include <bit>
#include <cstdint>

namespace series {

struct Sample {
    std::int64_t at = 0; // ms since the epoch, UTC
    double value = 0;    // may be staleMarker()
};

// Prometheus' value.StaleNaN: "the series has ended here". Never leaves a query.
inline constexpr std::uint64_t kStaleBits = 0x7ff0000000000002;
// Prometheus' value.NormalNaN.
inline constexpr std::uint64_t kNormalNanBits = 0x7ff8000000000001;

[[nodiscard]] inline double staleMarker() noexcept
{
    return std::bit_cast<double>(kStaleBits);
}

[[nodiscard]] inline bool isStale(double value) noexcept
{
    return std::bit_cast<std::uint64_t>(value) == kStaleBits;
}

} // namespace series

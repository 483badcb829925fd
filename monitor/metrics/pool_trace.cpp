#include "monitor/metrics/pool_trace.h"

#include <algorithm>
#include <bit>

namespace metrics {

const char* stageName(Stage stage) noexcept
{
    switch (stage) {
    case Stage::Wait:
        return "wait";
    case Stage::Usage:
        return "usage";
    case Stage::Query:
        break;
    }
    return "query";
}

std::size_t HeatLayout::row(std::uint64_t nanos) noexcept
{
    const auto width = static_cast<unsigned>(std::bit_width(nanos));
    if (width <= kLowBits) {
        return 0;
    }
    if (width > kHighBits) {
        return kRows - 1;
    }
    const unsigned half = static_cast<unsigned>(nanos >> (width - 2)) & 1U;
    return 2 * (width - kLowBits - 1) + half;
}

double HeatLayout::lowest(std::size_t row) noexcept
{
    const std::size_t at = std::min(row, kRows);
    const auto whole = static_cast<double>(std::uint64_t{1} << (kLowBits + at / 2));
    return (at % 2 == 0 ? whole : whole * 1.5) * 1e-9;
}

} // namespace metrics

// What a pool has counted since it was made.
#pragma once

#include "monitor/pool/pool_stats.h"

#include <array>
#include <cstdint>
#include <numeric>

namespace pool {

// Plain numbers under the lock of the core.
struct Figures {
    std::array<std::uint64_t, kOutcomes> outcomes{};
    std::array<std::uint64_t, kCloseReasons> closed{};
    std::uint64_t requests = 0, waited = 0, checkouts = 0, checkins = 0, opened = 0, openErrors = 0;
    std::uint64_t rejected = 0, refusedReturns = 0, nested = 0;

    [[nodiscard]] std::uint64_t& of(Outcome outcome) noexcept
    {
        return outcomes[static_cast<std::size_t>(outcome)];
    }
    // Requests that have ended, however.
    [[nodiscard]] std::uint64_t ended() const noexcept
    {
        return std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0});
    }
    // Resources that were closed, for whatever reason.
    [[nodiscard]] std::uint64_t closedInAll() const noexcept
    {
        return std::accumulate(closed.begin(), closed.end(), std::uint64_t{0});
    }
};

} // namespace pool

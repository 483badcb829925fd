// Every db_pool_* and db_connection_* metric, said once. Names, types, buckets and HELP of the first thirteen
// are the reference's (contract section 2); the others are named as in reference/peers-pools.md, section 4.3.
#pragma once

#include "monitor/metrics/metric_def.h"

#include <array>
#include <span>
#include <string_view>

namespace collect::defs {

inline constexpr std::array kWaitBounds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0};
inline constexpr std::array kUsageBounds{0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0};
inline constexpr std::array kQueryBounds = kWaitBounds;
// Of histograms beyond the reference's.
inline constexpr std::array kCreateBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                          0.25,   0.5,   1.0,    2.5,   5.0,  10.0,  30.0, 60.0};

inline constexpr std::array<std::string_view, 1> kByState{"state"};
inline constexpr std::array<std::string_view, 1> kByResult{"result"};
inline constexpr std::array<std::string_view, 1> kByReason{"reason"};
inline constexpr std::array<std::string_view, 1> kByKind{"kind"};
inline constexpr std::array<std::string_view, 1> kByKey{"key"};
inline constexpr std::array<std::string_view, 1> kByWindow{"window"};
inline constexpr std::array<std::string_view, 1> kByTag{"tag"};
inline constexpr std::array<std::string_view, 1> kByPhase{"phase"};
inline constexpr std::array<std::string_view, 1> kBySqlstate{"sqlstate"};
inline constexpr std::array<std::string_view, 2> kByLevel{"level", "result"};
inline constexpr std::array<std::string_view, 2> kByQuantile{"q", "stage"};

// In this order in kPool below; sorted() in the sampler puts them in order for people.
// clang-format off
enum PoolMetric : std::size_t {
    kSize, kCheckedIn, kCheckedOut, kOverflow, kUsage, kCheckout, kCheckin, kConnect, kError, kWait, kUse,
    kQuery, kSlow,
    kMax, kConnections, kWaiters, kOldest, kPeakOut, kPeakWaiters, kAcquire, kWaited, kCreate,
    kErrors, kClosed,
    kInvalid, kDirty, kLeaks, kLeaked, kNested, kDouble, kState, kLastError, kConfig, kHeld,
    kPhase, kConnectErrors, kIdleHeld, kUseByTag, kInVain, kValidations, kPoolMetrics
};
// clang-format on

// The table itself; indexed by PoolMetric.
[[nodiscard]] std::span<const metrics::MetricDef> pool() noexcept;
// db_pool_latency_seconds alone: it is taken once a tick, not with every scrape.
[[nodiscard]] std::span<const metrics::MetricDef> latency() noexcept;

} // namespace collect::defs

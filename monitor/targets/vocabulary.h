// What every pool is described with, whoever tells it.
#pragma once

#include "monitor/metrics/metric_def.h"

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace targets {

// Connections and callers now; then counters since the source's start, seconds where they say so.
enum class Figure {
    Size, // open connections
    InUse,
    Idle,
    Waiting, // callers
    Max,     // most connections that may be open
    WaitSeconds,
    Waits,
    UseSeconds,
    Uses,
    CreateSeconds,
    Creates,
    Timeouts,
    Errors,
};
inline constexpr std::size_t kFigures = 13;

// As the mappings' files name it: "in_use". All of them in the enum's order.
[[nodiscard]] std::string_view nameOf(Figure figure) noexcept;
[[nodiscard]] std::optional<Figure> figureNamed(std::string_view name) noexcept;
// The metric it is told as: target_pool_in_use … labels target, pool and, where given, environment.
[[nodiscard]] const metrics::MetricDef& defOf(Figure figure) noexcept;
[[nodiscard]] std::span<const metrics::MetricDef> figureDefs() noexcept;

// One pool of a target. NaN is unknown.
struct PoolFigures {
    std::string pool; // "" where the page has but one without a name
    std::array<double, kFigures> values = [] {
        std::array<double, kFigures> unknown{};
        unknown.fill(std::numeric_limits<double>::quiet_NaN());
        return unknown;
    }();

    [[nodiscard]] double operator[](Figure figure) const noexcept
    {
        return values[static_cast<std::size_t>(figure)];
    }
    [[nodiscard]] double& operator[](Figure figure) noexcept
    {
        return values[static_cast<std::size_t>(figure)];
    }
};

} // namespace targets

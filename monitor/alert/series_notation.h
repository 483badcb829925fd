// A series as Prometheus' test files describe it: metric{a="b"} 1+2x3 _ stale.
#pragma once

#include "monitor/core/result.h"
#include "monitor/series/label_ops.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace alert {

// One value a step; nullopt where there is no sample. A stale marker is series::staleMarker().
using NotedValues = std::vector<std::optional<double>>;

inline constexpr std::size_t kMaxNoted = 1'000'000; // values of one series

// "a+bxn" is a, a+b … n+1 values; "axn" repeats a n+1 times; "_xn" is n steps without a sample. Total: any
// bytes are fine.
[[nodiscard]] core::Result<NotedValues> parseNotation(std::string_view text);
// metric{a="b"}, {a="b"} or metric; with __name__.
[[nodiscard]] core::Result<series::Labels> parseMetric(std::string_view text);

} // namespace alert

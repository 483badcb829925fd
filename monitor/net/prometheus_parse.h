// Times and durations as Prometheus' HTTP API takes them. Total: any bytes are fine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace net {

// Unix seconds ("1700000000.781") or RFC 3339 ("2026-11-20T09:12:07.5+01:00") → ms since the epoch, UTC.
// Nothing for anything else, NaN, infinities and years beyond 1 … 9999.
[[nodiscard]] std::optional<std::int64_t> parseApiTime(std::string_view text);
// Seconds ("15", "0.5") or a Prometheus duration ("1h30m", "250ms") → ms. Nothing for anything else; may be 0
// or less.
[[nodiscard]] std::optional<std::int64_t> parseApiDuration(std::string_view text);
// A sample value as Prometheus writes it: "0.8333", "NaN", "+Inf", "1e+21", "100000".
[[nodiscard]] std::string apiValueText(double value);
// An alert's value as Prometheus writes it: "8.333e-01".
[[nodiscard]] std::string apiAlertValueText(double value);
// Seconds with up to three decimals: 1795165927742 → "1795165927.742".
[[nodiscard]] std::string apiTimeText(std::int64_t millis);

} // namespace net

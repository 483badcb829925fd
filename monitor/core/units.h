// One formatter for axis, tooltip, table and alert text (design: SI for counts, IEC for bytes, adaptive seconds).
#pragma once

#include "monitor/core/lang.h"

#include <chrono>
#include <string>

namespace core {

enum class Unit { None, Count, Ratio, Seconds, Bytes, BytesPerSecond, PerSecond, Load };

// 0.833 Ratio → "83.3 %"; 1234 Count → "1.23 k"; 0.0021 Seconds → "2.10 ms"; 1.5e9 Bytes → "1.40 GiB"; NaN → "–".
[[nodiscard]] std::string humanText(double value, Unit unit);
// A span for people: "850 ms", "48 s", "1m 12s", "3h 05m", "2d 4h".
[[nodiscard]] std::string spanText(std::chrono::nanoseconds span);
// The unit as it stands in a CSV head or an axis title: "ratio", "seconds", "bytes", "" …
[[nodiscard]] std::string_view unitName(Unit unit) noexcept;

} // namespace core

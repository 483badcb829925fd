// Numbers and times as files, HTTP and logs want them: locale-independent, exact, shortest.
#pragma once

#include "monitor/core/clock.h"

#include <string>
#include <string_view>

namespace core {

// Shortest text that reads back to the same double; "NaN", "+Inf", "-Inf" as Prometheus spells them.
[[nodiscard]] std::string numberText(double value);
// As numberText, but whole numbers keep ".0" (the spelling of the reference's exposition: le="1.0", "10.0").
[[nodiscard]] std::string floatText(double value);
// 2026-11-20T09:12:07.742Z: UTC, milliseconds.
[[nodiscard]] std::string isoUtc(WallTime time);
// 2026-11-20T10:12:07.742+01:00: the machine's zone (TZ, tzset(3)), milliseconds, with the offset that held then.
[[nodiscard]] std::string isoLocal(WallTime time);
// 2026-11-20T09:12:07.743115+00:00: UTC, microseconds, Python's isoformat() with the zone said.
[[nodiscard]] std::string isoUtcMicros(WallTime time);
// One line: control characters (and newlines) become blanks, runs of blanks one blank, cut at maxChars characters
// (never inside an UTF-8 sequence; invalid bytes become U+FFFD). Total: any bytes are fine.
[[nodiscard]] std::string oneLine(std::string_view text, std::size_t maxChars);
// The text with invalid UTF-8 replaced by U+FFFD and NULs dropped; for JSON, CSV and the window.
[[nodiscard]] std::string validUtf8(std::string_view text);
// For text and double-quoted attributes of HTML and XML: & < > " ' become entities.
[[nodiscard]] std::string htmlEscaped(std::string_view text);

} // namespace core

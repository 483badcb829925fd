// Numbers and times as templates print them. Source: template/template.go of Prometheus 2.42 (Apache-2.0).
#pragma once

#include <string>
#include <string_view>

namespace gotext {

// %.4g and the suffix.
[[nodiscard]] std::string fourDigits(double value, std::string_view suffix);
// 1234567 as 1.235M, as 1.177Mi, and seconds as 14d 6h 56m 7s.
[[nodiscard]] std::string humanize(double value);
[[nodiscard]] std::string humanize1024(double value);
[[nodiscard]] std::string humanizeDuration(double seconds);
// Seconds since the epoch as 2026-11-20 09:12:07.742 +0000 UTC, as Go prints a time. Throws TemplateError
// beyond Go's range; `function` is who asks.
[[nodiscard]] std::string timeText(double seconds, std::string_view function);

} // namespace gotext

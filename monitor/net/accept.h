// Content negotiation (RFC 9110 §12.5): which format and which language the client likes best. Total: any
// bytes are fine; what cannot be read counts as absent.
#pragma once

#include "monitor/core/lang.h"

#include <string_view>

namespace net {

enum class ExpositionFormat { Text004, OpenMetrics1 };

// OpenMetrics when the Accept header gives it a quality at least as high as the plain text format's and names
// it itself (a wildcard alone means text, as client libraries do). An asked-for OpenMetrics version must
// be 1.0.0 or none.
[[nodiscard]] ExpositionFormat negotiateExposition(std::string_view accept);

// The language with the highest quality among Chinese and the rest; `fallback` when the header says nothing.
[[nodiscard]] core::Lang negotiateLanguage(std::string_view acceptLanguage, core::Lang fallback);

} // namespace net

// Times as other programs write them.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"

#include <string_view>

namespace core {

// RFC 3339 with any offset and up to nanoseconds; fails on what is no time. Thread-safe.
[[nodiscard]] Result<WallTime> parseRfc3339(std::string_view text);

} // namespace core

// The end of what somebody gave up.
#pragma once

#include "monitor/core/result.h"

namespace core {

inline constexpr const char* kCanceled = "CANCELED"; // the error's code

// Of a file whose writing was stopped: nothing is left of it.
[[nodiscard]] inline Unexpected<Error> canceled()
{
    return fail("given up: nothing was written", kCanceled);
}

} // namespace core

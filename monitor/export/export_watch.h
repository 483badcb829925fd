// How far a file is, and a wish to give it up.
#pragma once

#include "monitor/core/result.h"

#include <functional>
#include <stop_token>

namespace exporting {

struct ExportWatch {
    std::stop_token stop = {};
    std::function<void(double share)> progress = {}; // 0 … 1, after each part; may be empty
};

// Of what was stopped: nothing is left of it.
[[nodiscard]] inline core::Unexpected<core::Error> canceled()
{
    return core::fail("given up: nothing was written", "CANCELED");
}

} // namespace exporting

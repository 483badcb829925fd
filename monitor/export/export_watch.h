// How far a file is, and a wish to give it up, which ends as core::canceled().
#pragma once

#include "monitor/core/canceled.h"

#include <functional>
#include <stop_token>

namespace exporting {

struct ExportWatch {
    std::stop_token stop = {};
    std::function<void(double share)> progress = {}; // 0 … 1, after each part; may be empty
};

} // namespace exporting

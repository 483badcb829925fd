// A log line as the window shows it.
#pragma once

#include "monitor/core/clock.h"

#include <string>

namespace metrics {

enum class LogLevel { Trace, Debug, Info, Warning, Error, Critical };

struct LogEntry {
    core::WallTime at = {};
    LogLevel level = LogLevel::Info;
    std::string logger;
    std::string text; // one line
};

} // namespace metrics

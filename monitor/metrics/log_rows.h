// Watched log files as people look at them: plain values.
#pragma once

#include "monitor/core/clock.h"

#include <cstdint>
#include <string>

namespace metrics {

// Waiting: there is no such file yet, or no longer.
enum class LogFileState { Waiting, Following, Unreadable };

// "waiting", "following", "unreadable": never translated.
[[nodiscard]] constexpr const char* logFileStateName(LogFileState state) noexcept
{
    switch (state) {
    case LogFileState::Waiting:
        return "waiting";
    case LogFileState::Following:
        return "following";
    case LogFileState::Unreadable:
        break;
    }
    return "unreadable";
}

struct LogFileRow {
    std::string name; // as configured: the label of its metrics
    std::string path; // for the window only; empty for the program's own log
    LogFileState state = LogFileState::Waiting;
    std::string reason; // one line: why it is unreadable
    std::string encoding;
    std::uint64_t lines = 0;
    std::uint64_t errors = 0;
    double linesPerSecond = 0; // over the last 10 s
    int errorsPerMinute = 0;   // in the last 60 s
    int openSessions = 0;
    int suspectedLeaks = 0;  // sessions not closed in time, now
    core::Nanos quietFor{0}; // since the last line; 0 before the first

    friend bool operator==(const LogFileRow&, const LogFileRow&) = default;
};

} // namespace metrics

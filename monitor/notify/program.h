// A program started without a shell, fed and waited for; whatever it started dies with it.
#pragma once

#include "monitor/core/clock.h"

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

struct ProgramEnd {
    enum class How { Exited, Killed, TimedOut, NotStarted } how = How::NotStarted;
    int code = 0;       // exit code, signal, or errno of NotStarted
    std::string output; // the first 4 KiB of its standard error
};

// In a process group of its own, which is killed (SIGKILL) after `timeout`, or when `stop` is asked for; and
// after the program's own end, so that nothing it left behind lives on. Thread-safe.
[[nodiscard]] ProgramEnd runProgram(const std::vector<std::string>& argv, std::string_view input,
                                    core::Nanos timeout, const std::stop_token& stop);

} // namespace notify

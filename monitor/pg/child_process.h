// A child that dies with its parent: fork, drop privileges, exec, with every failure told.
#pragma once

#include "monitor/core/result.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace pg {

// Whom a child becomes before exec. Supplementary groups are given up.
struct RunAs {
    uid_t uid = 0;
    gid_t gid = 0;
};

struct ChildSpec {
    std::filesystem::path program;         // absolute; PATH is not searched
    std::vector<std::string> arguments;    // without argv[0]
    std::vector<std::string> environment;  // the whole of it, NAME=value
    std::filesystem::path workFolder = "/";
    std::optional<RunAs> runAs = {};
    int output = -1;                       // becomes stdout and stderr; -1: /dev/null
};

// Starts the child in a session of its own (a Ctrl-C in the terminal does not reach it), with default signals, umask
// 077 and no open files but 0, 1, 2. It gets SIGINT when the calling THREAD ends (PR_SET_PDEATHSIG, prctl(2)): call
// from a thread that outlives it. Errors carry the errno name and the step that failed. Thread-safe.
[[nodiscard]] core::Result<pid_t> spawnChild(const ChildSpec& spec);

// The exit status as waitpid(2) gives it, once the child is gone; nothing when it still runs after `atMost`.
// Also "gone" (status -1) when it is no child of ours any more. Thread-safe for different children.
[[nodiscard]] std::optional<int> waitChild(pid_t child, std::chrono::milliseconds atMost);

// "ENOSPC" for 28; the number for those without a name.
[[nodiscard]] std::string errnoName(int number);

} // namespace pg

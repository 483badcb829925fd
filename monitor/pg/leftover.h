// A server that outlived its console: found by where it works, not by what a file claims.
#pragma once

#include <chrono>
#include <filesystem>
#include <sys/types.h>
#include <vector>

namespace pg {

// All living PostgreSQL processes whose working folder is this cluster (every PostgreSQL process works in its data
// folder). Others' processes that we may not look into are not listed.
[[nodiscard]] std::vector<pid_t> serverProcesses(const std::filesystem::path& cluster);

// The children of a process.
[[nodiscard]] std::vector<pid_t> childrenOf(pid_t parent);

// Stops every server in the cluster: fast (a second console waits for the first one's server to go), after 3 s
// immediate, after 5 s by force. The pid of one that stayed all the same, 0 when all are gone. Needs the home's lock.
[[nodiscard]] pid_t stopLeftover(const std::filesystem::path& cluster);

// Removes a postmaster.pid whose number was given to somebody else meanwhile, which PostgreSQL would take for a
// running server. Only when no process works in the cluster; needs the home's lock.
void removeStalePidFile(const std::filesystem::path& cluster);

} // namespace pg

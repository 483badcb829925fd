// How many connections this process may hold open.
#pragma once

#include <cstddef>

namespace net {

// `wanted`, or fewer when the process may not open so many files: the soft limit (RLIMIT_NOFILE) is raised as far as
// needed and allowed, and 256 files are left to the rest of the program. At least 16.
[[nodiscard]] std::size_t affordableConnections(std::size_t wanted);

} // namespace net

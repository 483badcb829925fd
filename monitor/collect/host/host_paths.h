// Where the kernel tells about itself: injected, so that tests bring files of their own.
#pragma once

#include <filesystem>

namespace collect {

enum class CgroupRule {
    LimitsWin, // a container's own limits stand in for the machine's totals in the ratios
    Ignore     // the machine as a whole, as psutil sees it
};

struct HostPaths {
    std::filesystem::path proc = "/proc";
    std::filesystem::path sys = "/sys";
    std::filesystem::path root = "/";
    CgroupRule cgroup = CgroupRule::LimitsWin;
};

} // namespace collect

#include "monitor/net/file_limit.h"

#include <sys/resource.h>

#include <algorithm>

namespace net {

namespace {

constexpr std::size_t kFilesForOthers = 256; // what the rest of the program may have open

} // namespace

std::size_t affordableConnections(std::size_t wanted)
{
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) {
        return wanted;
    }
    const rlim_t needed = wanted + kFilesForOthers;
    if (files.rlim_cur < needed) {
        rlimit raised = files;
        raised.rlim_cur = std::min<rlim_t>(needed, files.rlim_max);
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) {
            files = raised;
        }
    }
    const auto possible = static_cast<std::size_t>(std::min<rlim_t>(files.rlim_cur, needed));
    return std::max<std::size_t>(possible > kFilesForOthers ? possible - kFilesForOthers : possible / 2, 16);
}

} // namespace net

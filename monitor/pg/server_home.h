// Where the private cluster lives, who holds it, and where its socket is.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/pg/server_account.h"

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>

namespace pg {

struct ServerHome {
    std::filesystem::path base; // holds postgres/ (the cluster), postgres.log and postgres.lock
    bool temporary = false;     // made for this run only, to be removed at its end

    [[nodiscard]] std::filesystem::path cluster() const { return base / "postgres"; }
    [[nodiscard]] std::filesystem::path log() const { return base / "postgres.log"; }
};

// dataDir itself where the account can reach it; else (root's home) a folder below /var/lib/poolscope named after
// dataDir, always the same one; else a fresh one below /var/tmp or /tmp. Creates it.
[[nodiscard]] core::Result<ServerHome> chooseHome(const std::filesystem::path& dataDir, const ServerAccount& account,
                                                  core::Lang lang);

// A new folder, 0700, ours, with a path short enough for a socket's 107 bytes (unix(7)).
[[nodiscard]] core::Result<std::filesystem::path> makeSocketFolder();
// Removes such a folder with the sockets in it; nothing else, and no folder that makeSocketFolder() did not name.
void removeSocketFolder(const std::filesystem::path& folder);

// When the process was started, in clock ticks since boot (proc(5), field 22); empty when there is none.
[[nodiscard]] std::optional<unsigned long long> processStart(pid_t pid);

// The right to use a home: a lock file with our pid, our start time and the socket's folder. The kernel lets go of the
// lock when we die; where a file system has no locks, pid and start time tell.
class HomeLock {
public:
    HomeLock() = default;
    HomeLock(HomeLock&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    HomeLock& operator=(HomeLock&& other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~HomeLock();

    // Also removes the socket folder of a holder that died. Fails when another living process holds it.
    [[nodiscard]] static core::Result<HomeLock> take(const ServerHome& home, const std::filesystem::path& socketFolder,
                                                     core::Lang lang);

private:
    explicit HomeLock(int fd) : m_fd(fd) {}

    int m_fd = -1;
};

} // namespace pg

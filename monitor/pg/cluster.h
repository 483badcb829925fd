// The files of a private PostgreSQL: which programs to use, making a cluster, telling its version.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/pg/server_account.h"
#include "monitor/pg/server_home.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pg {

// The folder with initdb and postgres: of the version asked for ("15") when it is installed, else of the newest one.
// Looks at $POOLSCOPE_PG_BINDIR, Debian's /usr/lib/postgresql/*/bin, Red Hat's and Homebrew's places, then PATH.
[[nodiscard]] core::Result<std::filesystem::path> findServerPrograms(std::string_view version, core::Lang lang);

// "15" of the programs in this folder; empty when it cannot be told.
[[nodiscard]] std::string programVersion(const std::filesystem::path& binaries);

// "15" of a cluster's PG_VERSION; empty when there is no such file.
[[nodiscard]] std::string clusterVersion(const std::filesystem::path& cluster);

// Whether this server has written down that it takes connections now; another one's word does not count.
[[nodiscard]] bool takesConnections(const std::filesystem::path& cluster, pid_t server);

// What the server's processes see of our environment: nothing that would change what they do (PGPORT, LANG, …).
[[nodiscard]] std::vector<std::string> serverEnvironment(const std::filesystem::path& binaries);

struct InitSpec {
    std::filesystem::path binaries;
    ServerHome home;
    ServerAccount account;
    bool durable = true;
    core::Lang lang = core::Lang::English;
    std::function<void(double)> onProgress = {}; // 0..1
};

// Makes the cluster beside its place and moves it there when it is whole: a run that was cut off leaves nothing that
// looks like one. Needs the home's lock. Errors have the code "ENOSPC" for a full disk.
[[nodiscard]] core::Result<void> initCluster(const InitSpec& spec);

} // namespace pg

// A private PostgreSQL in the data folder: Unix socket only, a child of this process, gone when it is gone.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/pg/conninfo.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pg {

struct EmbeddedOptions {
    // The cluster is dataDir/postgres; created 0700. A program that runs as root starts the server as `postgres`, else
    // `nobody`; when that user cannot reach dataDir, the cluster is below /var/lib/poolscope (see clusterDir()).
    std::filesystem::path dataDir;
    bool durable = true;             // false: fsync off, for tests
    int maxConnections = 60;
    // "initdb", "start"; the fraction 0..1 is of the whole start and never falls. On the calling thread of start().
    std::function<void(std::string_view step, double progress)> onProgress = {};
    std::vector<std::string> settings = {}; // further name=value
    core::Lang lang = core::Lang::English;  // of error messages
    std::filesystem::path binaries = {};    // where initdb and postgres are; empty: findBinaries()
};

// start() must be called on a thread that lives as long as the program (main): the child dies with the thread that
// forked it (PR_SET_PDEATHSIG). Otherwise thread-safe; pid() and running() never wait for a start or stop under way.
class EmbeddedServer {
public:
    explicit EmbeddedServer(EmbeddedOptions options);
    ~EmbeddedServer(); // stop()
    EmbeddedServer(const EmbeddedServer&) = delete;
    EmbeddedServer& operator=(const EmbeddedServer&) = delete;

    // Creates the cluster when there is none, stops a leftover of ours, starts, waits until it takes connections.
    // Well too when it runs already. Error codes: no_binaries, no_user_name, no_account, in_use, wrong_version,
    // not_a_cluster, foreign_owner, leftover, initdb, start, timeout, or an errno name (EROFS, EACCES, ENOSPC).
    [[nodiscard]] core::Result<void> start();
    // Fast shutdown (SIGINT), after 5 s immediate, after 10 s SIGKILL.
    void stop();
    // For the scenario "server stopped and started again" and for tests.
    [[nodiscard]] core::Result<void> restart();
    [[nodiscard]] bool running() const;
    [[nodiscard]] int pid() const; // of the postmaster, 0 when not running
    [[nodiscard]] ConnInfo connInfo() const;
    // The same from the construction to the end; also PostgreSQL's `host` while there is no server yet.
    [[nodiscard]] const std::filesystem::path& socketDir() const noexcept;
    // Where the cluster really is; empty before the first start().
    [[nodiscard]] std::filesystem::path clusterDir() const;

    // Where initdb and postgres are, or why not and what to install.
    [[nodiscard]] static core::Result<std::filesystem::path> findBinaries(core::Lang lang = core::Lang::English);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace pg

// A private PostgreSQL in the data folder: Unix socket only, a child of this process, gone when it is gone.
#pragma once

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
    std::filesystem::path dataDir;   // the cluster is dataDir/postgres; created 0700
    bool durable = true;             // false: fsync off, for tests
    int maxConnections = 60;
    std::function<void(std::string_view step, double progress)> onProgress = {}; // "initdb", "start"; 0..1
    std::vector<std::string> settings = {}; // further name=value
};

// start() must be called on a thread that lives as long as the program (main): the child dies with the thread that
// forked it (PR_SET_PDEATHSIG). Otherwise thread-safe.
class EmbeddedServer {
public:
    explicit EmbeddedServer(EmbeddedOptions options);
    ~EmbeddedServer(); // stop()
    EmbeddedServer(const EmbeddedServer&) = delete;
    EmbeddedServer& operator=(const EmbeddedServer&) = delete;

    // Creates the cluster when there is none, adopts or stops a leftover of ours, starts, waits until it answers.
    [[nodiscard]] core::Result<void> start();
    // Fast shutdown (SIGINT), after 5 s immediate, after 10 s SIGKILL.
    void stop();
    // For the scenario "server stopped and started again" and for tests.
    [[nodiscard]] core::Result<void> restart();
    [[nodiscard]] bool running() const;
    [[nodiscard]] int pid() const; // of the postmaster, 0 when not running
    [[nodiscard]] ConnInfo connInfo() const;
    [[nodiscard]] const std::filesystem::path& socketDir() const noexcept;

    // Where initdb and postgres are, or why not and what to install.
    [[nodiscard]] static core::Result<std::filesystem::path> findBinaries();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace pg

#include "monitor/pg/embedded_server.h"

#include "monitor/core/mutex.h"
#include "monitor/pg/child_process.h"
#include "monitor/pg/cluster.h"
#include "monitor/pg/leftover.h"
#include "monitor/pg/server_account.h"
#include "monitor/pg/server_home.h"
#include "monitor/pg/server_log.h"
#include "monitor/pg/server_texts.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace pg {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kStartLimit = 60s;    // recovery after a crash included
constexpr auto kReadyPoll = 3ms;
constexpr auto kFastShutdown = 5s;   // after SIGINT
constexpr auto kImmediate = 5s;      // after SIGQUIT
constexpr auto kForced = 5s;         // after SIGKILL
constexpr double kInitdbShare = 0.9; // of the first start's time

std::vector<std::string> serverArguments(const EmbeddedOptions& options, const fs::path& cluster, const fs::path& socket)
{
    std::vector<std::string> arguments{"-D", cluster.string(), "-k", socket.string(), "-p", "5432"};
    std::vector<std::string> settings{"listen_addresses=",
                                      "unix_socket_permissions=0700",
                                      "shared_buffers=32MB",
                                      "max_connections=" + std::to_string(options.maxConnections),
                                      "wal_level=minimal",
                                      "max_wal_senders=0",
                                      "huge_pages=off",
                                      "logging_collector=off",
                                      "log_destination=stderr",
                                      "log_line_prefix=%m [%p] ",
                                      "log_min_error_statement=panic", // statements hold values
                                      "cluster_name=poolscope"};
    if (!options.durable) {
        settings.insert(settings.end(), {"fsync=off", "synchronous_commit=off", "full_page_writes=off"});
    }
    settings.insert(settings.end(), options.settings.begin(), options.settings.end());
    for (std::string& setting : settings) {
        arguments.emplace_back("-c");
        arguments.push_back(std::move(setting));
    }
    return arguments;
}

} // namespace

struct EmbeddedServer::Impl {
    explicit Impl(EmbeddedOptions given) : options(std::move(given))
    {
        core::Result<fs::path> made = makeSocketFolder();
        if (made) {
            socket = *std::move(made);
        } else {
            socketTrouble = std::move(made).error();
        }
    }
    ~Impl()
    {
        removeSocketFolder(socket);
        if (home.temporary) {
            std::error_code error;
            fs::remove_all(home.base, error);
        }
    }

    core::Result<void> start() REQUIRES(work);
    void stop() REQUIRES(work);
    core::Result<void> prepare() REQUIRES(work);
    core::Result<void> chooseAccount() REQUIRES(work);
    core::Result<void> clearLeftover() REQUIRES(work);
    core::Result<void> choosePrograms() REQUIRES(work);
    core::Result<void> makeCluster() REQUIRES(work);
    core::Result<void> launch() REQUIRES(work);
    core::Result<void> waitReady(std::size_t logBegin) REQUIRES(work);
    core::Result<void> startFailed(std::size_t logBegin) REQUIRES(work);
    void tell(std::string_view step, double progress) const
    {
        if (options.onProgress) {
            options.onProgress(step, progress);
        }
    }
    // True once the server is gone within the time; reaps it.
    bool goneWithin(std::chrono::milliseconds atMost);
    [[nodiscard]] pid_t currentPid();

    const EmbeddedOptions options;
    fs::path socket;
    std::optional<core::Error> socketTrouble;

    core::Mutex work; // one start, stop or restart at a time; slow by design, and only those three take it
    ServerAccount account GUARDED_BY(work);
    fs::path binaries GUARDED_BY(work);
    HomeLock lock GUARDED_BY(work);
    ServerHome home; // written under both

    core::Mutex state; // guards pid (and the writing of home); nothing slow under it
    pid_t pid GUARDED_BY(state) = 0;
};

pid_t EmbeddedServer::Impl::currentPid()
{
    const core::MutexLock guard(state);
    if (pid > 0 && waitChild(pid, 0ms)) {
        pid = 0;
    }
    return pid;
}

bool EmbeddedServer::Impl::goneWithin(std::chrono::milliseconds atMost)
{
    const auto deadline = std::chrono::steady_clock::now() + atMost;
    while (currentPid() != 0) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        std::this_thread::sleep_for(kReadyPoll);
    }
    return true;
}

core::Result<void> EmbeddedServer::Impl::chooseAccount()
{
    core::Result<ServerAccount> chosen = serverAccount(::geteuid(), options.lang);
    if (!chosen) {
        return core::Unexpected{std::move(chosen).error()};
    }
    account = *std::move(chosen);
    if (!home.temporary) { // a temporary one is kept for the next start
        core::Result<ServerHome> where = chooseHome(options.dataDir, account, options.lang);
        if (!where) {
            return core::Unexpected{std::move(where).error()};
        }
        const core::MutexLock guard(state);
        home = *std::move(where);
    }
    struct stat info {};
    if (::stat(home.cluster().c_str(), &info) != 0 || info.st_uid == account.ids.uid) {
        return {};
    }
    if (!account.dropped || info.st_uid == 0) {
        return core::fail(say(options.lang, kForeignOwner, home.cluster().string(), info.st_uid), "foreign_owner");
    }
    account.ids = {info.st_uid, info.st_gid}; // root may serve any owner's cluster
    return {};
}

core::Result<void> EmbeddedServer::Impl::clearLeftover()
{
    if (const pid_t stays = stopLeftover(home.cluster()); stays != 0) {
        return core::fail(say(options.lang, kLeftoverStays, home.cluster().string(), stays), "leftover");
    }
    removeStalePidFile(home.cluster());
    return {};
}

core::Result<void> EmbeddedServer::Impl::choosePrograms()
{
    const std::string made = clusterVersion(home.cluster());
    core::Result<fs::path> found =
        options.binaries.empty() ? findServerPrograms(made, options.lang) : core::Result<fs::path>(options.binaries);
    if (!found) {
        return core::Unexpected{std::move(found).error()};
    }
    binaries = *std::move(found);
    if (made.empty()) {
        return {};
    }
    const std::string installed = programVersion(binaries);
    if (!installed.empty() && installed != made) {
        return core::fail(say(options.lang, kWrongVersion, home.cluster().string(), made, installed), "wrong_version");
    }
    return {};
}

core::Result<void> EmbeddedServer::Impl::makeCluster()
{
    if (!clusterVersion(home.cluster()).empty()) {
        return {};
    }
    std::error_code error;
    if (fs::exists(home.cluster(), error) && !fs::is_empty(home.cluster(), error)) {
        return core::fail(say(options.lang, kNotACluster, home.cluster().string()), "not_a_cluster");
    }
    tell("initdb", 0.0);
    return initCluster({binaries, home, account, options.durable, options.lang,
                        [this](double done) { tell("initdb", done * kInitdbShare); }});
}

core::Result<void> EmbeddedServer::Impl::prepare()
{
    if (socketTrouble) {
        return core::fail(say(options.lang, kNoSocketFolder, socketTrouble->message), socketTrouble->code);
    }
    if (core::Result<void> chosen = chooseAccount(); !chosen) {
        return chosen;
    }
    if (account.dropped && ::chown(socket.c_str(), account.ids.uid, account.ids.gid) != 0) {
        return core::fail(say(options.lang, kNoSocketFolder, std::strerror(errno)), errnoName(errno));
    }
    lock = HomeLock(); // still held when the server ended by itself
    core::Result<HomeLock> taken = HomeLock::take(home, socket, options.lang);
    if (!taken) {
        return core::Unexpected{std::move(taken).error()};
    }
    lock = *std::move(taken);
    if (core::Result<void> cleared = clearLeftover(); !cleared) {
        return cleared;
    }
    core::Result<void> chosen = choosePrograms();
    return chosen ? makeCluster() : chosen;
}

core::Result<void> EmbeddedServer::Impl::launch()
{
    ServerLog log(home.log());
    if (!log.open()) {
        const int number = errno;
        return core::fail(say(options.lang, kCannotCreate, home.base.string(), std::strerror(number)),
                          errnoName(number));
    }
    const std::size_t begin = log.size();
    const ChildSpec spec{binaries / "postgres", serverArguments(options, home.cluster(), socket),
                         serverEnvironment(binaries), home.cluster(), account.runAs(), log.fd()};
    const core::Result<pid_t> child = spawnChild(spec);
    if (!child) {
        return core::fail(say(options.lang, kStartFailed, home.cluster().string(), child.error().message),
                          child.error().code);
    }
    {
        const core::MutexLock guard(state);
        pid = *child;
    }
    return waitReady(begin);
}

core::Result<void> EmbeddedServer::Impl::waitReady(std::size_t logBegin)
{
    const auto begin = std::chrono::steady_clock::now();
    for (;;) {
        const pid_t now = currentPid();
        if (now == 0) {
            return startFailed(logBegin);
        }
        if (takesConnections(home.cluster(), now)) {
            tell("start", 1.0);
            return {};
        }
        if (std::chrono::steady_clock::now() - begin > kStartLimit) {
            stop();
            return core::fail(say(options.lang, kStartTimeout, home.cluster().string(),
                                  std::chrono::seconds(kStartLimit).count(), home.log().string()),
                              "timeout");
        }
        std::this_thread::sleep_for(kReadyPoll);
    }
}

core::Result<void> EmbeddedServer::Impl::startFailed(std::size_t logBegin)
{
    const std::string said = ServerLog::textFrom(home.log(), logBegin);
    if (said.find("No space left on device") != std::string::npos) {
        return core::fail(say(options.lang, kDiskFull, home.base.string()), "ENOSPC");
    }
    return core::fail(say(options.lang, kStartFailed, home.cluster().string(), mainComplaint(said)), "start");
}

core::Result<void> EmbeddedServer::Impl::start()
{
    if (currentPid() != 0) {
        return {};
    }
    core::Result<void> done = prepare();
    if (done) {
        tell("start", kInitdbShare);
        done = launch();
    }
    if (!done) {
        lock = HomeLock();
    }
    return done;
}

void EmbeddedServer::Impl::stop()
{
    const std::vector<std::pair<int, std::chrono::milliseconds>> steps{
        {SIGINT, kFastShutdown}, {SIGQUIT, kImmediate}, {SIGKILL, kForced}};
    for (const auto& [signal, patience] : steps) {
        const pid_t now = currentPid();
        if (now == 0) {
            break;
        }
        const std::vector<pid_t> children = childrenOf(now);
        ::kill(now, signal);
        for (const pid_t child : children) {
            ::kill(child, signal == SIGKILL ? SIGKILL : SIGCONT); // a frozen one could not hear the postmaster
        }
        ::kill(now, SIGCONT);
        (void)goneWithin(patience);
    }
    lock = HomeLock();
}

EmbeddedServer::EmbeddedServer(EmbeddedOptions options) : m_impl(std::make_unique<Impl>(std::move(options))) {}

EmbeddedServer::~EmbeddedServer()
{
    stop();
}

core::Result<void> EmbeddedServer::start()
{
    const core::MutexLock guard(m_impl->work);
    return m_impl->start();
}

void EmbeddedServer::stop()
{
    const core::MutexLock guard(m_impl->work);
    m_impl->stop();
}

core::Result<void> EmbeddedServer::restart()
{
    const core::MutexLock guard(m_impl->work);
    m_impl->stop();
    return m_impl->start();
}

bool EmbeddedServer::running() const
{
    return pid() != 0;
}

int EmbeddedServer::pid() const
{
    return m_impl->currentPid();
}

ConnInfo EmbeddedServer::connInfo() const
{
    ConnInfo info;
    info.set("host", m_impl->socket.string());
    info.set("port", "5432");
    info.set("user", "postgres");
    info.set("dbname", "postgres");
    return info;
}

const fs::path& EmbeddedServer::socketDir() const noexcept
{
    return m_impl->socket;
}

fs::path EmbeddedServer::clusterDir() const
{
    const core::MutexLock guard(m_impl->state);
    return m_impl->home.base.empty() ? fs::path() : m_impl->home.cluster();
}

core::Result<fs::path> EmbeddedServer::findBinaries(core::Lang lang)
{
    return findServerPrograms({}, lang);
}

} // namespace pg

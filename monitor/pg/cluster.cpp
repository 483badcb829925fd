#include "monitor/pg/cluster.h"

#include "monitor/pg/child_process.h"
#include "monitor/pg/server_log.h"
#include "monitor/pg/server_texts.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pg {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kInitdbLimit = 120s; // of a first start on a slow disk; 1 s is usual
constexpr auto kVersionLimit = 10s;
constexpr std::size_t kMostOutput = 16384;

bool hasPrograms(const fs::path& folder)
{
    return ::access((folder / "initdb").c_str(), X_OK) == 0 && ::access((folder / "postgres").c_str(), X_OK) == 0;
}

// "9.6" < "15": by number, not by letter.
double numberOf(const std::string& version)
{
    return std::strtod(version.c_str(), nullptr);
}

std::vector<fs::path> versionedFolders()
{
    std::map<double, fs::path, std::greater<>> byVersion;
    for (const char* parent : {"/usr/lib/postgresql", "/usr/pgsql", "/usr/local/pgsql"}) {
        std::error_code error;
        for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error)) {
            byVersion.emplace(numberOf(at->path().filename().string()), at->path() / "bin");
        }
    }
    std::vector<fs::path> folders;
    for (const auto& [version, folder] : byVersion) {
        folders.push_back(folder);
    }
    return folders;
}

std::vector<fs::path> pathFolders()
{
    std::vector<fs::path> folders{"/usr/local/pgsql/bin"};
    const char* path = std::getenv("PATH");
    std::string_view rest = path != nullptr ? path : "";
    while (!rest.empty()) {
        const std::size_t colon = std::min(rest.find(':'), rest.size());
        folders.emplace_back(rest.substr(0, colon));
        rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    return folders;
}

struct Output {
    std::string text;
    int status = -1; // as waitpid(2) gives it
    bool timedOut = false;
};

// Runs a program to its end; every line of its output is given to onLine as it comes.
core::Result<Output> runProgram(ChildSpec spec, std::chrono::milliseconds atMost,
                                const std::function<void(std::string_view)>& onLine)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return core::fail(std::strerror(errno), errnoName(errno));
    }
    spec.output = ends[1];
    const core::Result<pid_t> child = spawnChild(spec);
    ::close(ends[1]);
    Output output;
    const auto deadline = std::chrono::steady_clock::now() + atMost;
    while (child) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd ready{ends[0], POLLIN, 0};
        if (left <= 0ms || ::poll(&ready, 1, static_cast<int>(left.count())) == 0) {
            output.timedOut = true;
            ::kill(*child, SIGKILL);
            break;
        }
        std::array<char, 1024> buffer{};
        const ssize_t got = ::read(ends[0], buffer.data(), buffer.size());
        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
        if (got > 0 && output.text.size() < kMostOutput) {
            output.text.append(buffer.data(), static_cast<std::size_t>(got));
            onLine(output.text);
        }
    }
    ::close(ends[0]);
    if (!child) {
        return core::Unexpected{child.error()};
    }
    output.status = waitChild(*child, kVersionLimit).value_or(-1);
    return output;
}

// How far initdb is, by what it has said so far; weights from a run on a loaded two-core machine.
double initdbProgress(std::string_view said)
{
    constexpr std::array<std::pair<std::string_view, double>, 7> kPhases = {{
        {"syncing data to disk", 0.90},
        {"performing post-bootstrap initialization", 0.55},
        {"running bootstrap script", 0.25},
        {"creating configuration files", 0.22},
        {"selecting default", 0.08},
        {"creating subdirectories", 0.04},
        {"fixing permissions", 0.02},
    }};
    for (const auto& [phase, done] : kPhases) {
        if (said.find(phase) != std::string_view::npos) {
            return done;
        }
    }
    return 0.0;
}

std::vector<std::string> initdbArguments(const InitSpec& spec, const fs::path& target)
{
    std::vector<std::string> arguments{"-D", target.string(), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                                       "--locale=C.UTF-8", "--wal-segsize=1", "--no-instructions"};
    if (!spec.durable) {
        arguments.emplace_back("--no-sync");
    }
    return arguments;
}

core::Result<void> initFailed(const InitSpec& spec, const Output& output)
{
    const std::string where = spec.home.base.string();
    if (output.text.find("No space left on device") != std::string::npos ||
        output.text.find("Disk quota exceeded") != std::string::npos) {
        return core::fail(say(spec.lang, kDiskFull, where), "ENOSPC");
    }
    const std::string why = output.timedOut
                                ? say(spec.lang, kTimeout, std::chrono::seconds(kInitdbLimit).count())
                                : mainComplaint(output.text);
    return core::fail(say(spec.lang, kInitdbFailed, where, why), "initdb");
}

core::Result<void> emptyFolder(const InitSpec& spec, const fs::path& folder)
{
    std::error_code error;
    fs::remove_all(folder, error);
    const bool made = ::mkdir(folder.c_str(), 0700) == 0 &&
                      (!spec.account.dropped ||
                       ::chown(folder.c_str(), spec.account.ids.uid, spec.account.ids.gid) == 0);
    if (made) {
        return {};
    }
    const int number = errno;
    return number == ENOSPC || number == EDQUOT
               ? core::fail(say(spec.lang, kDiskFull, spec.home.base.string()), "ENOSPC")
               : core::fail(say(spec.lang, kCannotCreate, spec.home.base.string(), std::strerror(number)),
                            errnoName(number));
}

} // namespace

core::Result<fs::path> findServerPrograms(std::string_view version, core::Lang lang)
{
    std::vector<fs::path> folders;
    if (const char* given = std::getenv("POOLSCOPE_PG_BINDIR"); given != nullptr && *given != '\0') {
        folders.emplace_back(given);
    }
    const std::vector<fs::path> versioned = versionedFolders();
    const auto wanted = std::find_if(versioned.begin(), versioned.end(), [version](const fs::path& folder) {
        return folder.parent_path().filename().string() == version;
    });
    if (wanted != versioned.end()) {
        folders.push_back(*wanted);
    }
    folders.insert(folders.end(), versioned.begin(), versioned.end());
    const std::vector<fs::path> others = pathFolders();
    folders.insert(folders.end(), others.begin(), others.end());
    const auto found = std::find_if(folders.begin(), folders.end(), hasPrograms);
    if (found == folders.end()) {
        return core::fail(std::string(kNoBinaries.in(lang)), "no_binaries");
    }
    return *found;
}

std::string programVersion(const fs::path& binaries)
{
    ChildSpec spec{binaries / "postgres", {"--version"}, serverEnvironment(binaries)};
    const core::Result<Output> run = runProgram(spec, kVersionLimit, [](std::string_view) {});
    if (!run) {
        return {};
    }
    const std::string& said = run->text; // "postgres (PostgreSQL) 15.4 (Debian 15.4-1)"
    const std::size_t begin = said.find_first_of("0123456789");
    if (begin == std::string::npos) {
        return {};
    }
    std::string major = said.substr(begin, said.find_first_not_of("0123456789", begin) - begin);
    if (numberOf(major) < 10) { // until 9.6 two numbers made a major version
        major = said.substr(begin, 3);
    }
    return major;
}

std::string clusterVersion(const fs::path& cluster)
{
    std::ifstream file(cluster / "PG_VERSION");
    std::string version;
    file >> version;
    return version.substr(0, 16);
}

// Line 8 of postmaster.pid, as pg_ctl reads it (src/include/utils/pidfile.h): "ready" when connections are taken.
bool takesConnections(const fs::path& cluster, pid_t server)
{
    std::ifstream file(cluster / "postmaster.pid");
    std::string line;
    for (int number = 1; number <= 8; ++number) {
        if (!std::getline(file, line) || (number == 1 && line != std::to_string(server))) {
            return false;
        }
    }
    return line.starts_with("ready");
}

std::vector<std::string> serverEnvironment(const fs::path& binaries)
{
    std::vector<std::string> environment{"LC_ALL=C.UTF-8",
                                         "PATH=" + binaries.string() + ":/usr/local/bin:/usr/bin:/bin"};
    for (const char* name : {"TZ", "LD_LIBRARY_PATH"}) {
        if (const char* value = std::getenv(name); value != nullptr) {
            environment.push_back(std::string(name) + "=" + value);
        }
    }
    return environment;
}

core::Result<void> initCluster(const InitSpec& spec)
{
    const fs::path target = spec.home.base / "postgres.new";
    if (core::Result<void> made = emptyFolder(spec, target); !made) {
        return made;
    }
    const ChildSpec child{spec.binaries / "initdb", initdbArguments(spec, target), serverEnvironment(spec.binaries),
                          "/",  spec.account.runAs()};
    const core::Result<Output> run = runProgram(child, kInitdbLimit, [&spec](std::string_view said) {
        if (spec.onProgress) {
            spec.onProgress(initdbProgress(said));
        }
    });
    core::Result<void> done;
    std::error_code error;
    if (!run) {
        done = core::fail(say(spec.lang, kInitdbFailed, spec.home.base.string(), run.error().message),
                          run.error().code);
    } else if (run->timedOut || !WIFEXITED(run->status) || WEXITSTATUS(run->status) != 0) {
        done = initFailed(spec, *run);
    } else if (fs::rename(target, spec.home.cluster(), error); error) {
        done = core::fail(say(spec.lang, kInitdbFailed, spec.home.base.string(), error.message()), "initdb");
    }
    if (!done) {
        fs::remove_all(target, error);
    }
    return done;
}

} // namespace pg

#include "monitor/pg/server_home.h"

#include "monitor/core/stream_text.h"
#include "monitor/pg/server_texts.h"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace pg {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSocketFolderPrefix = "poolscope-";
constexpr std::string_view kSocketName = "/.s.PGSQL.5432";
constexpr std::size_t kLongestSocketPath = 107; // sun_path has 108 with the final NUL
constexpr std::string_view kSystemHome = "/var/lib/poolscope";

core::Unexpected<core::Error> cannotCreate(core::Lang lang, const fs::path& folder, int error)
{
    return core::fail(say(lang, kCannotCreate, folder.string(), std::strerror(error)), errnoName(error));
}

// FNV-1a, only to give each data folder a name of its own.
std::uint32_t shortHash(std::string_view text)
{
    std::uint32_t hash = 2166136261U;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    }
    return hash;
}

// 0700, or 0711 when the server runs as somebody else, who has to pass through.
int makeFolder(const fs::path& folder, const ServerAccount& account)
{
    std::error_code error;
    if (fs::is_directory(folder, error)) {
        return ::access(folder.c_str(), W_OK | X_OK) == 0 ? 0 : errno;
    }
    if (!folder.parent_path().empty()) {
        fs::create_directories(folder.parent_path(), error);
        if (error) {
            return error.value();
        }
    }
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return errno;
    }
    if (!fs::is_directory(folder, error)) {
        return ENOTDIR;
    }
    return account.dropped && ::chmod(folder.c_str(), 0711) != 0 ? errno : 0;
}

std::optional<fs::path> makeTemporary(std::string pattern)
{
    return ::mkdtemp(pattern.data()) != nullptr ? std::optional<fs::path>(pattern) : std::nullopt;
}

core::Result<ServerHome> otherHome(const fs::path& dataDir, const ServerAccount& account, core::Lang lang)
{
    // Ours by its name: opened for passing through when an earlier run closed it (as the data folder of root, say).
    if (struct stat info {}; ::stat(kSystemHome.data(), &info) == 0 && info.st_uid == ::geteuid()) {
        ::chmod(kSystemHome.data(), (info.st_mode & 07777U) | S_IXUSR | S_IXGRP | S_IXOTH);
    }
    const fs::path named = fs::path(kSystemHome) / fmt::format("cluster-{:08x}", shortHash(dataDir.string()));
    if (makeFolder(fs::path(kSystemHome), account) == 0 && makeFolder(named, account) == 0 &&
        canReach(named, account)) {
        return ServerHome{named, false};
    }
    for (const char* pattern : {"/var/tmp/poolscope-data-XXXXXX", "/tmp/poolscope-data-XXXXXX"}) {
        const std::optional<fs::path> made = makeTemporary(pattern);
        if (made && ::chmod(made->c_str(), account.dropped ? 0711 : 0700) == 0 && canReach(*made, account)) {
            return ServerHome{*made, true};
        }
    }
    return cannotCreate(lang, dataDir, EACCES);
}

std::vector<fs::path> socketParents()
{
    std::vector<fs::path> parents;
    const char* runtime = std::getenv("XDG_RUNTIME_DIR"); // ours alone: no use when the server is somebody else
    if (::geteuid() != 0 && runtime != nullptr && *runtime == '/') {
        parents.emplace_back(runtime);
    }
    parents.insert(parents.end(), {"/tmp", "/var/tmp", "/dev/shm"});
    return parents;
}

struct Holder {
    pid_t pid = 0;
    unsigned long long start = 0;
    std::string socketFolder;
};

Holder readHolder(int fd)
{
    std::string text(4096, '\0');
    const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    std::istringstream lines(text);
    Holder holder;
    lines >> holder.pid >> holder.start >> std::ws;
    std::getline(lines, holder.socketFolder);
    return holder;
}

bool writeHolder(int fd, const fs::path& socketFolder)
{
    const std::string text =
        fmt::format("{} {}\n{}\n", ::getpid(), processStart(::getpid()).value_or(0), socketFolder.string());
    return ::ftruncate(fd, 0) == 0 && ::pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

bool lives(const Holder& holder)
{
    return holder.pid > 0 && holder.pid != ::getpid() && processStart(holder.pid) == holder.start;
}

} // namespace

core::Result<ServerHome> chooseHome(const fs::path& dataDir, const ServerAccount& account, core::Lang lang)
{
    std::error_code error;
    const fs::path wanted = fs::absolute(dataDir, error).lexically_normal();
    if (const int trouble = makeFolder(wanted, account); trouble != 0) {
        return cannotCreate(lang, wanted, trouble);
    }
    if (!account.dropped || canReach(wanted, account)) {
        return ServerHome{fs::canonical(wanted, error), false};
    }
    return otherHome(wanted, account, lang);
}

core::Result<fs::path> makeSocketFolder()
{
    int last = ENAMETOOLONG;
    for (const fs::path& parent : socketParents()) {
        const std::string pattern = (parent / std::string(kSocketFolderPrefix).append("XXXXXX")).string();
        if (pattern.size() + kSocketName.size() > kLongestSocketPath) {
            continue;
        }
        if (std::optional<fs::path> made = makeTemporary(pattern)) {
            return *std::move(made);
        }
        last = errno;
    }
    return core::fail(std::strerror(last), errnoName(last));
}

void removeSocketFolder(const fs::path& folder)
{
    const bool named = folder.is_absolute() && folder.filename().string().starts_with(kSocketFolderPrefix) &&
                       folder == folder.lexically_normal();
    struct stat info {};
    if (!named || ::lstat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
        return;
    }
    std::error_code error;
    const std::string socket = folder.string().append(kSocketName);
    fs::remove(socket, error);
    fs::remove(socket + ".lock", error);
    ::rmdir(folder.c_str()); // fails, rightly, when there is anything else in it
}

std::optional<unsigned long long> processStart(pid_t pid)
{
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    const std::string text = core::textOf(file); // it may end between opening and reading
    const std::size_t nameEnd = text.rfind(')'); // the name may hold blanks and brackets itself
    if (nameEnd == std::string::npos) {
        return std::nullopt;
    }
    std::istringstream fields(text.substr(nameEnd + 1));
    std::string field;
    for (int number = 3; number <= 22; ++number) {
        fields >> field;
        if (number == 3 && field == "Z") {
            return std::nullopt; // a zombie runs no more
        }
    }
    unsigned long long ticks = 0;
    const auto [end, wrong] = std::from_chars(field.data(), field.data() + field.size(), ticks);
    return wrong == std::errc() && end != field.data() ? std::optional(ticks) : std::nullopt;
}

HomeLock::~HomeLock()
{
    if (m_fd >= 0) {
        [[maybe_unused]] const int emptied = ::ftruncate(m_fd, 0); // the file stays: removing it would race
        ::close(m_fd);
    }
}

core::Result<HomeLock> HomeLock::take(const ServerHome& home, const fs::path& socketFolder, core::Lang lang)
{
    const fs::path path = home.base / "postgres.lock";
    HomeLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (lock.m_fd < 0) {
        return cannotCreate(lang, home.base, errno);
    }
    const Holder before = readHolder(lock.m_fd);
    const bool refused = ::flock(lock.m_fd, LOCK_EX | LOCK_NB) != 0;
    if ((refused && errno == EWOULDBLOCK) || lives(before)) {
        ::close(std::exchange(lock.m_fd, -1)); // without emptying what is another's
        return core::fail(say(lang, kInUse, home.cluster().string(), before.pid), "in_use");
    }
    removeSocketFolder(before.socketFolder);
    if (!writeHolder(lock.m_fd, socketFolder)) {
        return errno == ENOSPC ? core::fail(say(lang, kDiskFull, home.base.string()), "ENOSPC")
                               : cannotCreate(lang, home.base, errno);
    }
    return lock;
}

} // namespace pg

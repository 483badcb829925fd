#include "monitor/notify/journal.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace notify {

namespace {

using nlohmann::json;

constexpr std::uint64_t kMostBytes = 64ULL << 20; // a larger file is not ours
constexpr std::uint64_t kSlack = 256ULL << 10;    // not rewritten below that

// CRC-32 (IEEE 802.3, the one of gzip).
constexpr auto kCrcTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
        }
        table[i] = value;
    }
    return table;
}();

std::uint32_t crcOf(std::string_view bytes)
{
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char byte : bytes) {
        crc = kCrcTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (crc >> 8U);
    }
    return ~crc;
}

core::Unexpected<core::Error> failed(std::string_view what, const std::filesystem::path& file)
{
    const int error = errno;
    return core::fail(fmt::format("cannot {} {}: {}", what, file.string(), std::strerror(error)),
                      strerrorname_np(error) ? strerrorname_np(error) : "");
}

std::string lineOf(const Change& change)
{
    json pairs = json::array();
    for (const auto& [key, value] : change) {
        pairs.push_back(value ? json::array({key, *value}) : json::array({key}));
    }
    const std::string body = pairs.dump(-1, ' ', false, json::error_handler_t::replace);
    return fmt::format("{:08x} {}\n", crcOf(body), body);
}

std::optional<Change> changeOf(std::string_view line)
{
    if (line.size() < 10 || line[8] != ' ' ||
        line.substr(0, 8) != fmt::format("{:08x}", crcOf(line.substr(9)))) {
        return std::nullopt;
    }
    const json pairs = json::parse(line.substr(9), nullptr, false);
    if (!pairs.is_array()) {
        return std::nullopt;
    }
    Change change;
    for (const json& pair : pairs) {
        if (!pair.is_array() || pair.empty() || pair.size() > 2 || !pair.front().is_string() ||
            !pair.back().is_string()) {
            return std::nullopt;
        }
        change.emplace_back(pair[0].get<std::string>(),
                            pair.size() == 2 ? std::optional(pair[1].get<std::string>()) : std::nullopt);
    }
    return change;
}

bool writeAll(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

void syncFolder(const std::filesystem::path& folder)
{
    if (const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); fd >= 0) {
        (void)fsync(fd); // some file systems cannot; the file itself is safe
        ::close(fd);
    }
}

} // namespace

Journal::~Journal()
{
    for (const int fd : {m_fd, m_lock}) {
        if (fd >= 0) {
            ::close(fd);
        }
    }
}

core::Result<void> Journal::open(const std::filesystem::path& file)
{
    const std::filesystem::path lock = file.string() + ".lock";
    m_lock = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (m_lock < 0) {
        return failed("open", lock);
    }
    if (flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
        return core::fail(fmt::format("{} is in use by another Poolscope", file.string()), "EWOULDBLOCK");
    }
    struct stat info {};
    if (stat(file.c_str(), &info) == 0) {
        if (!S_ISREG(info.st_mode) || static_cast<std::uint64_t>(info.st_size) > kMostBytes) {
            return core::fail(fmt::format("{} is no file of ours", file.string()));
        }
        std::ifstream stream(file, std::ios::binary);
        std::ostringstream bytes;
        bytes << stream.rdbuf();
        if (!stream) {
            return core::fail(fmt::format("cannot read {}", file.string()));
        }
        read(bytes.str());
    }
    m_file = file;
    // A line that was cut off must not swallow the next one: the file begins anew, whole.
    return rewrite();
}

void Journal::read(std::string_view bytes)
{
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view line = bytes.substr(0, end);
        if (const auto change = end == std::string_view::npos ? std::nullopt : changeOf(line)) {
            apply(*change);
        } else {
            ++m_broken;
        }
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
}

void Journal::apply(const Change& change)
{
    for (const auto& [key, value] : change) {
        if (const auto at = m_values.find(key); at != m_values.end()) {
            m_live -= key.size() + at->second.size();
            m_values.erase(at);
        }
        if (value) {
            m_live += key.size() + value->size();
            m_values.emplace(key, *value);
        }
    }
}

core::Result<void> Journal::commit(const Change& change, Durability durability)
{
    if (change.empty()) {
        return {};
    }
    apply(change);
    if (m_file.empty()) {
        return {};
    }
    if (m_fd < 0) {
        return rewrite(); // the disk refused before; everything is in memory
    }
    const std::string line = lineOf(change);
    if (!writeAll(m_fd, line) || (durability == Durability::Synced && fdatasync(m_fd) != 0)) {
        const auto error = failed("write", m_file);
        ::close(m_fd);
        m_fd = -1; // half a line may stand there
        return error;
    }
    m_size += line.size();
    return m_size > kSlack + 4 * m_live ? rewrite() : core::Result<void>();
}

core::Result<void> Journal::rewrite()
{
    const std::filesystem::path fresh = m_file.string() + ".new";
    const int fd =
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return failed("write", fresh);
    }
    std::uint64_t size = 0;
    bool well = true;
    for (const auto& [key, value] : m_values) {
        const std::string line = lineOf({{key, value}});
        size += line.size();
        well = well && writeAll(fd, line);
    }
    if (!well || fsync(fd) != 0 || rename(fresh.c_str(), m_file.c_str()) != 0) {
        const auto error = failed("write", m_file);
        ::close(fd);
        unlink(fresh.c_str());
        return error;
    }
    syncFolder(m_file.parent_path());
    if (m_fd >= 0) {
        ::close(m_fd);
    }
    m_fd = fd;
    m_size = size;
    return {};
}

} // namespace notify

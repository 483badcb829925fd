// The private server's own log file: kept small, and read back when a start fails.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace pg {

// Not thread-safe. The file is ours, the server only inherits the descriptor.
class ServerLog {
public:
    explicit ServerLog(std::filesystem::path path) : m_path(std::move(path)) {}
    ~ServerLog();
    ServerLog(const ServerLog&) = delete;
    ServerLog& operator=(const ServerLog&) = delete;

    // For appending; one grown beyond 4 MiB becomes postgres.log.1 first. False with errno set.
    [[nodiscard]] bool open();
    [[nodiscard]] int fd() const noexcept { return m_fd; }
    [[nodiscard]] std::size_t size() const;
    // What was written from this offset on, at most 64 KiB.
    [[nodiscard]] static std::string textFrom(const std::filesystem::path& path, std::size_t offset);

private:
    std::filesystem::path m_path;
    int m_fd = -1;
};

// The line that says what is wrong: after "error: " (initdb), "FATAL:  " or "PANIC:  " (postgres), else the last one.
[[nodiscard]] std::string mainComplaint(std::string_view text);

} // namespace pg

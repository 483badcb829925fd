// A file of procfs, sysfs or cgroupfs, read again and again: kept open, because opening costs more than
// reading.
#pragma once

#include "monitor/core/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace collect {

// Move-only. Not thread-safe.
class KernelFile {
public:
    explicit KernelFile(std::filesystem::path path)
        : m_path(std::move(path)) {}
    ~KernelFile();
    KernelFile(KernelFile&& other) noexcept;
    KernelFile& operator=(KernelFile&& other) noexcept;
    KernelFile(const KernelFile&) = delete;
    KernelFile& operator=(const KernelFile&) = delete;

    // The whole present content; valid until the next call. The kernel makes it anew at each read from the
    // beginning. A file that has vanished is looked for again at each call. Errors name the file and the
    // reason; code is the errno's name. At most 8 MiB.
    [[nodiscard]] core::Result<std::string_view> read();
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }

private:
    [[nodiscard]] bool open() noexcept;
    void close() noexcept;
    [[nodiscard]] core::Unexpected<core::Error> failure(int number) const;

    std::filesystem::path m_path;
    int m_fd = -1;
    std::string m_buffer;
};

} // namespace collect

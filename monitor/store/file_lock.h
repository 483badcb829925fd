// Only one process writes a history: a lock file beside it that the kernel lets go of when the process ends,
// however it ends (flock(2)).
#pragma once

#include "monitor/core/result.h"

#include <filesystem>

namespace store {

// Not thread-safe.
class FileLock {
public:
    FileLock() = default;
    ~FileLock() { release(); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

    // The code of the error is "locked" when another process has it (its id is in the message), else
    // "failed".
    [[nodiscard]] core::Result<void> take(const std::filesystem::path& file);
    void release() noexcept;

private:
    int m_descriptor = -1;
};

} // namespace store

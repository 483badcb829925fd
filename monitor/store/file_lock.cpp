#include "monitor/store/file_lock.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace store {

core::Result<void> FileLock::take(const std::filesystem::path& file)
{
    if (m_descriptor >= 0) {
        return {};
    }
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return core::fail(fmt::format("{}: {}", file.string(), std::generic_category().message(errno)),
                          "failed");
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int reason = errno;
        char holder[16] = {};
        const ssize_t length = pread(descriptor, holder, sizeof holder - 1, 0);
        close(descriptor);
        if (reason != EWOULDBLOCK) {
            return core::fail(fmt::format("{}: {}", file.string(), std::generic_category().message(reason)),
                              "failed");
        }
        std::string pid(holder, length > 0 ? static_cast<std::size_t>(length) : 0);
        pid.resize(std::min(pid.find_first_not_of("0123456789"), pid.size()));
        return core::fail(fmt::format("process {} writes this history already", pid.empty() ? "?" : pid),
                          "locked");
    }
    m_descriptor = descriptor;
    const std::string pid = fmt::format("{}\n", getpid());
    if (ftruncate(descriptor, 0) == 0) {
        static_cast<void>(
            pwrite(descriptor, pid.data(), pid.size(), 0)); // a full disk: the lock holds all the same
    }
    return {};
}

void FileLock::release() noexcept
{
    if (m_descriptor >= 0) {
        close(m_descriptor);
        m_descriptor = -1;
    }
}

} // namespace store

#include "monitor/export/atomic_file.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <vector>

namespace exporting {

namespace fs = std::filesystem;

namespace {

// Closes and removes whatever is left when something failed.
class TemporaryFile {
public:
    explicit TemporaryFile(const fs::path& target)
        : m_name((target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string())
    {
        m_fd = mkostemp(m_name.data(), O_CLOEXEC);
    }
    ~TemporaryFile()
    {
        if (m_fd >= 0) {
            close(m_fd);
        }
        if (!m_kept && m_fd >= 0) {
            unlink(m_name.c_str());
        }
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    [[nodiscard]] int fd() const noexcept { return m_fd; }
    // 0 or errno.
    [[nodiscard]] int becomeFile(const fs::path& target, Replace replace)
    {
        if (replace == Replace::Refused) {
            // link() fails when the name is taken; rename() would not.
            return link(m_name.c_str(), target.c_str()) == 0 ? 0 : errno;
        }
        if (rename(m_name.c_str(), target.c_str()) != 0) {
            return errno;
        }
        m_kept = true;
        return 0;
    }

private:
    std::string m_name;
    int m_fd = -1;
    bool m_kept = false;
};

// 0 or errno.
int writeAll(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return written == 0 ? ENOSPC : errno;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

mode_t usualMode()
{
    const mode_t mask = umask(0);
    umask(mask);
    return 0644 & ~mask;
}

void syncFolder(const fs::path& folder)
{
    const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd); // some file systems cannot; the file itself is safe
        close(fd);
    }
}

core::Result<void> writeDirectly(const fs::path& file, std::string_view bytes)
{
    const int fd = open(file.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return fileError("open", file, errno);
    }
    const int error = writeAll(fd, bytes);
    close(fd);
    return error == 0 ? core::Result<void>() : fileError("write", file, error);
}

} // namespace

core::Unexpected<core::Error> fileError(std::string_view verb, const fs::path& file, int error)
{
    return core::fail(fmt::format("cannot {} {}: {}", verb, file.string(), std::strerror(error)),
                      strerrorname_np(error) ? strerrorname_np(error) : "");
}

core::Result<void> writeAtomically(const fs::path& file, std::string_view bytes, Replace replace)
{
    std::error_code failure;
    fs::path target = fs::weakly_canonical(file, failure);
    if (failure || target.filename().empty()) {
        target = file;
    }
    const fs::file_status status = fs::status(target, failure);
    if (fs::is_directory(status)) {
        return fileError("write", file, EISDIR);
    }
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        return writeDirectly(target, bytes);
    }
    TemporaryFile temporary(target);
    if (temporary.fd() < 0) {
        return fileError("create a file beside", file, errno);
    }
    struct stat old {};
    const mode_t mode = stat(target.c_str(), &old) == 0 ? old.st_mode & 07777 : usualMode();
    int error = writeAll(temporary.fd(), bytes);
    if (error == 0 && (fchmod(temporary.fd(), mode) != 0 || fsync(temporary.fd()) != 0)) {
        error = errno;
    }
    if (error == 0) {
        error = temporary.becomeFile(target, replace);
    }
    if (error != 0) {
        return fileError("write", file, error);
    }
    syncFolder(target.parent_path().empty() ? fs::path(".") : target.parent_path());
    return {};
}

} // namespace exporting

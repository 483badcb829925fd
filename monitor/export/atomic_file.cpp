#include "monitor/export/atomic_file.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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

} // namespace

core::Unexpected<core::Error> fileError(std::string_view verb, const fs::path& file, int error)
{
    return core::fail(fmt::format("cannot {} {}: {}", verb, file.string(), std::strerror(error)),
                      strerrorname_np(error) ? strerrorname_np(error) : "");
}

struct AtomicFile::Impl {
    Impl(fs::path asked, fs::path place, Replace how)
        : file(std::move(asked))
        , target(std::move(place))
        , replace(how)
    {
    }
    ~Impl()
    {
        if (device >= 0) {
            close(device);
        }
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    [[nodiscard]] int fd() const noexcept { return temporary ? temporary->fd() : device; }
    // 0 or errno.
    [[nodiscard]] int flush()
    {
        const int error = buffer.empty() ? 0 : writeAll(fd(), buffer);
        buffer.clear();
        return error;
    }
    [[nodiscard]] int settle()
    {
        if (const int error = flush(); error != 0 || !temporary) {
            return error;
        }
        struct stat old {};
        const mode_t mode = stat(target.c_str(), &old) == 0 ? old.st_mode & 07777 : usualMode();
        return fchmod(fd(), mode) != 0 || fsync(fd()) != 0 ? errno : 0;
    }

    const fs::path file;   // as the caller named it
    const fs::path target; // behind symbolic links
    const Replace replace;
    std::unique_ptr<TemporaryFile> temporary; // null: a device or pipe
    int device = -1;
    std::string buffer;
    bool prepared = false;
    int failed = 0; // errno of the first failure: nothing is written any more
};

AtomicFile::AtomicFile(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}
AtomicFile::AtomicFile(AtomicFile&&) noexcept = default;
AtomicFile& AtomicFile::operator=(AtomicFile&&) noexcept = default;
AtomicFile::~AtomicFile() = default;

core::Result<AtomicFile> AtomicFile::open(const fs::path& file, Replace replace)
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
    auto impl = std::make_unique<Impl>(file, target, replace);
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        impl->device = ::open(target.c_str(), O_WRONLY | O_CLOEXEC);
        if (impl->device < 0) {
            return fileError("open", file, errno);
        }
    } else {
        impl->temporary = std::make_unique<TemporaryFile>(target);
        if (impl->temporary->fd() < 0) {
            return fileError("create a file beside", file, errno);
        }
    }
    return AtomicFile(std::move(impl));
}

core::Result<AtomicFile> AtomicFile::standardOutput()
{
    auto impl = std::make_unique<Impl>("standard output", "", Replace::Allowed);
    impl->device = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    if (impl->device < 0) {
        return fileError("write", "standard output", errno);
    }
    return AtomicFile(std::move(impl));
}

core::Result<void> AtomicFile::write(std::string_view bytes)
{
    constexpr std::size_t kBuffered = 256 * 1024;
    m_impl->buffer += bytes;
    if (m_impl->failed == 0 && m_impl->buffer.size() >= kBuffered) {
        m_impl->failed = m_impl->flush();
    }
    return m_impl->failed == 0 ? core::Result<void>() : fileError("write", m_impl->file, m_impl->failed);
}

core::Result<void> AtomicFile::prepare()
{
    if (m_impl->failed == 0 && !m_impl->prepared) {
        m_impl->failed = m_impl->settle();
        m_impl->prepared = true;
    }
    return m_impl->failed == 0 ? core::Result<void>() : fileError("write", m_impl->file, m_impl->failed);
}

core::Result<void> AtomicFile::commit()
{
    if (auto prepared = prepare(); !prepared) {
        return prepared;
    }
    if (m_impl->temporary) {
        m_impl->failed = m_impl->temporary->becomeFile(m_impl->target, m_impl->replace);
    }
    if (m_impl->failed != 0) {
        return fileError("write", m_impl->file, m_impl->failed);
    }
    if (m_impl->temporary) {
        const fs::path folder = m_impl->target.parent_path();
        syncFolder(folder.empty() ? fs::path(".") : folder);
    }
    return {};
}

core::Result<void> commitWith(AtomicFile& table, const fs::path& file, std::string_view meta)
{
    fs::path sidecar = file;
    sidecar += ".meta.json";
    auto beside = AtomicFile::open(sidecar);
    if (!beside) {
        return core::Unexpected{beside.error()};
    }
    if (auto written = beside->write(meta); !written) {
        return written;
    }
    for (AtomicFile* one : {&table, &*beside}) {
        if (auto prepared = one->prepare(); !prepared) {
            return prepared;
        }
    }
    if (auto committed = beside->commit(); !committed) {
        return committed;
    }
    return table.commit();
}

bool AtomicFile::isPlain() const noexcept
{
    return m_impl->temporary != nullptr;
}

core::Result<void> writeAtomically(const fs::path& file, std::string_view bytes, Replace replace)
{
    auto opened = AtomicFile::open(file, replace);
    if (!opened) {
        return core::Unexpected{opened.error()};
    }
    if (auto written = opened->write(bytes); !written) {
        return written;
    }
    return opened->commit();
}

core::Result<void> writeAtomically(const fs::path& file, std::string_view bytes, const ExportWatch& watch)
{
    constexpr std::size_t kPart = 1024 * 1024;
    auto opened = AtomicFile::open(file);
    if (!opened) {
        return core::Unexpected{opened.error()};
    }
    for (std::size_t done = 0; done < bytes.size() && !watch.stop.stop_requested(); done += kPart) {
        if (auto written = opened->write(bytes.substr(done, kPart)); !written) {
            return written;
        }
        if (watch.progress) {
            watch.progress(double(std::min(done + kPart, bytes.size())) / double(bytes.size()));
        }
    }
    return watch.stop.stop_requested() ? core::Result<void>(core::canceled()) : opened->commit();
}

} // namespace exporting

#include "monitor/collect/host/kernel_file.h"

#include <cerrno>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <utility>

namespace collect {

namespace {

constexpr std::size_t kFirst = 8 * 1024;
constexpr std::size_t kMost = 8 * 1024 * 1024;

} // namespace

KernelFile::~KernelFile() {
    close();
}

KernelFile::KernelFile(KernelFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_fd(std::exchange(other.m_fd, -1))
    , m_buffer(std::move(other.m_buffer)) {}

KernelFile& KernelFile::operator=(KernelFile&& other) noexcept {
    if (this != &other) {
        close();
        m_path = std::move(other.m_path);
        m_fd = std::exchange(other.m_fd, -1);
        m_buffer = std::move(other.m_buffer);
    }
    return *this;
}

bool KernelFile::open() noexcept {
    m_fd = ::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return m_fd >= 0;
}

void KernelFile::close() noexcept {
    if (m_fd >= 0) {
        ::close(std::exchange(m_fd, -1));
    }
}

core::Unexpected<core::Error> KernelFile::failure(int number) const {
    const char* name = ::strerrorname_np(number);
    return core::fail(m_path.string() + ": " + ::strerrordesc_np(number), name ? name : "");
}

core::Result<std::string_view> KernelFile::read() {
    bool reopened = m_fd < 0;
    if (reopened && !open()) {
        return failure(errno);
    }
    if (m_buffer.empty()) {
        m_buffer.resize(kFirst);
    }
    std::size_t size = 0;
    for (;;) {
        const ssize_t got =
            ::pread(m_fd, m_buffer.data() + size, m_buffer.size() - size, static_cast<off_t>(size));
        if (got < 0) {
            const int number = errno;
            if (number == EINTR) {
                continue;
            }
            close(); // a cgroup or device that went away: perhaps there is a new one of that name
            if (reopened || !open()) {
                return failure(number);
            }
            reopened = true;
            size = 0;
            continue;
        }
        if (got == 0) {
            return std::string_view(m_buffer.data(), size);
        }
        size += static_cast<std::size_t>(got);
        if (size == m_buffer.size()) {
            if (size >= kMost) {
                return failure(EFBIG);
            }
            m_buffer.resize(size * 2);
            size = 0; // read in one go: pieces of different moments do not fit together
        }
    }
}

} // namespace collect

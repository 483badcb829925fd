#include "monitor/net/token.h"

#include "monitor/net/request.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace net {

namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMinLength = 32;
constexpr std::size_t kMaxLength = 256;

class File {
public:
    explicit File(int fd) noexcept
        : m_fd(fd)
    {
    }
    ~File()
    {
        if (m_fd >= 0) {
            close(m_fd);
        }
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] int fd() const noexcept { return m_fd; }

private:
    int m_fd;
};

core::Unexpected<core::Error> failed(std::string_view what, const std::filesystem::path& file, int error)
{
    return core::fail(
        fmt::format("cannot {} the token file {}: {}", what, file.string(), std::strerror(error)),
        strerrorname_np(error) ? strerrorname_np(error) : "");
}

core::Result<std::string> randomHex()
{
    std::array<unsigned char, kTokenBytes> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        return core::fail("the system gives no random bytes for a token");
    }
    std::string text;
    for (const unsigned char byte : bytes) {
        text += fmt::format("{:02x}", byte);
    }
    return text;
}

core::Result<std::string> writeNew(int fd, const std::filesystem::path& file)
{
    auto token = randomHex();
    if (!token) {
        return token;
    }
    const std::string line = *token + "\n";
    if (write(fd, line.data(), line.size()) != static_cast<ssize_t>(line.size()) || fsync(fd) != 0) {
        const int error = errno != 0 ? errno : EIO;
        unlink(file.c_str());
        return failed("write", file, error);
    }
    return token;
}

core::Result<std::string> readExisting(const std::filesystem::path& file)
{
    const File opened(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (opened.fd() < 0) {
        return failed("read", file, errno);
    }
    struct stat info {};
    if (fstat(opened.fd(), &info) != 0) {
        return failed("read", file, errno);
    }
    if (!S_ISREG(info.st_mode)) {
        return core::fail(fmt::format("the token file {} is not a regular file", file.string()));
    }
    if (info.st_uid != geteuid()) {
        return core::fail(fmt::format("the token file {} belongs to another user; remove it", file.string()));
    }
    if ((info.st_mode & 077) != 0) {
        return core::fail(
            fmt::format("the token file {} can be read by others (mode {:04o}); say chmod 600, or remove "
                        "it and start again to get a new token",
                        file.string(), info.st_mode & 07777));
    }
    std::array<char, kMaxLength + 8> buffer{};
    const ssize_t length = read(opened.fd(), buffer.data(), buffer.size());
    if (length < 0) {
        return failed("read", file, errno);
    }
    std::string token(buffer.data(), static_cast<std::size_t>(length));
    token.erase(std::min(token.find_last_not_of(" \t\r\n") + 1, token.size()));
    const bool sane = std::ranges::all_of(
        token, [](char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'); });
    if (!sane || token.size() < kMinLength || token.size() > kMaxLength) {
        return core::fail(fmt::format(
            "the token file {} holds no token; remove it and start again to get a new one", file.string()));
    }
    return token;
}

} // namespace

core::Result<std::string> loadOrMakeToken(const std::filesystem::path& file)
{
    std::error_code ignored; // open() says what is wrong
    std::filesystem::create_directories(file.parent_path(), ignored);
    const File created(open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (created.fd() >= 0) {
        return writeNew(created.fd(), file);
    }
    return errno == EEXIST ? readExisting(file) : failed("create", file, errno);
}

} // namespace net

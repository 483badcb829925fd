#include "monitor/pg/server_log.h"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace pg {
namespace {

constexpr off_t kMostLog = 4 << 20;
constexpr std::size_t kMostText = 64 << 10;

} // namespace

ServerLog::~ServerLog()
{
    if (m_fd >= 0) {
        ::close(m_fd);
    }
}

bool ServerLog::open()
{
    struct stat info {};
    if (::stat(m_path.c_str(), &info) == 0 && info.st_size > kMostLog) {
        const std::string older = m_path.string() + ".1";
        ::rename(m_path.c_str(), older.c_str());
    }
    m_fd = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    return m_fd >= 0;
}

std::size_t ServerLog::size() const
{
    struct stat info {};
    return ::fstat(m_fd, &info) == 0 ? static_cast<std::size_t>(info.st_size) : 0;
}

std::string ServerLog::textFrom(const std::filesystem::path& path, std::size_t offset)
{
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    std::string text(kMostText, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return text;
}

std::string mainComplaint(std::string_view text)
{
    std::string last;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        for (const std::string_view mark : {"error: ", "FATAL:  ", "PANIC:  "}) {
            if (const std::size_t at = line.find(mark); at != std::string_view::npos) {
                return std::string(line.substr(at + mark.size()));
            }
        }
        if (!line.empty()) {
            last = line;
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return last;
}

} // namespace pg

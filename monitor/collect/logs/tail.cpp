#include "monitor/collect/logs/tail.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace collect {

namespace {

constexpr std::size_t kChunk = 64 * 1024;

std::string readAt(int file, std::uint64_t offset, std::size_t size)
{
    std::string bytes(size, '\0');
    const ssize_t got = pread(file, bytes.data(), size, static_cast<off_t>(offset));
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return bytes;
}

} // namespace

Tail::Tail(std::filesystem::path path, const std::string& encoding)
    : m_path(std::move(path))
    , m_decoder(encoding)
{
}

Tail::~Tail()
{
    closeFile();
}

void Tail::closeFile()
{
    if (m_file >= 0) {
        ::close(std::exchange(m_file, -1));
    }
}

void Tail::fail(int error)
{
    const bool missing = error == ENOENT || error == ENOTDIR;
    m_state = missing ? metrics::LogFileState::Waiting : metrics::LogFileState::Unreadable;
    m_reason = missing ? std::string() : std::system_category().message(error);
    m_seenBefore = m_seenBefore || missing;
}

bool Tail::open()
{
    const int file = ::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) {
        fail(errno);
        return false;
    }
    struct stat status {};
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        m_state = metrics::LogFileState::Unreadable;
        m_reason = S_ISDIR(status.st_mode) ? "it is a folder" : "it is no regular file";
        ::close(file);
        return false;
    }
    m_file = file;
    m_device = status.st_dev;
    m_inode = status.st_ino;
    m_state = metrics::LogFileState::Following;
    m_reason.clear();
    start(std::exchange(m_seenBefore, true) ? From::Beginning : From::End,
          static_cast<std::uint64_t>(status.st_size));
    return true;
}

void Tail::start(From from, std::uint64_t size)
{
    m_decoder.begin(readAt(m_file, 0, 4));
    m_before.clear();
    m_offset = 0;
    if (from == From::End && !resumed(size)) {
        m_offset = size / m_decoder.unit() * m_decoder.unit();
    }
    m_resume.reset();
    if (m_offset > 0) {
        const std::size_t seen = std::min<std::uint64_t>(m_offset, kSignature);
        m_before = readAt(m_file, m_offset - seen, seen);
    }
}

// True when reading goes on where the last run stopped.
bool Tail::resumed(std::uint64_t size)
{
    if (!m_resume) {
        return false;
    }
    const LogPosition& last = *m_resume;
    if (last.device != m_device || last.inode != m_inode) {
        return true; // another file since: all of it is new
    }
    const std::size_t seen = last.before.size();
    const bool same = last.offset <= size && seen <= last.offset && seen <= kSignature &&
                      readAt(m_file, last.offset - seen, seen) == last.before;
    m_offset = same ? last.offset : 0;
    return true;
}

void Tail::rewind()
{
    ++m_truncations;
    start(From::Beginning, 0);
}

// Cut and grown again between two looks: what we have read stands there no more.
bool Tail::changedBehindUs(std::uint64_t size) const
{
    return size < m_offset ||
           (!m_before.empty() && readAt(m_file, m_offset - m_before.size(), m_before.size()) != m_before);
}

void Tail::remember(std::string_view bytes)
{
    m_offset += bytes.size();
    m_before.append(bytes.substr(bytes.size() - std::min(bytes.size(), kSignature)));
    m_before.erase(0, m_before.size() - std::min(m_before.size(), kSignature));
}

std::size_t Tail::read(std::size_t most, const LineSink& sink)
{
    std::array<char, kChunk> buffer;
    std::size_t total = 0;
    while (total < most) {
        const std::size_t wanted = std::min(buffer.size(), most - total);
        const ssize_t got = pread(m_file, buffer.data(), wanted, static_cast<off_t>(m_offset));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            m_state = metrics::LogFileState::Unreadable;
            m_reason = std::system_category().message(errno);
        }
        if (got <= 0) {
            break;
        }
        const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
        if (m_offset == 0) {
            m_decoder.begin(bytes.substr(0, 4));
        }
        remember(bytes);
        m_decoder.feed(bytes, sink);
        total += bytes.size();
    }
    return total;
}

void Tail::poll(std::size_t most, const LineSink& sink)
{
    if (m_file < 0 && !open()) {
        return;
    }
    struct stat status {};
    if (fstat(m_file, &status) != 0) {
        fail(errno);
        closeFile();
        return;
    }
    m_state = metrics::LogFileState::Following;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (changedBehindUs(size)) {
        rewind();
    }
    if (size > m_offset && size - m_offset > kMostBehind) {
        const std::uint64_t skip = (size - m_offset) / m_decoder.unit() * m_decoder.unit();
        m_skipped += skip;
        const std::uint64_t to = m_offset + skip;
        start(From::Beginning, 0);
        m_offset = to;
    }
    if (read(most, sink) == 0 && m_state == metrics::LogFileState::Following) {
        lookAtPath(sink); // only when the old file has nothing more to say
    }
}

void Tail::lookAtPath(const LineSink& sink)
{
    struct stat status {};
    const bool there = stat(m_path.c_str(), &status) == 0;
    const int error = errno;
    if (there && status.st_dev == m_device && status.st_ino == m_inode) {
        m_leaving = 0;
        return;
    }
    if (++m_leaving < kGrace) {
        return;
    }
    m_leaving = 0;
    m_decoder.finish(sink);
    closeFile();
    if (!there) {
        fail(error);
        return;
    }
    ++m_rotations;
    (void)open();
}

std::optional<LogPosition> Tail::position() const
{
    if (m_file < 0) {
        return std::nullopt;
    }
    const std::uint64_t pending = std::min(m_decoder.pending(), m_offset);
    const std::size_t known = m_before.size() - std::min<std::uint64_t>(pending, m_before.size());
    return LogPosition{m_device, m_inode, m_offset - pending, m_before.substr(0, known)};
}

} // namespace collect

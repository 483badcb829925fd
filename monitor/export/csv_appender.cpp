#include "monitor/export/csv_appender.h"

#include "monitor/core/format.h"
#include "monitor/export/atomic_file.h"
#include "monitor/export/csv.h"
#include "monitor/export/snapshot_columns.h"
#include "monitor/export/snapshot_csv.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <set>
#include <system_error>
#include <utility>

namespace exporting {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kFixedBefore = 4; // ts_utc, ts_epoch_ms, tick_id, target
constexpr std::size_t kFixedAfter = 2;  // alert_worst, gap_reason
constexpr std::uint64_t kMaxHead = 4 * 1024 * 1024;

std::string readAt(int fd, std::uint64_t offset, std::uint64_t length)
{
    std::string bytes(length, '\0');
    const ssize_t got = pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

// Where the last whole line ends; 0 when there is none. Our cells never hold a line end.
std::uint64_t endOfWholeLines(int fd, std::uint64_t size)
{
    constexpr std::uint64_t kStep = 64 * 1024;
    for (std::uint64_t end = size; end > 0;) {
        const std::uint64_t start = end > kStep ? end - kStep : 0;
        const std::string bytes = readAt(fd, start, std::min(end - start + 1, size - start));
        if (const auto at = bytes.rfind(kLineEnd); at != std::string::npos) {
            return start + at + kLineEnd.size();
        }
        end = start;
    }
    return 0;
}

// A line of a file with the columns `from`, as one with the columns `to` (a superset, both sorted).
std::string widened(std::string_view line, const std::vector<std::string>& from,
                    const std::vector<std::string>& to)
{
    const std::vector<std::string> cells = parseLine(line);
    CsvWriter csv;
    std::size_t next = 0; // in `from`
    for (std::size_t i = 0; i < kFixedBefore && i < cells.size(); ++i) {
        csv.cell(cells[i]);
    }
    for (const std::string& column : to) {
        if (next < from.size() && from[next] == column && kFixedBefore + next < cells.size()) {
            csv.cell(cells[kFixedBefore + next++]);
        } else {
            csv.empty();
        }
    }
    for (std::size_t i = kFixedBefore + from.size(); i < cells.size(); ++i) {
        csv.cell(cells[i]);
    }
    csv.endRow();
    return csv.take();
}

// "2026-11-20T09:12:07.742Z" → "20261120T091207Z"
std::string stampOf(core::WallTime at)
{
    std::string stamp = core::isoUtc(at).substr(0, 19) + "Z";
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    return stamp;
}

fs::path rotatedName(const fs::path& file, core::WallTime begun)
{
    const std::string base = fmt::format("{}-{}", file.stem().string(), stampOf(begun));
    fs::path name = file.parent_path() / (base + file.extension().string());
    std::error_code ignored;
    for (int i = 2; fs::exists(name, ignored); ++i) {
        name = file.parent_path() / fmt::format("{}-{}{}", base, i, file.extension().string());
    }
    return name;
}

// "-20261120T091207Z" or "-20261120T091207Z-2": what stands between stem and extension of a rotated file.
bool isRotationSuffix(std::string_view text)
{
    constexpr std::string_view form = "-dddddddd"
                                      "Tdddddd"
                                      "Z";
    if (text.size() < form.size()) {
        return false;
    }
    const auto digits = [](std::string_view some) {
        return !some.empty() && std::ranges::all_of(some, [](char c) { return c >= '0' && c <= '9'; });
    };
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] == 'd' ? !digits(text.substr(i, 1)) : text[i] != form[i]) {
            return false;
        }
    }
    const std::string_view rest = text.substr(form.size());
    return rest.empty() || (rest.front() == '-' && digits(rest.substr(1)));
}

} // namespace

CsvAppender::CsvAppender(fs::path file, AppenderOptions options)
    : m_file(std::move(file))
    , m_options(options)
{
}

CsvAppender::~CsvAppender()
{
    close();
}

void CsvAppender::close() noexcept
{
    if (m_fd >= 0) {
        ::close(std::exchange(m_fd, -1));
    }
}

core::Result<void> CsvAppender::open()
{
    m_fd = ::open(m_file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (m_fd < 0) {
        return fileError("open", m_file, errno);
    }
    struct stat info {};
    if (fstat(m_fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close();
        return core::fail(fmt::format("cannot append to {}: it is not a regular file", m_file.string()));
    }
    m_size = endOfWholeLines(m_fd, static_cast<std::uint64_t>(info.st_size));
    if (m_size != static_cast<std::uint64_t>(info.st_size) &&
        ftruncate(m_fd, static_cast<off_t>(m_size)) != 0) {
        const int error = errno;
        close();
        return fileError("repair", m_file, error);
    }
    adopt();
    return {};
}

// Takes the columns and the age of a file that is there from its first two lines.
void CsvAppender::adopt()
{
    const std::string bytes = readAt(m_fd, 0, std::min(m_size, kMaxHead));
    const auto headEnd = std::min(bytes.find(kLineEnd), bytes.size());
    std::vector<std::string> cells = parseLine(std::string_view(bytes).substr(0, headEnd));
    m_columns.clear();
    if (cells.size() >= kFixedBefore + kFixedAfter) {
        m_columns.assign(cells.begin() + kFixedBefore, cells.end() - kFixedAfter);
    }
    m_begun = m_options.clock->wallNow();
    if (m_size == 0) {
        m_columns.clear();
        return;
    }
    const std::size_t rowAt = std::min(headEnd + kLineEnd.size(), bytes.size());
    const std::vector<std::string> row =
        parseLine(std::string_view(bytes).substr(rowAt, bytes.find(kLineEnd, rowAt) - rowAt));
    std::int64_t millis = 0;
    if (row.size() > 1 &&
        std::from_chars(row[1].data(), row[1].data() + row[1].size(), millis).ec == std::errc()) {
        m_begun = core::WallTime(std::chrono::milliseconds(millis));
    }
    if (headLine(m_columns) != bytes.substr(0, headEnd) + std::string(kLineEnd)) {
        m_columns.clear(); // not a file of ours: learnColumns() finds it wanting, and it is rotated away
    }
}

bool CsvAppender::learnColumns(const metrics::Snapshot& tick)
{
    std::set<std::string> all(m_columns.begin(), m_columns.end());
    for (const auto& [name, value] : columnValues(tick)) {
        all.insert(name);
    }
    const bool covered = all.size() == m_columns.size() && m_size > 0;
    m_columns.assign(all.begin(), all.end());
    return covered;
}

bool CsvAppender::isDue(std::size_t nextLine, core::WallTime now) const
{
    return m_size + nextLine > m_options.maxBytes || now - m_begun >= m_options.maxAge;
}

core::Result<void> CsvAppender::begin(core::WallTime at)
{
    m_begun = at;
    return write(headLine(m_columns));
}

core::Result<void> CsvAppender::write(std::string_view line)
{
    const ssize_t written = ::write(m_fd, line.data(), line.size());
    if (written == static_cast<ssize_t>(line.size())) {
        m_size += line.size();
        return {};
    }
    const int error = written < 0 ? errno : ENOSPC;
    // A part of a line would make the next one unreadable.
    if (written > 0 && ftruncate(m_fd, static_cast<off_t>(m_size)) != 0) {
        close(); // the next open() cuts it off
    }
    return fileError("append to", m_file, error);
}

core::Result<void> CsvAppender::rotate()
{
    close();
    const fs::path name = rotatedName(m_file, m_begun);
    if (::rename(m_file.c_str(), name.c_str()) != 0 && errno != ENOENT) {
        return fileError("rotate", m_file, errno);
    }
    removeOld();
    m_fd = ::open(m_file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_EXCL, 0644);
    m_size = 0;
    return m_fd >= 0 ? core::Result<void>() : fileError("open", m_file, errno);
}

// Rewrites the file with all columns that are known by now: either the old file stands or the whole new one.
core::Result<void> CsvAppender::widen()
{
    const std::string bytes = readAt(m_fd, 0, m_size);
    const std::size_t headEnd = bytes.find(kLineEnd);
    const std::vector<std::string> heads = parseLine(std::string_view(bytes).substr(0, headEnd));
    const std::vector<std::string> from(heads.begin() + kFixedBefore, heads.end() - kFixedAfter);
    std::string whole = headLine(m_columns);
    for (std::size_t at = headEnd + kLineEnd.size(); at < bytes.size();) {
        const std::size_t end = bytes.find(kLineEnd, at);
        whole += widened(std::string_view(bytes).substr(at, end - at), from, m_columns);
        at = end + kLineEnd.size();
    }
    if (auto written = writeAtomically(m_file, whole); !written) {
        return written;
    }
    close();
    return open();
}

void CsvAppender::removeOld() const
{
    if (m_options.keep <= 0) {
        return;
    }
    const std::string stem = m_file.stem().string();
    const std::string extension = m_file.extension().string();
    std::vector<std::pair<fs::file_time_type, fs::path>> rotated;
    std::error_code ignored;
    const fs::path folder = m_file.parent_path().empty() ? fs::path(".") : m_file.parent_path();
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.size() > stem.size() + extension.size() && name.starts_with(stem) &&
            name.ends_with(extension) &&
            isRotationSuffix(
                std::string_view(name).substr(stem.size(), name.size() - stem.size() - extension.size()))) {
            rotated.emplace_back(entry.last_write_time(ignored), entry.path());
        }
    }
    std::ranges::sort(rotated); // by time of the last row, then by name
    const std::size_t surplus =
        rotated.size() - std::min(rotated.size(), static_cast<std::size_t>(m_options.keep));
    for (std::size_t i = 0; i < surplus; ++i) {
        fs::remove(rotated[i].second, ignored);
    }
}

core::Result<void> CsvAppender::append(const metrics::Snapshot& tick)
{
    if (m_fd < 0) {
        if (auto opened = open(); !opened) {
            return opened;
        }
    }
    const bool ours = !m_columns.empty();
    bool covered = learnColumns(tick);
    if (!covered && ours && m_size > 0 && m_size <= m_options.widenBytes) {
        if (auto wide = widen(); !wide) {
            return wide;
        }
        covered = true;
    }
    const std::string line = rowLine(tick, m_columns);
    if (m_size > 0 && (!covered || isDue(line.size(), tick.at))) {
        if (auto rotated = rotate(); !rotated) {
            return rotated;
        }
    }
    if (m_size == 0) {
        if (auto begun = begin(tick.at); !begun) {
            return begun;
        }
    }
    auto written = write(line);
    m_rows += written ? 1 : 0;
    return written;
}

} // namespace exporting

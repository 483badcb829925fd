#include "monitor/collect/host/process_count.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace collect {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

// clang-format off
constexpr std::array<MetricDef, 1> kDefs{{
    {"host_processes", Kind::Gauge, Unit::Count, "Processes", {"Processes", "进程数"}},
}};
// clang-format on

bool isNumber(const char* name) noexcept {
    const std::size_t digits = std::strspn(name, "0123456789");
    return digits > 0 && name[digits] == '\0';
}

constexpr core::Nanos kLookAgainAfter = std::chrono::seconds(30);

// The kernel's own records (getdents64(2)): readdir() would allocate its buffer anew at each opening.
void countAmong(const char* records, std::size_t size, FolderLister::Listed& listed) noexcept {
    for (std::size_t at = 0; at < size;) {
        std::uint16_t length = 0;
        std::memcpy(&length, records + at + offsetof(struct dirent64, d_reclen), sizeof length);
        const char* const name = records + at + offsetof(struct dirent64, d_name);
        if (isNumber(name)) {
            ++listed.numbers;
        } else if (records[at + offsetof(struct dirent64, d_type)] == DT_DIR && name[0] != '.') {
            ++listed.folders;
        }
        at += length;
    }
}

core::Unexpected<core::Error> failure(const std::filesystem::path& path, int number) {
    return core::fail(path.string() + ": " + ::strerrordesc_np(number));
}

} // namespace

FolderLister::~FolderLister() {
    if (m_fd >= 0) {
        ::close(m_fd);
    }
}

core::Result<FolderLister::Listed> FolderLister::list() {
    if (m_fd < 0) {
        m_fd = ::open(m_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (m_fd < 0) {
            return failure(m_path, errno);
        }
    }
    if (::lseek(m_fd, 0, SEEK_SET) != 0) {
        return failure(m_path, errno);
    }
    alignas(struct dirent64) std::array<char, 32 * 1024> records;
    Listed listed;
    for (;;) {
        const long got = ::syscall(SYS_getdents64, m_fd, records.data(), records.size());
        if (got < 0) {
            return failure(m_path, errno);
        }
        if (got == 0) {
            return listed;
        }
        countAmong(records.data(), static_cast<std::size_t>(got), listed);
    }
}

std::size_t FolderLister::kernelLinks() const noexcept {
    struct statfs system {};
    struct stat info {};
    const bool ours = m_fd >= 0 && ::fstatfs(m_fd, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
    return ours && ::fstat(m_fd, &info) == 0 ? info.st_nlink : 0;
}

std::span<const MetricDef> ProcessCountCollector::metrics() const noexcept {
    return kDefs;
}

core::Result<void> ProcessCountCollector::collect(metrics::SampleBuilder& out) {
    const auto processes = count(out.snapshot().steady);
    if (!processes) {
        return core::Unexpected(processes.error());
    }
    out.push(kDefs[0], static_cast<double>(*processes));
    return {};
}

core::Result<std::size_t> ProcessCountCollector::count(core::SteadyTime now) {
    const std::size_t before = m_folder.kernelLinks();
    if (m_others != 0 && now - m_checked < kLookAgainAfter && before > m_others) {
        return before - m_others;
    }
    const auto listed = m_folder.list();
    if (!listed) {
        return core::Unexpected(listed.error());
    }
    const std::size_t others = listed->folders + 2;
    const bool calm = before == m_folder.kernelLinks(); // else some came or went meanwhile: another time
    m_others = calm && before == listed->numbers + others ? others : 0;
    m_checked = now;
    return listed->numbers;
}

} // namespace collect

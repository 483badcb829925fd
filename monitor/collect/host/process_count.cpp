#include "monitor/collect/host/process_count.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
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

// The kernel's own records (getdents64(2)): readdir() would allocate its buffer anew at each opening.
std::size_t numbersAmong(const char* records, std::size_t size) noexcept {
    std::size_t numbers = 0;
    for (std::size_t at = 0; at < size;) {
        std::uint16_t length = 0;
        std::memcpy(&length, records + at + offsetof(struct dirent64, d_reclen), sizeof length);
        numbers += isNumber(records + at + offsetof(struct dirent64, d_name)) ? 1 : 0;
        at += length;
    }
    return numbers;
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

core::Result<std::size_t> FolderLister::countNumbers() {
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
    std::size_t numbers = 0;
    for (;;) {
        const long got = ::syscall(SYS_getdents64, m_fd, records.data(), records.size());
        if (got < 0) {
            return failure(m_path, errno);
        }
        if (got == 0) {
            return numbers;
        }
        numbers += numbersAmong(records.data(), static_cast<std::size_t>(got));
    }
}

std::span<const MetricDef> ProcessCountCollector::metrics() const noexcept {
    return kDefs;
}

core::Result<void> ProcessCountCollector::collect(metrics::SampleBuilder& out) {
    const auto processes = m_folder.countNumbers();
    if (!processes) {
        return core::Unexpected(processes.error());
    }
    out.push(kDefs[0], static_cast<double>(*processes));
    return {};
}

} // namespace collect

#include "monitor/collect/host/cgroup.h"

#include "monitor/collect/host/text_fields.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace collect {

namespace {

namespace fs = std::filesystem;

constexpr core::Nanos kLookAgainAfter = std::chrono::seconds(10);
constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 60; // v1 writes PAGE_COUNTER_MAX, a little under 2^63
constexpr int kMostLevels = 32;

std::string_view trimmed(std::string_view text) {
    const std::size_t end = text.find_last_not_of(" \t\n");
    return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

// One reading of a small file; absent when there is none.
std::optional<std::string> contentOf(const fs::path& path) {
    KernelFile file(path);
    const auto text = file.read();
    return text ? std::optional(std::string(*text)) : std::nullopt;
}

// v1: quota and period of the CFS, both in microseconds; -1 is no limit.
std::optional<double> quotaCores(const fs::path& folder) {
    const auto quota = contentOf(folder / "cpu.cfs_quota_us");
    const auto period = contentOf(folder / "cpu.cfs_period_us");
    if (!quota || !period) {
        return std::nullopt;
    }
    return parseCpuMax(std::string(trimmed(*quota)) + " " + std::string(trimmed(*period)));
}

} // namespace

std::optional<std::uint64_t> parseMemoryLimit(std::string_view text) {
    const auto limit = wholeNumber(trimmed(text));
    return limit && *limit > 0 && *limit < kNoLimit ? limit : std::nullopt;
}

std::optional<double> parseCpuMax(std::string_view text) {
    std::string_view line = takeLine(text);
    const auto quota = takeNumber(line);
    const auto period = takeNumber(line);
    if (!quota || !period || *quota == 0 || *period == 0) {
        return std::nullopt;
    }
    return static_cast<double>(*quota) / static_cast<double>(*period);
}

std::optional<std::string> parseCgroupPath(std::string_view text, std::string_view controller) {
    while (!text.empty()) { // "4:cpu,cpuacct:/a/b", v2 "0::/a/b" (cgroups(7))
        const std::string_view line = takeLine(text);
        const std::size_t first = line.find(':');
        const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
        if (second == std::string_view::npos || second + 1 >= line.size() || line[second + 1] != '/') {
            continue;
        }
        std::string_view names = line.substr(first + 1, second - first - 1);
        bool found = names == controller;
        while (!found && !names.empty()) {
            const std::size_t comma = names.find(',');
            found = names.substr(0, comma) == controller;
            names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 1);
        }
        if (found) {
            return std::string(line.substr(second + 1));
        }
    }
    return std::nullopt;
}

std::optional<std::uint64_t> parseStatLine(std::string_view text, std::string_view key) {
    while (!text.empty()) {
        std::string_view line = takeLine(text);
        if (takeField(line) == key) {
            return takeNumber(line);
        }
    }
    return std::nullopt;
}

Cgroup::Cgroup(const HostPaths& paths)
    : m_paths(paths) {}

bool Cgroup::due(std::optional<core::SteadyTime>& last, core::SteadyTime now) const {
    if (m_paths.cgroup == CgroupRule::Ignore || (last && now - *last < kLookAgainAfter)) {
        return false;
    }
    last = now;
    return true;
}

Cgroup::Version Cgroup::version() const {
    std::error_code error;
    return fs::exists(m_paths.sys / "fs/cgroup/cgroup.controllers", error) ? Version::Two : Version::One;
}

// Our group's folder and those above it, nearest first. Inside a container without a cgroup namespace the
// path is the host's and is not there: then what is mounted is our own group.
std::vector<fs::path> Cgroup::folders(Version version, std::string_view controller) const {
    const auto text = contentOf(m_paths.proc / "self/cgroup");
    const auto path = text ? parseCgroupPath(*text, version == Version::Two ? "" : controller) : std::nullopt;
    if (!path) {
        return {};
    }
    const fs::path base = version == Version::Two ? m_paths.sys / "fs/cgroup"
                                                  : m_paths.sys / "fs/cgroup" / std::string(controller);
    fs::path relative = fs::path(*path).relative_path().lexically_normal();
    std::error_code error;
    if (std::find(relative.begin(), relative.end(), "..") != relative.end() ||
        !fs::exists(base / relative, error)) {
        relative.clear();
    }
    std::vector<fs::path> all;
    while (!relative.empty() && all.size() < kMostLevels) {
        all.push_back(base / relative);
        relative = relative.parent_path();
    }
    all.push_back(base);
    return all;
}

void Cgroup::findMemory() {
    m_memory.reset();
    const Version which = version();
    const bool two = which == Version::Two;
    for (const fs::path& folder : folders(which, "memory")) {
        const auto text = contentOf(folder / (two ? "memory.max" : "memory.limit_in_bytes"));
        const auto limit = text ? parseMemoryLimit(*text) : std::nullopt;
        if (limit && (!m_memory || static_cast<double>(*limit) < m_memory->limit)) {
            m_memory.emplace(Limited{which, static_cast<double>(*limit),
                                     KernelFile(folder / (two ? "memory.current" : "memory.usage_in_bytes")),
                                     KernelFile(folder / "memory.stat")});
        }
    }
}

void Cgroup::findCpu() {
    m_cpu.reset();
    const Version which = version();
    const bool two = which == Version::Two;
    const std::vector<fs::path> accounts = two ? std::vector<fs::path>{} : folders(which, "cpuacct");
    for (const fs::path& folder : folders(which, "cpu")) {
        const auto text = two ? contentOf(folder / "cpu.max") : std::nullopt;
        const auto cores = two ? (text ? parseCpuMax(*text) : std::nullopt) : quotaCores(folder);
        if (cores && (!m_cpu || *cores < m_cpu->limit)) {
            const fs::path use = two                ? folder / "cpu.stat"
                                 : accounts.empty() ? folder / "cpuacct.usage"
                                                    : accounts.front() / "cpuacct.usage";
            m_cpu.emplace(Limited{which, *cores, KernelFile(use), KernelFile(use)});
        }
    }
}

std::optional<Cgroup::Memory> Cgroup::memory(std::uint64_t machineBytes, core::SteadyTime now) {
    if (due(m_memoryLooked, now)) {
        findMemory();
    }
    if (!m_memory || m_memory->limit >= static_cast<double>(machineBytes)) {
        return std::nullopt;
    }
    const auto usedText = m_memory->used.read();
    const auto used = usedText ? wholeNumber(trimmed(*usedText)) : std::nullopt;
    if (!used) {
        return std::nullopt;
    }
    const bool two = m_memory->version == Version::Two;
    const auto statText = m_memory->stat.read();
    const auto cache =
        statText ? parseStatLine(*statText, two ? "inactive_file" : "total_inactive_file") : std::nullopt;
    return Memory{static_cast<std::uint64_t>(m_memory->limit), *used - std::min(*used, cache.value_or(0))};
}

std::optional<Cgroup::Cpu> Cgroup::cpu(double machineCores, core::SteadyTime now) {
    if (due(m_cpuLooked, now)) {
        findCpu();
    }
    if (!m_cpu || m_cpu->limit >= machineCores) {
        return std::nullopt;
    }
    const auto text = m_cpu->used.read();
    if (!text) {
        return std::nullopt;
    }
    const bool two = m_cpu->version == Version::Two; // microseconds in cpu.stat, nanoseconds in cpuacct.usage
    const auto used = two ? parseStatLine(*text, "usage_usec") : wholeNumber(trimmed(*text));
    return used ? std::optional(Cpu{m_cpu->limit, static_cast<double>(*used) * (two ? 1e-6 : 1e-9)})
                : std::nullopt;
}

} // namespace collect

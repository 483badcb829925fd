// Room on the file systems, as psutil.disk_usage() counts it, and what the disks have read and written.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/host/host_paths.h"
#include "monitor/collect/host/kernel_file.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace collect {

// Bytes, as users without privileges see it.
struct DiskSpace {
    std::uint64_t total = 0;
    std::uint64_t used = 0;
    std::uint64_t available = 0; // to users: without what is kept for root
    // used / (used + available), what df prints; absent for a file system without blocks.
    [[nodiscard]] std::optional<double> usage() const;
};
using SpaceReader = std::function<std::optional<DiskSpace>(const std::filesystem::path&)>;
// statvfs(3).
[[nodiscard]] std::optional<DiskSpace> readDiskSpace(const std::filesystem::path& folder);

struct Mount {
    std::string device;
    std::string folder;
    std::string type;
};
// fstab(5)'s form, with \040 and the like decoded.
[[nodiscard]] std::vector<Mount> parseMounts(std::string_view text);
// "/" and what lies on local disks, each device once: file systems that can hang (network, FUSE) are never
// asked.
[[nodiscard]] std::vector<std::string> foldersToWatch(const std::vector<Mount>& mounts);

struct DiskCounters {
    std::string device;
    std::uint64_t readBytes = 0;
    std::uint64_t writtenBytes = 0;
};
// /proc/diskstats (Documentation/admin-guide/iostats.rst); sectors are 512 bytes whatever the disk's own are.
// Lines that are cut off are left out.
[[nodiscard]] std::vector<DiskCounters> parseDiskStats(std::string_view text);

// The counters are the kernel's: they begin anew after a reboot or when a device comes back, and rate() takes
// that as the reset it is. Partitions, loop and RAM disks are left out, and disks that have never been used.
class DiskCollector final : public Collector {
public:
    explicit DiskCollector(const HostPaths& paths, SpaceReader readSpace = readDiskSpace);

    [[nodiscard]] std::string_view name() const noexcept override { return "disk"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    void lookForMounts(core::SteadyTime now);
    void pushSpace(metrics::SampleBuilder& out) const;
    [[nodiscard]] core::Result<void> pushCounters(metrics::SampleBuilder& out);
    [[nodiscard]] bool isWholeDisk(const std::string& device);

    const HostPaths m_paths;
    const SpaceReader m_readSpace;
    KernelFile m_mounts;
    KernelFile m_stats;
    std::vector<std::string> m_folders;
    std::optional<core::SteadyTime> m_looked;
    std::map<std::string, bool> m_wholeDisks; // forgotten with each look for mounts
};

} // namespace collect

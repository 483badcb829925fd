#include "monitor/collect/host/disk.h"

#include "monitor/collect/host/text_fields.h"

#include <algorithm>
#include <array>
#include <set>
#include <sys/statvfs.h>
#include <system_error>
#include <utility>

namespace collect {

namespace {

namespace fs = std::filesystem;
using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

constexpr std::array<std::string_view, 1> kByMount{"mountpoint"};
constexpr std::array<std::string_view, 1> kByDevice{"device"};
enum : std::size_t { kUsage, kTotal, kAvailable, kRead, kWritten, kCount };
// clang-format off
constexpr std::array<MetricDef, kCount> kDefs{{
    {"host_disk_usage_ratio", Kind::Gauge, Unit::Ratio, "used / (used + available to users), as df prints it",
     {"Disk", "磁盘使用率"}, {}, kByMount},
    {"host_disk_total_bytes", Kind::Gauge, Unit::Bytes, "Size of the file system",
     {"Disk total", "磁盘总量"}, {}, kByMount},
    {"host_disk_available_bytes", Kind::Gauge, Unit::Bytes, "What users may still write",
     {"Disk available", "磁盘可用"},
     {}, kByMount},
    {"host_disk_read_bytes_total", Kind::Counter, Unit::Bytes, "Read from the disk",
     {"Disk read", "磁盘读取"}, {},
     kByDevice},
    {"host_disk_written_bytes_total", Kind::Counter, Unit::Bytes, "Written to the disk",
     {"Disk written", "磁盘写入"}, {},
     kByDevice},
}};
// clang-format on

constexpr core::Nanos kLookAgainAfter = std::chrono::seconds(30);
constexpr std::uint64_t kSector = 512;
constexpr std::size_t kMostFolders = 32;
constexpr std::array<std::string_view, 8> kLocalTypes{"ext2",  "ext3", "ext4", "xfs",
                                                      "btrfs", "f2fs", "zfs",  "bcachefs"};

bool isOctal(char c) {
    return c >= '0' && c <= '7';
}

// "\040" is a blank; getmntent(3).
std::string decoded(std::string_view field) {
    std::string text;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const bool code = field[i] == '\\' && i + 3 < field.size() && isOctal(field[i + 1]) &&
                          isOctal(field[i + 2]) && isOctal(field[i + 3]);
        if (code) {
            const int value = (field[i + 1] - '0') * 64 + (field[i + 2] - '0') * 8 + (field[i + 3] - '0');
            text += static_cast<char>(static_cast<unsigned char>(value));
            i += 3;
        } else {
            text += field[i];
        }
    }
    return text;
}

std::optional<std::uint64_t> bytesOf(std::optional<std::uint64_t> sectors) {
    return sectors && *sectors < (std::uint64_t{1} << 54) ? std::optional(*sectors * kSector) : std::nullopt;
}

} // namespace

std::optional<double> DiskSpace::usage() const {
    const double all = static_cast<double>(used) + static_cast<double>(available);
    return all > 0 ? std::optional(static_cast<double>(used) / all) : std::nullopt;
}

std::optional<DiskSpace> readDiskSpace(const fs::path& folder) {
    struct statvfs info {};
    if (::statvfs(folder.c_str(), &info) != 0) {
        return std::nullopt;
    }
    DiskSpace space;
    space.total = info.f_blocks * info.f_frsize;
    space.used = (info.f_blocks - std::min(info.f_blocks, info.f_bfree)) * info.f_frsize;
    space.available = info.f_bavail * info.f_frsize;
    return space;
}

std::vector<Mount> parseMounts(std::string_view text) {
    std::vector<Mount> mounts;
    while (!text.empty()) {
        std::string_view line = takeLine(text);
        const std::string_view device = takeField(line);
        const std::string_view folder = takeField(line);
        const std::string_view type = takeField(line);
        if (!type.empty()) {
            mounts.push_back({decoded(device), decoded(folder), std::string(type)});
        }
    }
    return mounts;
}

std::vector<std::string> foldersToWatch(const std::vector<Mount>& mounts) {
    std::vector<std::string> folders{"/"};
    std::set<std::string_view> devices;
    for (const Mount& mount : mounts) { // a later mount hides an earlier one on the same folder
        if (mount.folder == "/") {
            devices = {mount.device};
        }
    }
    for (const Mount& mount : mounts) {
        const bool local = std::find(kLocalTypes.begin(), kLocalTypes.end(), mount.type) != kLocalTypes.end();
        if (local && mount.folder != "/" && folders.size() < kMostFolders &&
            devices.insert(mount.device).second) {
            folders.push_back(mount.folder);
        }
    }
    return folders;
}

std::vector<DiskCounters> parseDiskStats(std::string_view text) {
    std::vector<DiskCounters> disks;
    while (!text.empty()) {
        std::string_view line = takeLine(text);
        std::array<std::string_view, 10>
            fields; // major minor name reads merged sectors ms writes merged sectors
        for (std::string_view& field : fields) {
            field = takeField(line);
        }
        const auto read = bytesOf(wholeNumber(fields[5]));
        const auto written = bytesOf(wholeNumber(fields[9]));
        if (read && written) {
            disks.push_back({std::string(fields[2]), *read, *written});
        }
    }
    return disks;
}

DiskCollector::DiskCollector(const HostPaths& paths, SpaceReader readSpace)
    : m_paths(paths)
    , m_readSpace(std::move(readSpace))
    , m_mounts(paths.proc / "self/mounts")
    , m_stats(paths.proc / "diskstats") {}

std::span<const MetricDef> DiskCollector::metrics() const noexcept {
    return kDefs;
}

core::Result<void> DiskCollector::collect(metrics::SampleBuilder& out) {
    lookForMounts(out.snapshot().steady);
    pushSpace(out);
    return pushCounters(out);
}

void DiskCollector::lookForMounts(core::SteadyTime now) {
    if (m_looked && now - *m_looked < kLookAgainAfter) {
        return;
    }
    m_looked = now;
    m_wholeDisks.clear();
    const auto text = m_mounts.read();
    m_folders = foldersToWatch(text ? parseMounts(*text) : std::vector<Mount>{});
    std::error_code error; // containers mount single files (/etc/hosts): no file systems to watch
    std::erase_if(m_folders, [&](const std::string& folder) {
        return folder != "/" && !fs::is_directory(m_paths.root / fs::path(folder).relative_path(), error);
    });
}

void DiskCollector::pushSpace(metrics::SampleBuilder& out) const {
    for (const std::string& folder : m_folders) {
        const auto space = m_readSpace(m_paths.root / fs::path(folder).relative_path());
        if (!space) {
            continue;
        }
        out.push(kDefs[kTotal], static_cast<double>(space->total), {{"mountpoint", folder}});
        out.push(kDefs[kAvailable], static_cast<double>(space->available), {{"mountpoint", folder}});
        if (const auto usage = space->usage()) {
            out.push(kDefs[kUsage], *usage, {{"mountpoint", folder}});
        }
    }
}

core::Result<void> DiskCollector::pushCounters(metrics::SampleBuilder& out) {
    const auto text = m_stats.read();
    if (!text) {
        return core::Unexpected(text.error());
    }
    std::set<std::string> seen; // a line twice would be a series twice
    for (const DiskCounters& disk : parseDiskStats(*text)) {
        const bool used = disk.readBytes > 0 || disk.writtenBytes > 0;
        if (used && isWholeDisk(disk.device) && seen.insert(disk.device).second) {
            out.push(kDefs[kRead], static_cast<double>(disk.readBytes), {{"device", disk.device}});
            out.push(kDefs[kWritten], static_cast<double>(disk.writtenBytes), {{"device", disk.device}});
        }
    }
    return {};
}

// As psutil's is_storage_device(): a whole disk has an entry of its own in /sys/block ('/' in its name
// becomes '!').
bool DiskCollector::isWholeDisk(const std::string& device) {
    if (const auto known = m_wholeDisks.find(device); known != m_wholeDisks.end()) {
        return known->second;
    }
    std::string entry = device;
    std::replace(entry.begin(), entry.end(), '/', '!');
    std::error_code error;
    const bool whole = !device.starts_with("loop") && !device.starts_with("ram") &&
                       fs::exists(m_paths.sys / "block" / entry, error);
    m_wholeDisks.emplace(device, whole);
    return whole;
}

} // namespace collect

// How many processes there are: len(psutil.pids()). Listing them costs as much as all other readings together, and the
// kernel counts them as links of /proc (proc_root_getattr() in fs/proc/root.c): 2, one for each folder, one for each
// process. Where a listing shows that this holds (not in a container, nor under hidepid, where others are counted that
// one does not see) it is enough to ask for the links, and to look again now and then.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/host/host_paths.h"
#include "monitor/core/result.h"

#include <cstddef>
#include <filesystem>

namespace collect {

// A folder listed again and again through one descriptor. Move-only not needed; not thread-safe.
class FolderLister {
public:
    explicit FolderLister(std::filesystem::path path)
        : m_path(std::move(path)) {}
    ~FolderLister();
    FolderLister(const FolderLister&) = delete;
    FolderLister& operator=(const FolderLister&) = delete;

    struct Listed {
        std::size_t numbers = 0; // entries whose name is a number: processes in /proc, descriptors in /proc/self/fd
        std::size_t folders = 0; // further ones that are folders
    };
    [[nodiscard]] core::Result<Listed> list();
    // Of a folder of procfs that has been listed: its links as stat(2) counts them; 0 of any other.
    [[nodiscard]] std::size_t kernelLinks() const noexcept;

private:
    std::filesystem::path m_path;
    int m_fd = -1;
};

class ProcessCountCollector final : public Collector {
public:
    explicit ProcessCountCollector(const HostPaths& paths)
        : m_folder(paths.proc) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "processes"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    [[nodiscard]] core::Result<std::size_t> count(core::SteadyTime now);

    FolderLister m_folder;
    std::size_t m_others = 0;        // links of /proc that are no processes; 0: not known, or not of one kind
    core::SteadyTime m_checked = {}; // when that was last seen to be so
};

} // namespace collect

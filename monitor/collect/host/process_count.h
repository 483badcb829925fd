// How many processes there are: len(psutil.pids()).
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/host/host_paths.h"
#include "monitor/core/result.h"

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

    // Entries whose name is a number: processes in /proc, descriptors in /proc/self/fd.
    [[nodiscard]] core::Result<std::size_t> countNumbers();

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
    FolderLister m_folder;
};

} // namespace collect

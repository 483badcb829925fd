// Memory and swap, as psutil.virtual_memory() and swap_memory() count them.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/host/cgroup.h"
#include "monitor/collect/host/kernel_file.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace collect {

// Bytes; what the text does not say is absent.
struct MemInfo {
    std::optional<std::uint64_t> total;
    std::optional<std::uint64_t> free;
    std::optional<std::uint64_t> available;
    std::optional<std::uint64_t> swapTotal;
    std::optional<std::uint64_t> swapFree;
};
[[nodiscard]] MemInfo parseMemInfo(std::string_view text);

// What can be had without swapping: MemAvailable, or what is free where that is more than there is (LXC,
// psutil #1240's rule). Absent when the kernel does not say.
[[nodiscard]] std::optional<std::uint64_t> availableBytes(const MemInfo& info);

// usage = (total - available) / total. Under a container's memory limit total is the limit and available what
// is left of it (or of the machine, if that is less).
class MemoryCollector final : public Collector {
public:
    explicit MemoryCollector(const HostPaths& paths);

    [[nodiscard]] std::string_view name() const noexcept override { return "memory"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    KernelFile m_file;
    Cgroup m_cgroup;
};

} // namespace collect

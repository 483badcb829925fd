// The load averages.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/host/host_paths.h"
#include "monitor/collect/host/kernel_file.h"

#include <array>
#include <optional>
#include <string_view>

namespace collect {

// Over 1, 5 and 15 minutes; all or nothing.
[[nodiscard]] std::optional<std::array<double, 3>> parseLoadAverage(std::string_view text);

class LoadCollector final : public Collector {
public:
    explicit LoadCollector(const HostPaths& paths)
        : m_file(paths.proc / "loadavg") {}

    [[nodiscard]] std::string_view name() const noexcept override { return "load"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    KernelFile m_file;
};

} // namespace collect

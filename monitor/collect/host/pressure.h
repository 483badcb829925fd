// Pressure stall information: how much of the time work had to wait for CPU, memory or disk.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/host/host_paths.h"
#include "monitor/collect/host/kernel_file.h"

#include <array>
#include <optional>
#include <string_view>

namespace collect {

// The kernel's averages over ten seconds, 0 … 1 (Documentation/accounting/psi.rst).
struct Pressure {
    std::optional<double> waiting; // "some": at least one task
    std::optional<double> stalled; // "full": all of them
};
[[nodiscard]] Pressure parsePressure(std::string_view text);

// Kernels without PSI (psi=0, or before 4.20) have none of these metrics; that is no failure.
class PressureCollector final : public Collector {
public:
    explicit PressureCollector(const HostPaths& paths);

    [[nodiscard]] std::string_view name() const noexcept override { return "pressure"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    std::array<KernelFile, 3> m_files; // cpu, memory, io
};

} // namespace collect

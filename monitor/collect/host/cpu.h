// How busy the processors are, as psutil.cpu_percent() counts it.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/host/cgroup.h"
#include "monitor/collect/host/kernel_file.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace collect {

// Clock ticks since boot: user nice system idle iowait irq softirq steal guest guest_nice (proc(5)). Old
// kernels have fewer: those are 0.
using CpuTimes = std::array<std::uint64_t, 10>;

struct CpuSample {
    std::optional<CpuTimes> all;
    std::map<int, CpuTimes> cores; // by number; only those online
};
[[nodiscard]] CpuSample parseCpuStat(std::string_view text);

// The busy share between two samples, 0 … 1: everything but idle and iowait; guest time is part of user time
// and not counted twice; a field that went backwards counts as no change. Absent when no time has passed.
[[nodiscard]] std::optional<double> cpuUsage(const CpuTimes& before, const CpuTimes& now);

// Under a container's CPU limit host_cpu_usage_ratio is the container's use of its limit and host_cpu_cores
// the limit; the single cores stay the machine's. The first tick has no ratio.
class CpuCollector final : public Collector {
public:
    explicit CpuCollector(const HostPaths& paths);

    [[nodiscard]] std::string_view name() const noexcept override { return "cpu"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    void pushCores(metrics::SampleBuilder& out, const CpuSample& sample) const;
    [[nodiscard]] std::optional<double> limitedUsage(const Cgroup::Cpu& cpu, core::SteadyTime now);

    KernelFile m_file;
    Cgroup m_cgroup;
    CpuSample m_before;
    std::optional<Cgroup::Cpu> m_cgroupBefore;
    core::SteadyTime m_cgroupAt = {};
};

} // namespace collect

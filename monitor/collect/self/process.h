// What watching costs: this process as the Prometheus clients describe theirs, and what poolscope is.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/host/kernel_file.h"
#include "monitor/core/clock.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace collect {

struct ProcessOptions {
    std::filesystem::path proc = "/proc";
    std::function<std::uint64_t()> droppedEvents = {}; // by the program's bounded queues, so far
    // Time the server spent on the monitor's own questions, so far.
    std::function<core::Nanos()> serverTime = {};
    const core::Clock* clock = &core::SystemClock::instance();
};

// Fields of /proc/<pid>/stat (proc(5)); times in clock ticks, memory as there.
struct ProcessStat {
    std::uint64_t userTicks = 0;
    std::uint64_t systemTicks = 0;
    std::uint64_t threads = 0;
    std::uint64_t startTicks = 0; // since boot
    std::uint64_t virtualBytes = 0;
    std::uint64_t residentPages = 0;
};
// The name in parentheses may hold blanks and parentheses: what counts is behind the last one. Empty when cut
// off.
[[nodiscard]] std::optional<ProcessStat> parseProcessStat(std::string_view text);
// "btime 1795165927" in /proc/stat, seconds since the epoch.
[[nodiscard]] std::optional<double> parseBootTime(std::string_view text);

// Fills in Snapshot::cost too. Not thread-safe: the sampler's thread.
class ProcessCollector final : public Collector {
public:
    explicit ProcessCollector(ProcessOptions options = {});

    [[nodiscard]] std::string_view name() const noexcept override { return "process"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    void pushShares(metrics::SampleBuilder& out, double cpuSeconds);
    void pushFiles(metrics::SampleBuilder& out) const;

    const ProcessOptions m_options;
    KernelFile m_stat;
    std::optional<double> m_bootTime;
    bool m_bootTimeKnown = false;
    std::optional<core::SteadyTime> m_lastAt;
    double m_lastCpu = 0;
    core::Nanos m_lastServerTime{0};
};

} // namespace collect

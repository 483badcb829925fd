#include "monitor/collect/host/cpu.h"

#include "monitor/collect/host/text_fields.h"

#include <algorithm>
#include <string>
#include <utility>

namespace collect {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

constexpr std::array<std::string_view, 1> kByCpu{"cpu"};
enum : std::size_t { kUsage, kCores, kCore, kLimit, kCount };
// clang-format off
constexpr std::array<MetricDef, kCount> kDefs{{
    {"host_cpu_usage_ratio", Kind::Gauge, Unit::Ratio,
     "Share of the time the processors were busy since the last sample; of the limit, in a limited container",
     {"CPU", "CPU 使用率"}},
    {"host_cpu_cores", Kind::Gauge, Unit::Count,
     "Processors online; the CPU limit, inside a limited container",
     {"CPU cores", "CPU 核数"}},
    {"host_cpu_core_usage_ratio", Kind::Gauge, Unit::Ratio,
     "Share of the time each processor was busy since the last sample", {"CPU by core", "各核使用率"}, {}, kByCpu},
    {"host_cgroup_cpu_limit_cores", Kind::Gauge, Unit::Count,
     "CPU limit of the container, in cores; absent without one", {"CPU limit", "容器 CPU 上限"}},
}};
// clang-format on

enum Field : std::size_t { User, Nice, System, Idle, IoWait, Irq, SoftIrq, Steal, Guest, GuestNice };
constexpr std::size_t kNeededFields = 4; // user nice system idle: there since the first kernels
constexpr int kMostCores = 8192;

std::optional<CpuTimes> parseTimes(std::string_view line) {
    CpuTimes times{};
    for (std::size_t i = 0; i < times.size(); ++i) {
        const auto value = takeNumber(line);
        if (!value) {
            return i >= kNeededFields ? std::optional(times) : std::nullopt;
        }
        times[i] = *value;
    }
    return times;
}

} // namespace

CpuSample parseCpuStat(std::string_view text) {
    CpuSample sample;
    while (!text.empty()) {
        std::string_view line = takeLine(text);
        if (!line.starts_with("cpu")) { // the cpu lines come first; the interrupts behind them are long
            break;
        }
        std::string_view name = takeField(line).substr(3);
        if (name.empty()) {
            sample.all = parseTimes(line);
        } else if (const auto number = wholeNumber(name); number && *number < kMostCores) {
            if (const auto times = parseTimes(line)) {
                sample.cores.insert_or_assign(sample.cores.end(), static_cast<int>(*number), *times);
            }
        }
    }
    return sample;
}

// psutil 5.9.4, __init__.py: _cpu_times_deltas, _cpu_tot_time, _cpu_busy_time.
std::optional<double> cpuUsage(const CpuTimes& before, const CpuTimes& now) {
    CpuTimes spent{};
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < spent.size(); ++i) {
        spent[i] = now[i] - std::min(now[i], before[i]);
        total += spent[i];
    }
    total -= std::min(total, spent[Guest] + spent[GuestNice]);
    if (total == 0) {
        return std::nullopt;
    }
    const std::uint64_t idle = std::min(total, spent[Idle] + spent[IoWait]);
    return static_cast<double>(total - idle) / static_cast<double>(total);
}

CpuCollector::CpuCollector(const HostPaths& paths)
    : m_file(paths.proc / "stat")
    , m_cgroup(paths) {}

std::span<const MetricDef> CpuCollector::metrics() const noexcept {
    return kDefs;
}

core::Result<void> CpuCollector::collect(metrics::SampleBuilder& out) {
    const auto text = m_file.read();
    if (!text) {
        return core::Unexpected(text.error());
    }
    CpuSample sample = parseCpuStat(*text);
    if (!sample.all) {
        return core::fail(m_file.path().string() + ": no cpu line");
    }
    auto usage = m_before.all ? cpuUsage(*m_before.all, *sample.all) : std::nullopt;
    auto cores = static_cast<double>(sample.cores.size());
    const core::SteadyTime now = out.snapshot().steady;
    if (const auto limited = m_cgroup.cpu(cores, now)) {
        usage = limitedUsage(*limited, now);
        cores = limited->cores;
        out.push(kDefs[kLimit], limited->cores);
    } else {
        m_cgroupBefore.reset();
    }
    if (usage) {
        out.push(kDefs[kUsage], *usage);
    }
    if (cores > 0) {
        out.push(kDefs[kCores], cores);
    }
    pushCores(out, sample);
    m_before = std::move(sample);
    return {};
}

void CpuCollector::pushCores(metrics::SampleBuilder& out, const CpuSample& sample) const {
    for (const auto& [number, times] : sample.cores) {
        const auto before = m_before.cores.find(number);
        const auto usage = before != m_before.cores.end() ? cpuUsage(before->second, times) : std::nullopt;
        if (usage) {
            out.push(kDefs[kCore], *usage, {{"cpu", std::to_string(number)}});
        }
    }
}

std::optional<double> CpuCollector::limitedUsage(const Cgroup::Cpu& cpu, core::SteadyTime now) {
    const auto before = std::exchange(m_cgroupBefore, cpu);
    const double passed = core::seconds(now - std::exchange(m_cgroupAt, now));
    if (!before || before->cores != cpu.cores || passed <= 0 || cpu.seconds < before->seconds) {
        return std::nullopt;
    }
    return std::clamp((cpu.seconds - before->seconds) / (passed * cpu.cores), 0.0, 1.0);
}

} // namespace collect

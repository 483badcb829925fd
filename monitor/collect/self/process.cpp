#include "monitor/collect/self/process.h"

#include "monitor/collect/host/process_count.h"
#include "monitor/collect/host/text_fields.h"

#include <array>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace collect {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

constexpr std::array<std::string_view, 3> kBuildLabels{"compiler", "revision", "version"};
enum : std::size_t {
    kCpuSeconds,
    kResident,
    kVirtual,
    kStart,
    kOpenFds,
    kMaxFds,
    kThreads,
    kBuild,
    kDropped,
    kCpuShare,
    kServerShare,
    kCount
};
// clang-format off
constexpr std::array<MetricDef, kCount> kDefs{{
    {"process_cpu_seconds_total", Kind::Counter, Unit::Seconds,
     "Total user and system CPU time spent in seconds.",
     {"Own CPU time", "自身 CPU 时间"}},
    {"process_resident_memory_bytes", Kind::Gauge, Unit::Bytes, "Resident memory size in bytes.",
     {"Own memory", "自身常驻内存"}},
    {"process_virtual_memory_bytes", Kind::Gauge, Unit::Bytes, "Virtual memory size in bytes.",
     {"Own virtual memory", "自身虚拟内存"}},
    {"process_start_time_seconds", Kind::Gauge, Unit::Seconds,
     "Start time of the process since unix epoch in seconds.", {"Started", "启动时间"}},
    {"process_open_fds", Kind::Gauge, Unit::Count, "Number of open file descriptors.",
     {"Open files", "打开的文件数"}},
    {"process_max_fds", Kind::Gauge, Unit::Count, "Maximum number of open file descriptors.",
     {"Open files limit", "打开文件数上限"}},
    {"process_threads", Kind::Gauge, Unit::Count, "Number of threads.", {"Own threads", "自身线程数"}},
    {"poolscope_build_info", Kind::Gauge, Unit::None, "Always 1; the labels say what was built from what",
     {"Build", "构建信息"}, {}, kBuildLabels},
    {"poolscope_dropped_events_total", Kind::Counter, Unit::Count,
     "Events and log lines dropped because a queue was full",
     {"Dropped events", "丢弃的事件"}},
    {"poolscope_cpu_ratio", Kind::Gauge, Unit::Ratio,
     "Share of one processor this program used since the last sample",
     {"Own CPU", "自身 CPU 占用"}},
    {"poolscope_server_time_ratio", Kind::Gauge, Unit::Ratio,
     "Share of the time since the last sample in which the server worked for the monitor itself",
     {"Own share of the server", "监控占用的数据库时间"}},
}};
// clang-format on

#if defined(__clang__)
constexpr std::string_view kCompiler = "clang " __clang_version__;
#else
constexpr std::string_view kCompiler = "gcc " __VERSION__;
#endif
#if defined(POOLSCOPE_REVISION)
constexpr std::string_view kRevision = POOLSCOPE_REVISION;
#else
constexpr std::string_view kRevision = "unknown";
#endif

double ticksPerSecond() {
    static const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    return ticks;
}

} // namespace

std::optional<ProcessStat> parseProcessStat(std::string_view text) {
    const std::size_t name = text.rfind(')');
    if (name == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view line = text.substr(name + 1);
    line = takeLine(line);
    std::array<std::string_view, 22> fields; // field 3 (state) of proc(5) is fields[0]
    for (std::string_view& field : fields) {
        field = takeField(line);
    }
    const auto number = [&fields](std::size_t field) { return wholeNumber(fields[field - 3]); };
    const auto user = number(14);
    const auto system = number(15);
    const auto threads = number(20);
    const auto start = number(22);
    const auto size = number(23);
    const auto resident = number(24);
    if (!user || !system || !threads || !start || !size || !resident) {
        return std::nullopt;
    }
    return ProcessStat{*user, *system, *threads, *start, *size, *resident};
}

std::optional<double> parseBootTime(std::string_view text) {
    while (!text.empty()) {
        std::string_view line = takeLine(text);
        if (takeField(line) == "btime") {
            const auto seconds = takeNumber(line);
            return seconds ? std::optional(static_cast<double>(*seconds)) : std::nullopt;
        }
    }
    return std::nullopt;
}

ProcessCollector::ProcessCollector(ProcessOptions options)
    : m_options(std::move(options))
    , m_stat(m_options.proc / "self/stat") {}

std::span<const MetricDef> ProcessCollector::metrics() const noexcept {
    return kDefs;
}

core::Result<void> ProcessCollector::collect(metrics::SampleBuilder& out) {
    out.push(kDefs[kBuild], 1,
             {{"compiler", std::string(kCompiler)},
              {"revision", std::string(kRevision)},
              {"version", POOLSCOPE_VERSION}});
    if (m_options.droppedEvents) {
        out.snapshot().cost.droppedEvents = m_options.droppedEvents();
        out.push(kDefs[kDropped], static_cast<double>(out.snapshot().cost.droppedEvents));
    }
    pushFiles(out);
    const auto text = m_stat.read();
    if (!text) {
        return core::Unexpected(text.error());
    }
    const auto stat = parseProcessStat(*text);
    if (!stat) {
        return core::fail(m_stat.path().string() + ": not understood");
    }
    const double cpuSeconds = static_cast<double>(stat->userTicks + stat->systemTicks) / ticksPerSecond();
    const std::uint64_t resident = stat->residentPages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    out.snapshot().cost.residentBytes = resident;
    out.push(kDefs[kCpuSeconds], cpuSeconds);
    out.push(kDefs[kResident], static_cast<double>(resident));
    out.push(kDefs[kVirtual], static_cast<double>(stat->virtualBytes));
    out.push(kDefs[kThreads], static_cast<double>(stat->threads));
    if (!std::exchange(m_bootTimeKnown, true)) {
        KernelFile boot(m_options.proc / "stat");
        const auto bootText = boot.read();
        m_bootTime = bootText ? parseBootTime(*bootText) : std::nullopt;
    }
    if (m_bootTime) {
        out.push(kDefs[kStart], *m_bootTime + static_cast<double>(stat->startTicks) / ticksPerSecond());
    }
    pushShares(out, cpuSeconds);
    return {};
}

// CPU time comes in ticks of 10 ms: at 1 Hz the share moves in steps of one per cent.
void ProcessCollector::pushShares(metrics::SampleBuilder& out, double cpuSeconds) {
    const core::SteadyTime now = m_options.clock->steadyNow();
    const core::Nanos serverTime = m_options.serverTime ? m_options.serverTime() : core::Nanos(0);
    if (m_lastAt && now > *m_lastAt) {
        const double passed = core::seconds(now - *m_lastAt);
        metrics::CostView& cost = out.snapshot().cost;
        if (cpuSeconds >= m_lastCpu) {
            cost.cpuRatio = (cpuSeconds - m_lastCpu) / passed;
            out.push(kDefs[kCpuShare], cost.cpuRatio);
        }
        if (m_options.serverTime && serverTime >= m_lastServerTime) {
            cost.dbTimeRatio = core::seconds(serverTime - m_lastServerTime) / passed;
            out.push(kDefs[kServerShare], cost.dbTimeRatio);
        }
    }
    m_lastAt = now;
    m_lastCpu = cpuSeconds;
    m_lastServerTime = serverTime;
}

void ProcessCollector::pushFiles(metrics::SampleBuilder& out) const {
    FolderLister descriptors(m_options.proc / "self/fd");
    if (const auto open = descriptors.list(); open && open->numbers > 0) {
        out.push(kDefs[kOpenFds], static_cast<double>(open->numbers - 1)); // without the one that counted
    }
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        out.push(kDefs[kMaxFds], static_cast<double>(limit.rlim_cur));
    }
}

} // namespace collect

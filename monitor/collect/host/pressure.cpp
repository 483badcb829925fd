#include "monitor/collect/host/pressure.h"

#include "monitor/collect/host/text_fields.h"

namespace collect {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

// cpu, memory, io waiting; then memory, io stalled: a stalled CPU is not defined for the machine as a whole.
// clang-format off
constexpr std::array<MetricDef, 5> kDefs{{
    {"host_pressure_cpu_waiting_ratio", Kind::Gauge, Unit::Ratio,
     "Share of the last 10 s in which a task waited for a processor", {"CPU pressure", "CPU 压力"}},
    {"host_pressure_memory_waiting_ratio", Kind::Gauge, Unit::Ratio,
     "Share of the last 10 s in which a task waited for memory", {"Memory pressure", "内存压力"}},
    {"host_pressure_io_waiting_ratio", Kind::Gauge, Unit::Ratio,
     "Share of the last 10 s in which a task waited for a disk", {"I/O pressure", "I/O 压力"}},
    {"host_pressure_memory_stalled_ratio", Kind::Gauge, Unit::Ratio,
     "Share of the last 10 s in which all tasks waited for memory", {"Memory stall", "内存停顿"}},
    {"host_pressure_io_stalled_ratio", Kind::Gauge, Unit::Ratio,
     "Share of the last 10 s in which all tasks waited for a disk", {"I/O stall", "I/O 停顿"}},
}};
// clang-format on
constexpr std::size_t kStalledFrom = 3;

// "some avg10=4.74 avg60=1.89 avg300=0.69 total=8277880": a percentage.
std::optional<double> average(std::string_view line) {
    constexpr std::string_view kKey = "avg10=";
    const std::string_view field = takeField(line);
    if (!field.starts_with(kKey)) {
        return std::nullopt;
    }
    const auto percent = decimalNumber(field.substr(kKey.size()));
    return percent && *percent >= 0 && *percent <= 100 ? std::optional(*percent / 100) : std::nullopt;
}

} // namespace

Pressure parsePressure(std::string_view text) {
    Pressure pressure;
    while (!text.empty()) {
        std::string_view line = takeLine(text);
        const std::string_view kind = takeField(line);
        if (kind == "some") {
            pressure.waiting = average(line);
        } else if (kind == "full") {
            pressure.stalled = average(line);
        }
    }
    return pressure;
}

PressureCollector::PressureCollector(const HostPaths& paths)
    : m_files{KernelFile(paths.proc / "pressure/cpu"), KernelFile(paths.proc / "pressure/memory"),
              KernelFile(paths.proc / "pressure/io")} {}

std::span<const MetricDef> PressureCollector::metrics() const noexcept {
    return kDefs;
}

core::Result<void> PressureCollector::collect(metrics::SampleBuilder& out) {
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        const auto text = m_files[i].read();
        if (!text) {
            continue;
        }
        const Pressure pressure = parsePressure(*text);
        if (pressure.waiting) {
            out.push(kDefs[i], *pressure.waiting);
        }
        if (i > 0 && pressure.stalled) {
            out.push(kDefs[kStalledFrom + i - 1], *pressure.stalled);
        }
    }
    return {};
}

} // namespace collect

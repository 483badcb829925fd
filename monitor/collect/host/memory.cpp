#include "monitor/collect/host/memory.h"

#include "monitor/collect/host/text_fields.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace collect {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

enum : std::size_t { kUsage, kTotal, kAvailable, kSwapUsage, kSwapTotal, kSwapUsed, kLimit, kCount };
// clang-format off
constexpr std::array<MetricDef, kCount> kDefs{{
    {"host_memory_usage_ratio", Kind::Gauge, Unit::Ratio, "(total - available) / total", {"Memory", "内存使用率"}},
    {"host_memory_total_bytes", Kind::Gauge, Unit::Bytes,
     "Memory of the machine; the limit, inside a limited container",
     {"Memory total", "内存总量"}},
    {"host_memory_available_bytes", Kind::Gauge, Unit::Bytes, "Memory to be had without swapping",
     {"Memory available", "可用内存"}},
    {"host_swap_usage_ratio", Kind::Gauge, Unit::Ratio, "Used share of the swap space; absent without one",
     {"Swap", "交换区使用率"}},
    {"host_swap_total_bytes", Kind::Gauge, Unit::Bytes, "Swap space", {"Swap total", "交换区总量"}},
    {"host_swap_used_bytes", Kind::Gauge, Unit::Bytes, "Swap space in use", {"Swap used", "已用交换区"}},
    {"host_cgroup_memory_limit_bytes", Kind::Gauge, Unit::Bytes,
     "Memory limit of the container; absent without one",
     {"Memory limit", "容器内存上限"}},
}};
// clang-format on

constexpr std::uint64_t kKiB = 1024;

std::optional<std::uint64_t> kibibytes(std::string_view line) {
    const auto value = takeNumber(line);
    return value && *value <= std::numeric_limits<std::uint64_t>::max() / kKiB ? std::optional(*value * kKiB)
                                                                               : std::nullopt;
}

void pushSwap(metrics::SampleBuilder& out, const MemInfo& info) {
    if (!info.swapTotal || !info.swapFree) {
        return;
    }
    const std::uint64_t used = *info.swapTotal - std::min(*info.swapTotal, *info.swapFree);
    out.push(kDefs[kSwapTotal], static_cast<double>(*info.swapTotal));
    out.push(kDefs[kSwapUsed], static_cast<double>(used));
    if (*info.swapTotal > 0) {
        out.push(kDefs[kSwapUsage], static_cast<double>(used) / static_cast<double>(*info.swapTotal));
    }
}

} // namespace

MemInfo parseMemInfo(std::string_view text) {
    MemInfo info;
    const std::array<std::pair<std::string_view, std::optional<std::uint64_t>*>, 5> wanted{{
        {"MemTotal:", &info.total},
        {"MemFree:", &info.free},
        {"MemAvailable:", &info.available},
        {"SwapTotal:", &info.swapTotal},
        {"SwapFree:", &info.swapFree},
    }};
    while (!text.empty()) {
        std::string_view line = takeLine(text);
        const std::string_view name = takeField(line);
        for (const auto& [key, value] : wanted) {
            if (name == key) {
                *value = kibibytes(line);
            }
        }
    }
    return info;
}

std::optional<std::uint64_t> availableBytes(const MemInfo& info) {
    if (info.available && info.total && *info.available > *info.total) {
        return info.free;
    }
    return info.available;
}

MemoryCollector::MemoryCollector(const HostPaths& paths)
    : m_file(paths.proc / "meminfo")
    , m_cgroup(paths) {}

std::span<const MetricDef> MemoryCollector::metrics() const noexcept {
    return kDefs;
}

core::Result<void> MemoryCollector::collect(metrics::SampleBuilder& out) {
    const auto text = m_file.read();
    if (!text) {
        return core::Unexpected(text.error());
    }
    const MemInfo info = parseMemInfo(*text);
    pushSwap(out, info);
    if (!info.total || *info.total == 0) {
        return core::fail(m_file.path().string() + ": no MemTotal");
    }
    std::uint64_t total = *info.total;
    std::optional<std::uint64_t> available = availableBytes(info);
    if (const auto limited = m_cgroup.memory(total, out.snapshot().steady)) {
        const std::uint64_t left = limited->limit - std::min(limited->limit, limited->used);
        available = std::min(left, available.value_or(left));
        total = limited->limit;
        out.push(kDefs[kLimit], static_cast<double>(limited->limit));
    }
    out.push(kDefs[kTotal], static_cast<double>(total));
    if (available) {
        const std::uint64_t used = total - std::min(total, *available);
        out.push(kDefs[kAvailable], static_cast<double>(*available));
        out.push(kDefs[kUsage], static_cast<double>(used) / static_cast<double>(total));
    }
    return {};
}

} // namespace collect

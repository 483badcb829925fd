// A container's own limits, from cgroup v2 or v1. Where they are tighter than the machine, they are what runs
// out.
#pragma once

#include "monitor/collect/host/host_paths.h"
#include "monitor/collect/host/kernel_file.h"
#include "monitor/core/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace collect {

// "max" and v1's "no limit" (a number near 2^63) are no limit: absent. Bytes.
[[nodiscard]] std::optional<std::uint64_t> parseMemoryLimit(std::string_view text);
// v2's cpu.max, "50000 100000": cores. "max 100000" is absent.
[[nodiscard]] std::optional<double> parseCpuMax(std::string_view text);
// The path of a controller in /proc/self/cgroup ("" is v2's line); absent when there is no such line.
[[nodiscard]] std::optional<std::string> parseCgroupPath(std::string_view text, std::string_view controller);
// A line "key value" of memory.stat or cpu.stat.
[[nodiscard]] std::optional<std::uint64_t> parseStatLine(std::string_view text, std::string_view key);

// Limits hold for a group and everything in it: the tightest between ours and the root of what we can see
// counts. Looked for at most every ten seconds; use is read each time, and only where there is a limit. Not
// thread-safe.
class Cgroup {
public:
    explicit Cgroup(const HostPaths& paths);

    struct Memory {
        std::uint64_t limit = 0;
        std::uint64_t used = 0; // without file cache that can be dropped at once (inactive_file)
    };
    // Absent when nothing is tighter than `machineBytes`.
    [[nodiscard]] std::optional<Memory> memory(std::uint64_t machineBytes, core::SteadyTime now);

    struct Cpu {
        double cores = 0;   // may be a fraction
        double seconds = 0; // of CPU time used so far
    };
    [[nodiscard]] std::optional<Cpu> cpu(double machineCores, core::SteadyTime now);

private:
    enum class Version { One, Two };
    // A group's files; `limit` is a copy, the others are read anew.
    struct Limited {
        Version version = Version::Two;
        double limit = 0;
        KernelFile used;
        KernelFile stat;
    };
    [[nodiscard]] bool due(std::optional<core::SteadyTime>& last, core::SteadyTime now) const;
    void findMemory();
    void findCpu();
    [[nodiscard]] std::vector<std::filesystem::path> folders(Version version,
                                                             std::string_view controller) const;
    [[nodiscard]] Version version() const;

    const HostPaths m_paths;
    std::optional<core::SteadyTime> m_memoryLooked;
    std::optional<core::SteadyTime> m_cpuLooked;
    std::optional<Limited> m_memory;
    std::optional<Limited> m_cpu;
};

} // namespace collect

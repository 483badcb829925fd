// What the network devices have received and sent.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/host/host_paths.h"
#include "monitor/collect/host/kernel_file.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace collect {

struct NetworkCounters {
    std::string device;
    std::uint64_t received = 0; // bytes
    std::uint64_t sent = 0;
};
// /proc/net/dev. Aliases have a colon in their name ("eth0:1"): the last one ends it. Lines that are cut off
// and the two lines of the head are left out.
[[nodiscard]] std::vector<NetworkCounters> parseNetDev(std::string_view text);

// All devices, as psutil.net_io_counters(pernic=True), loopback included.
class NetworkCollector final : public Collector {
public:
    explicit NetworkCollector(const HostPaths& paths);

    [[nodiscard]] std::string_view name() const noexcept override { return "network"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    KernelFile m_file;
};

} // namespace collect

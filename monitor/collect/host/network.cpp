#include "monitor/collect/host/network.h"

#include "monitor/collect/host/text_fields.h"

#include <array>
#include <set>

namespace collect {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

constexpr std::array<std::string_view, 1> kByDevice{"device"};
enum : std::size_t { kReceive, kTransmit, kCount };
// clang-format off
constexpr std::array<MetricDef, kCount> kDefs{{
    {"host_network_receive_bytes_total", Kind::Counter, Unit::Bytes, "Received by the network device",
     {"Network received", "网络接收"}, {}, kByDevice},
    {"host_network_transmit_bytes_total", Kind::Counter, Unit::Bytes, "Sent by the network device",
     {"Network sent", "网络发送"}, {}, kByDevice},
}};
// clang-format on

constexpr std::size_t kReceivedField = 0;
constexpr std::size_t kSentField = 8;

} // namespace

std::vector<NetworkCounters> parseNetDev(std::string_view text) {
    std::vector<NetworkCounters> devices;
    while (!text.empty()) {
        const std::string_view line = takeLine(text);
        const std::size_t colon = line.rfind(':');
        if (colon == std::string_view::npos) {
            continue;
        }
        std::string_view name = line.substr(0, colon);
        name = takeField(name);
        std::string_view rest = line.substr(colon + 1);
        std::array<std::string_view, kSentField + 1> fields;
        for (std::string_view& field : fields) {
            field = takeField(rest);
        }
        const auto received = wholeNumber(fields[kReceivedField]);
        const auto sent = wholeNumber(fields[kSentField]);
        if (!name.empty() && received && sent) {
            devices.push_back({std::string(name), *received, *sent});
        }
    }
    return devices;
}

NetworkCollector::NetworkCollector(const HostPaths& paths)
    : m_file(paths.proc / "self/net/dev") {}

std::span<const MetricDef> NetworkCollector::metrics() const noexcept {
    return kDefs;
}

core::Result<void> NetworkCollector::collect(metrics::SampleBuilder& out) {
    const auto text = m_file.read();
    if (!text) {
        return core::Unexpected(text.error());
    }
    std::set<std::string> seen; // a line twice would be a series twice
    for (const NetworkCounters& device : parseNetDev(*text)) {
        if (seen.insert(device.device).second) {
            out.push(kDefs[kReceive], static_cast<double>(device.received), {{"device", device.device}});
            out.push(kDefs[kTransmit], static_cast<double>(device.sent), {{"device", device.device}});
        }
    }
    return {};
}

} // namespace collect

// What telling people costs and yields, as metrics.
#pragma once

#include "monitor/metrics/notify_rows.h"
#include "monitor/metrics/snapshot.h"

#include <cstdint>
#include <span>
#include <vector>

namespace notify {

struct Figures {
    std::vector<metrics::ChannelRow> channels;
    std::uint64_t dropped = 0; // events that found the queue full
};

[[nodiscard]] std::span<const metrics::MetricDef> figureDefs() noexcept;
void pushFigures(const Figures& figures, metrics::SampleBuilder& out);

} // namespace notify

// How long waiting, using and querying take: percentiles over the recent past, and the heat maps' columns.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/self/pool_instruments.h"
#include "monitor/metrics/log_linear.h"
#include "monitor/metrics/pool_trace.h"

#include <array>

namespace collect {

class PoolTrace;

// Must stand behind the pool's collector. Not live: merging costs more than a scrape may.
class LatencyCollector final : public Collector {
public:
    // `window`: of the snapshot's percentiles; the metric's are over the last minute, so that trends follow
    // what happens. `instruments` must outlive the collector, and so must `trace`; it may be null.
    explicit LatencyCollector(const PoolInstruments& instruments, PoolTrace* trace = nullptr,
                              core::Nanos window = std::chrono::minutes(5));

    [[nodiscard]] std::string_view name() const noexcept override { return "latency"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    struct Watched {
        metrics::Stage stage;
        const metrics::LogLinear& recorder;
        metrics::SlidingWindow window;
        metrics::SlidingWindow minute;
    };
    [[nodiscard]] static Watched watch(metrics::Stage stage, const Timing& timing, core::Nanos window);

    PoolTrace* const m_trace;
    std::array<Watched, metrics::kStages> m_watched;
};

} // namespace collect

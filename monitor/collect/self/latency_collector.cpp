#include "monitor/collect/self/latency_collector.h"

#include "monitor/collect/self/pool_defs.h"
#include "monitor/collect/self/pool_trace.h"

namespace collect {

namespace {

constexpr std::size_t kSlices = 10;
constexpr std::size_t kMinuteSlices = 12;
constexpr core::Nanos kMinute = std::chrono::minutes(1);

metrics::LatencyView viewOf(metrics::Stage stage, const metrics::LogLinearCounts& counts, core::Nanos window)
{
    metrics::LatencyView view;
    view.name = metrics::stageName(stage);
    view.p50 = counts.quantile(0.50);
    view.p90 = counts.quantile(0.90);
    view.p95 = counts.quantile(0.95);
    view.p99 = counts.quantile(0.99);
    view.p999 = counts.quantile(0.999);
    view.max = counts.max();
    view.count = counts.count();
    view.window = window;
    return view;
}

// Nothing observed: no percentiles, absent rather than zero.
void push(metrics::SampleBuilder& out, const metrics::LatencyView& view)
{
    const metrics::MetricDef& def = defs::latency()[0];
    const std::pair<const char*, double> quantiles[] = {{"0.5", view.p50},    {"0.9", view.p90},
                                                        {"0.95", view.p95},   {"0.99", view.p99},
                                                        {"0.999", view.p999}, {"1", view.max}};
    for (const auto& [quantile, value] : quantiles) {
        out.push(def, value, {{"q", quantile}, {"stage", view.name}});
    }
}

} // namespace

LatencyCollector::Watched LatencyCollector::watch(metrics::Stage stage, const Timing& timing,
                                                  core::Nanos window)
{
    return {stage, timing.fine, {timing.fine, window, kSlices}, {timing.fine, kMinute, kMinuteSlices}};
}

LatencyCollector::LatencyCollector(const PoolInstruments& instruments, PoolTrace* trace, core::Nanos window)
    : m_trace(trace)
    , m_watched{watch(metrics::Stage::Wait, instruments.wait(), window),
                watch(metrics::Stage::Usage, instruments.usage(), window),
                watch(metrics::Stage::Query, instruments.query(), window)}
{
}

std::span<const metrics::MetricDef> LatencyCollector::metrics() const noexcept
{
    return defs::latency();
}

core::Result<void> LatencyCollector::collect(metrics::SampleBuilder& out)
{
    metrics::Snapshot& snapshot = out.snapshot();
    std::array<metrics::LogLinearCounts, metrics::kStages> counts;
    snapshot.latency.clear();
    for (std::size_t i = 0; i < m_watched.size(); ++i) {
        Watched& watched = m_watched[i];
        counts[i] = watched.recorder.counts();
        snapshot.latency.push_back(viewOf(watched.stage, watched.window.recent(snapshot.steady, counts[i]),
                                          watched.window.window()));
        push(out, viewOf(watched.stage, watched.minute.recent(snapshot.steady, counts[i]), kMinute));
    }
    if (m_trace != nullptr) {
        m_trace->takePool(snapshot);
        m_trace->takeCounts(counts, snapshot);
    }
    return {};
}

} // namespace collect

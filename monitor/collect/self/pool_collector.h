// The pool's state as metrics and as the picture the window draws.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/self/pool_instruments.h"
#include "monitor/core/clock.h"
#include "monitor/pool/pool_stats.h"

#include <functional>
#include <memory>

namespace collect {

// From one consistent state: figures, slot table and waiters belong together. `serverMaxConnections` stands
// in for the limit of a pool without one (0 = not known: then there is no usage). Pure.
[[nodiscard]] metrics::PoolView poolView(const pool::PoolStats& stats, int serverMaxConnections);

// Pure.
[[nodiscard]] metrics::AutopsyRow autopsyRow(const pool::Autopsy& autopsy);

// "ok", "busy" (over 80 %, or full and working), "held" (full, but at most a tenth of it is working),
// "exhausted" (full and callers are waiting), "suspended", "down". Pure.
[[nodiscard]] const char* poolVerdict(const pool::PoolStats& stats, const metrics::PoolView& view);

// live(): a scrape gets the pool as it is at that moment.
class PoolCollector final : public Collector {
public:
    // `stats` gives one consistent state and is called on the sampler's and on scrapers' threads, one at a
    // time. `instruments` must outlive the collector.
    PoolCollector(std::function<pool::PoolStats()> stats, PoolInstruments& instruments,
                  const core::Clock& clock = core::SystemClock::instance());

    [[nodiscard]] std::string_view name() const noexcept override { return "pool"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;
    [[nodiscard]] bool live() const noexcept override { return true; }

private:
    void pushTimings(metrics::SampleBuilder& out) const;
    [[nodiscard]] std::vector<std::shared_ptr<const metrics::AutopsyRow>>
    autopsyRows(const std::vector<pool::AutopsyPtr>& autopsies);

    const std::function<pool::PoolStats()> m_stats;
    PoolInstruments& m_instruments;
    const core::Clock& m_clock;
    bool m_failing = false;                                              // said so already
    std::vector<std::shared_ptr<const metrics::AutopsyRow>> m_autopsies; // of the last collection
};

// Percentiles of wait, usage and query over the last minutes. Not live: merging costs more than a scrape may.
class LatencyCollector final : public Collector {
public:
    explicit LatencyCollector(const PoolInstruments& instruments,
                              core::Nanos window = std::chrono::minutes(5));

    [[nodiscard]] std::string_view name() const noexcept override { return "latency"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override { return {}; }
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    metrics::SlidingWindow m_wait;
    metrics::SlidingWindow m_usage;
    metrics::SlidingWindow m_query;
};

} // namespace collect

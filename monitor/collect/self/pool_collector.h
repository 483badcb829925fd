// The pool's state as metrics and as the picture the window draws.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/self/pool_instruments.h"
#include "monitor/core/clock.h"
#include "monitor/pool/pool_stats.h"

#include <functional>
#include <memory>
#include <vector>

namespace collect {

class PoolTrace;

// From one consistent state: figures, slot table and waiters belong together. `serverMaxConnections` stands
// in for the limit of a pool without one (0 = not known: then there is no usage). Pure.
[[nodiscard]] metrics::PoolView poolView(const pool::PoolStats& stats, int serverMaxConnections);

// Pure.
[[nodiscard]] metrics::AutopsyRow autopsyRow(const pool::Autopsy& autopsy);

// Pure.
[[nodiscard]] std::vector<metrics::WaiterRow> waiterRows(const std::vector<pool::WaiterInfo>& waiters,
                                                         std::size_t atMost = static_cast<std::size_t>(-1));

// "ok", "busy" (over 80 %, or full and working), "held" (full, but at most a tenth of it is working),
// "exhausted" (full and callers are waiting), "suspended", "down". Pure.
[[nodiscard]] const char* poolVerdict(const pool::PoolStats& stats, const metrics::PoolView& view);

// live(): a scrape gets the pool as it is at that moment.
class PoolCollector final : public Collector {
public:
    // `stats` gives one consistent state and is called on the sampler's and on scrapers' threads,
    // one at a time. `instruments` must outlive the collector, and so must `trace`, which is told who waits;
    // it may be null.
    PoolCollector(std::function<pool::PoolStats()> stats, PoolInstruments& instruments,
                  PoolTrace* trace = nullptr, const core::Clock& clock = core::SystemClock::instance());

    [[nodiscard]] std::string_view name() const noexcept override { return "pool"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;
    [[nodiscard]] bool live() const noexcept override { return true; }

private:
    void pushTimings(metrics::SampleBuilder& out);
    void pushWaste(metrics::SampleBuilder& out, core::SteadyTime now);
    [[nodiscard]] std::vector<std::shared_ptr<const metrics::AutopsyRow>>
    autopsyRows(const std::vector<pool::AutopsyPtr>& autopsies);

    const std::function<pool::PoolStats()> m_stats;
    PoolInstruments& m_instruments;
    PoolTrace* const m_trace;
    const core::Clock& m_clock;
    double m_queued = 0;                 // s
    double m_wasted = 0;                 // s
    std::vector<core::Nanos> m_idleHeld; // by place, at this look
    core::SteadyTime m_lastLook = {};
    bool m_failing = false;                                              // said so already
    std::vector<std::shared_ptr<const metrics::AutopsyRow>> m_autopsies; // of the last collection
};

} // namespace collect

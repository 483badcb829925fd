// The pool's witness: keeps what became of the pool and tells it to window and HTTP.
#pragma once

#include "monitor/collect/self/heat_maps.h"
#include "monitor/collect/self/life_lines.h"
#include "monitor/collect/self/pool_instruments.h"
#include "monitor/core/latest.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/pool_trace.h"
#include "monitor/pool/pool_stats.h"

#include <functional>
#include <memory>
#include <vector>

namespace collect {

// Thread-safe as its interface says; take…() come from the sampler's thread.
class PoolTrace final : public metrics::PoolWitness {
public:
    // `instruments` must outlive it; `autopsies` gives the pool's newest, is thread-safe and may be empty.
    PoolTrace(const PoolInstruments& instruments, std::function<std::vector<pool::AutopsyPtr>()> autopsies,
              const core::Clock& clock = core::SystemClock::instance());

    void takePool(const metrics::Snapshot& snapshot);
    void takeCounts(const std::array<metrics::LogLinearCounts, metrics::kStages>& counts,
                    const metrics::Snapshot& snapshot);
    // From any thread that has looked at the pool.
    void takeQueue(std::vector<metrics::WaiterRow> rows);

    [[nodiscard]] std::vector<metrics::PoolEventRow> events(std::uint64_t after,
                                                            std::size_t atMost) const override;
    [[nodiscard]] std::vector<metrics::LaneColumnPtr> lanes() const override { return m_lines.columns(); }
    [[nodiscard]] std::vector<metrics::PoolEventRow> laneMarks(std::uint64_t after) const override
    {
        return m_lines.marks(after);
    }
    [[nodiscard]] std::vector<metrics::HeatColumnPtr> heat() const override { return m_heat.columns(); }
    [[nodiscard]] std::vector<metrics::Exemplar> culprits(metrics::Stage stage, double from,
                                                          double to) const override;
    [[nodiscard]] metrics::WaiterQueuePtr queue() const override { return m_queue.get(); }
    [[nodiscard]] std::vector<std::shared_ptr<const metrics::AutopsyRow>> autopsies() const override;

private:
    [[nodiscard]] std::vector<metrics::PoolEventRow> rowsOf(const std::vector<EventRow>& events) const;

    const PoolInstruments& m_instruments;
    const std::function<std::vector<pool::AutopsyPtr>()> m_autopsies;
    const core::Clock& m_clock;
    LifeLines m_lines;
    HeatMaps m_heat;
    std::uint64_t m_marked = 0; // the sampler's thread alone: events below this number have been looked at
    core::Latest<metrics::WaiterQueue> m_queue;
    mutable core::Mutex m_mutex; // guards what follows: rows are made once; pointers are moved under it
    mutable std::vector<std::shared_ptr<const metrics::AutopsyRow>> m_known GUARDED_BY(m_mutex);
};

} // namespace collect

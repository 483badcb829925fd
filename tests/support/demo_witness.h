// A pool's witness fed by hand: for looking at life-lines, heat maps and lists without a pool.
#pragma once

#include "monitor/collect/self/heat_maps.h"
#include "monitor/collect/self/life_lines.h"
#include "monitor/metrics/pool_trace.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace demo {

// Not thread-safe: one thread feeds and asks.
class Witness final : public metrics::PoolWitness {
public:
    // What a tick leaves behind: a column of the life-lines and one of the heat maps, some events.
    void take(const metrics::Snapshot& snapshot)
    {
        m_lines.take(snapshot.pool, snapshot.at, snapshot.interval);
        for (std::size_t stage = 0; stage < metrics::kStages; ++stage) {
            std::lognormal_distribution<double> spread(13.0 + 2.0 * static_cast<double>(stage), 1.4);
            for (int i = 0; i < 300; ++i) {
                const auto nanos = static_cast<std::uint64_t>(spread(m_random));
                m_counts[stage].add(metrics::LogLinearLayout::index(nanos), 1);
            }
        }
        m_heat.take(m_counts, snapshot.at, snapshot.interval);
    }
    void add(metrics::PoolEventRow event)
    {
        event.number = static_cast<std::uint64_t>(m_events.size()) + 1;
        m_lines.mark({event});
        m_events.push_back(std::move(event));
    }
    void setQueue(std::vector<metrics::WaiterRow> rows)
    {
        auto queue = std::make_shared<metrics::WaiterQueue>();
        queue->rows = std::move(rows);
        m_queue = std::move(queue);
    }
    void setAutopsies(std::vector<std::shared_ptr<const metrics::AutopsyRow>> rows) { m_autopsies = std::move(rows); }
    void addCulprit(metrics::Exemplar culprit) { m_culprits.push_back(std::move(culprit)); }

    [[nodiscard]] std::vector<metrics::PoolEventRow> events(std::uint64_t after, std::size_t atMost) const override
    {
        const auto first = std::max<std::size_t>(after, m_events.size() - std::min(m_events.size(), atMost));
        return {m_events.begin() + static_cast<std::ptrdiff_t>(std::min(first, m_events.size())), m_events.end()};
    }
    [[nodiscard]] std::vector<metrics::LaneColumnPtr> lanes() const override { return m_lines.columns(); }
    [[nodiscard]] std::vector<metrics::PoolEventRow> laneMarks(std::uint64_t after) const override
    {
        return m_lines.marks(after);
    }
    [[nodiscard]] std::vector<metrics::HeatColumnPtr> heat() const override { return m_heat.columns(); }
    [[nodiscard]] std::vector<metrics::Exemplar> culprits(metrics::Stage stage, double from, double to) const override
    {
        (void)stage;
        std::vector<metrics::Exemplar> found;
        std::copy_if(m_culprits.begin(), m_culprits.end(), std::back_inserter(found),
                     [&](const auto& culprit) { return culprit.value > from && culprit.value <= to; });
        return found;
    }
    [[nodiscard]] metrics::WaiterQueuePtr queue() const override { return m_queue; }
    [[nodiscard]] std::vector<std::shared_ptr<const metrics::AutopsyRow>> autopsies() const override
    {
        return m_autopsies;
    }

private:
    std::mt19937 m_random{7};
    std::array<metrics::LogLinearCounts, metrics::kStages> m_counts;
    collect::LifeLines m_lines;
    collect::HeatMaps m_heat;
    std::vector<metrics::PoolEventRow> m_events;
    std::vector<metrics::Exemplar> m_culprits;
    metrics::WaiterQueuePtr m_queue = std::make_shared<metrics::WaiterQueue>();
    std::vector<std::shared_ptr<const metrics::AutopsyRow>> m_autopsies;
};

} // namespace demo

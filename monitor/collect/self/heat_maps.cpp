#include "monitor/collect/self/heat_maps.h"

#include <algorithm>
#include <limits>
#include <memory>

namespace collect {

namespace {

using metrics::HeatLayout;
using metrics::LogLinearLayout;

std::array<std::uint64_t, HeatLayout::kRows> rowsOf(const metrics::LogLinearCounts& counts)
{
    static const auto kRowOf = [] {
        std::array<std::uint8_t, LogLinearLayout::kBuckets> rows{};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i] = static_cast<std::uint8_t>(HeatLayout::row(LogLinearLayout::lowest(i)));
        }
        return rows;
    }();
    std::array<std::uint64_t, HeatLayout::kRows> rows{};
    for (std::size_t i = 0; i < kRowOf.size(); ++i) {
        rows[kRowOf[i]] += counts.counts()[i];
    }
    return rows;
}

} // namespace

void HeatMaps::take(const std::array<metrics::LogLinearCounts, metrics::kStages>& counts, core::WallTime at,
                    core::Nanos interval)
{
    const core::Nanos since(at - m_lastAt);
    if (m_begun && since >= core::Nanos(0) && since < kSpacing && interval < kSpacing) {
        return;
    }
    std::array<Rows, metrics::kStages> rows{};
    std::transform(counts.begin(), counts.end(), rows.begin(), rowsOf);
    if (m_begun) {
        auto column = std::make_shared<metrics::HeatColumn>();
        column->number = ++m_number;
        column->to = at;
        // After a silence or a set clock it stands for one interval: what was in between is not known.
        const core::Nanos usual = std::max(interval, kSpacing);
        const core::Nanos span = since > core::Nanos(0) && since <= usual * 5 / 2 ? since : usual;
        column->from = at - std::chrono::duration_cast<core::WallTime::duration>(span);
        for (std::size_t stage = 0; stage < rows.size(); ++stage) {
            for (std::size_t i = 0; i < rows[stage].size(); ++i) {
                const std::uint64_t grown = rows[stage][i] - std::min(rows[stage][i], m_seen[stage][i]);
                column->counts[stage][i] = static_cast<std::uint32_t>(
                    std::min<std::uint64_t>(grown, std::numeric_limits<std::uint32_t>::max()));
            }
        }
        const core::MutexLock lock(m_mutex);
        m_columns.push_back(std::move(column));
        if (m_columns.size() > kColumns) {
            m_columns.pop_front();
        }
    }
    m_seen = rows;
    m_lastAt = at;
    m_begun = true;
}

std::vector<metrics::HeatColumnPtr> HeatMaps::columns() const
{
    const core::MutexLock lock(m_mutex);
    return {m_columns.begin(), m_columns.end()};
}

} // namespace collect

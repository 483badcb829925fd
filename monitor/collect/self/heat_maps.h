// The log-linear histograms as they grow: one column a second of what was observed in it.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/log_linear.h"
#include "monitor/metrics/pool_trace.h"

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

namespace collect {

// Thread-safe; take() comes from one thread.
class HeatMaps {
public:
    static constexpr std::size_t kColumns = 3600; // an hour at one a second: 2.6 MB
    // Ticks closer together than this share a column.
    static constexpr core::Nanos kSpacing = std::chrono::milliseconds(900);

    // What the recorders hold at one tick, by stage. The first call only says where counting begins.
    // `interval`: between ticks.
    void take(const std::array<metrics::LogLinearCounts, metrics::kStages>& counts, core::WallTime at,
              core::Nanos interval);
    [[nodiscard]] std::vector<metrics::HeatColumnPtr> columns() const;

private:
    using Rows = std::array<std::uint64_t, metrics::HeatLayout::kRows>;

    // The taking thread's alone.
    std::array<Rows, metrics::kStages> m_seen{};
    core::WallTime m_lastAt = {};
    std::uint64_t m_number = 0;
    bool m_begun = false;

    mutable core::Mutex m_mutex; // guards m_columns; only pointers are copied under it
    std::deque<metrics::HeatColumnPtr> m_columns GUARDED_BY(m_mutex);
};

} // namespace collect

#include "monitor/metrics/log_linear.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <utility>

namespace metrics {

void LogLinearCounts::merge(const LogLinearCounts& other) noexcept {
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        m_counts[i] += other.m_counts[i];
    }
    m_count += other.m_count;
}

void LogLinearCounts::subtract(const LogLinearCounts& earlier) noexcept {
    m_count = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        m_counts[i] -= std::min(m_counts[i], earlier.m_counts[i]);
        m_count += m_counts[i];
    }
}

double LogLinearCounts::quantile(double q) const noexcept {
    if (m_count == 0 || std::isnan(q)) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    // The smallest value with at least q of all values at or below it (nearest rank).
    const double share = std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(m_count));
    const std::uint64_t rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(share), 1, m_count);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        seen += m_counts[i];
        if (seen >= rank) {
            return LogLinearLayout::middle(i) * 1e-9;
        }
    }
    return LogLinearLayout::middle(m_counts.size() - 1) * 1e-9;
}

LogLinear::~LogLinear() {
    for (auto& shard : m_shards) {
        delete shard.load(std::memory_order_acquire);
    }
}

void LogLinear::record(core::Nanos span) noexcept {
    const auto nanos = static_cast<std::uint64_t>(std::max<core::Nanos::rep>(span.count(), 0));
    const std::size_t index = threadShard();
    Shard* shard = m_shards[index].load(std::memory_order_acquire);
    if (!shard && !(shard = makeShard(index))) {
        return;
    }
    std::atomic<std::uint64_t>& cell = (*shard)[LogLinearLayout::index(nanos)];
    if (index == kSharedShard) {
        cell.fetch_add(1, std::memory_order_relaxed);
    } else {
        cell.store(cell.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
}

LogLinear::Shard* LogLinear::makeShard(std::size_t index) noexcept {
    auto* fresh = new (std::nothrow) Shard{};
    Shard* present = nullptr;
    if (fresh && !m_shards[index].compare_exchange_strong(present, fresh, std::memory_order_acq_rel)) {
        delete fresh; // another thread made the shared one first
        return present;
    }
    return fresh;
}

LogLinearCounts LogLinear::counts() const {
    LogLinearCounts all;
    for (const auto& slot : m_shards) {
        if (const Shard* shard = slot.load(std::memory_order_acquire)) {
            for (std::size_t i = 0; i < shard->size(); ++i) {
                if (const std::uint64_t count = (*shard)[i].load(std::memory_order_relaxed)) {
                    all.add(i, count);
                }
            }
        }
    }
    return all;
}

SlidingWindow::SlidingWindow(const LogLinear& recorder, core::Nanos window, std::size_t slices)
    : m_recorder(recorder)
    , m_window(window)
    , m_slice(window / static_cast<core::Nanos::rep>(std::max<std::size_t>(slices, 1))) {}

LogLinearCounts SlidingWindow::recent(core::SteadyTime now, LogLinearCounts counts) {
    if (m_marks.empty()) {
        m_marks.push_back({now, {}}); // what was recorded before the first look is recent
    } else if (now - m_marks.back().at >= m_slice) {
        m_marks.push_back({now, counts});
    }
    while (m_marks.size() > 1 && now - m_marks[1].at >= m_window) {
        m_marks.pop_front();
    }
    LogLinearCounts result = std::move(counts);
    result.subtract(m_marks.front().counts);
    return result;
}

} // namespace metrics

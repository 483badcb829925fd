// How observations spread over fixed buckets, as Prometheus counts them: a bucket holds what is <= its bound.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/metrics/thread_shard.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace metrics {

// Thread-safe. observe() writes to the thread's own shard: a few nanoseconds however many threads record.
// About 8 KiB for ten buckets.
class Histogram {
public:
    // Upper bounds, finite and strictly ascending, without +Inf; at least one. Asserted.
    explicit Histogram(std::span<const double> bounds);

    // NaN is ignored. Negative values fall into the first bucket.
    void observe(double value) noexcept { add(bucketOf(value), value); }
    void observe(core::Nanos span) noexcept { observe(core::seconds(span)); }
    // As observe(), for who needs the bucket as well.
    void add(std::size_t bucket, double value) noexcept;

    // 0 … bounds().size(); the last one is +Inf.
    [[nodiscard]] std::size_t bucketOf(double value) const noexcept {
        if (value <= m_bounds.front()) { // by far the most, where all is well
            return 0;
        }
        std::size_t bucket = 0;
        for (const double bound : m_bounds) { // ten of them: adding comparisons beats a search
            bucket += static_cast<std::size_t>(value > bound);
        }
        return bucket;
    }
    [[nodiscard]] std::span<const double> bounds() const noexcept { return m_bounds; }
    // count is exactly the sum of counts; sum may lag behind by what is being recorded just now. No
    // exemplars.
    [[nodiscard]] HistogramValue value() const;

private:
    using Cell = std::atomic<std::uint64_t>;
    [[nodiscard]] Cell* shard(std::size_t index) const noexcept { return m_cells.get() + index * m_stride; }

    const std::vector<double> m_bounds;
    const std::size_t
        m_stride; // cells of a shard: the buckets, then the sum's bits, rounded up to whole cache lines
    struct Free {
        void operator()(Cell* cells) const noexcept;
    };
    std::unique_ptr<Cell[], Free> m_cells;
};

} // namespace metrics

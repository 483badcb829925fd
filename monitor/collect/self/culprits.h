// Who made the newest observation of each bucket: shown behind a histogram's bar and as OpenMetrics
// exemplars.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/snapshot.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <source_location>
#include <string_view>
#include <vector>

namespace collect {

struct Culprit {
    double value = 0;
    core::SteadyTime at = {};
    std::string_view tag;
    std::source_location site = {};
    int slot = -1;
    std::uint64_t fingerprint = 0; // 0 = none
};

// Thread-safe; note() never waits: when another thread is noting the same bucket, or has done so less than a
// millisecond ago, this one is let go. Slow buckets are therefore always current, and the fast ones cost next
// to nothing.
class Culprits {
public:
    static constexpr std::size_t kMaxBuckets = 24;

    void note(std::size_t bucket, const Culprit& culprit) noexcept;
    // True when note() would keep something: lets the caller save the work of finding out who it was.
    [[nodiscard]] bool wants(std::size_t bucket, core::SteadyTime at) const noexcept {
        return bucket < kMaxBuckets && core::Nanos(at.time_since_epoch()).count() >=
                                           m_cells[bucket].next.load(std::memory_order_relaxed);
    }
    // As exemplars with labels tag, site, slot, fingerprint (those that are known). `steadyNow` and `wallNow`
    // are the same moment.
    [[nodiscard]] std::vector<metrics::Exemplar> exemplars(core::SteadyTime steadyNow,
                                                           core::WallTime wallNow) const;

private:
    struct Cell {
        std::atomic<std::int64_t> next{INT64_MIN}; // not before this moment, in steady nanoseconds
        mutable core::Mutex mutex;                 // guards what follows; nothing slow under it
        bool used GUARDED_BY(mutex) = false;
        double value GUARDED_BY(mutex) = 0;
        core::SteadyTime at GUARDED_BY(mutex) = {};
        std::source_location site GUARDED_BY(mutex) = {};
        int slot GUARDED_BY(mutex) = -1;
        std::uint64_t fingerprint GUARDED_BY(mutex) = 0;
        std::array<char, 32> tag GUARDED_BY(mutex) = {};
    };
    std::array<Cell, kMaxBuckets> m_cells;
};

} // namespace collect

// Who made the newest observations of each bucket: shown behind a histogram's bar and as OpenMetrics
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
    // The newest of each bucket, as exemplars with labels tag, site, slot, fingerprint (those that are known).
    // `steadyNow` and `wallNow` are the same moment.
    [[nodiscard]] std::vector<metrics::Exemplar> exemplars(core::SteadyTime steadyNow,
                                                           core::WallTime wallNow) const;
    // How many a bucket keeps.
    static constexpr std::size_t kKept = 8;
    // All that are kept, newest first; labels as above.
    [[nodiscard]] std::vector<metrics::Exemplar> all(core::SteadyTime steadyNow, core::WallTime wallNow) const;

private:
    struct Note {
        double value = 0;
        core::SteadyTime at = {};
        std::source_location site = {};
        int slot = -1;
        std::uint64_t fingerprint = 0;
        std::array<char, 32> tag = {};
    };
    struct Cell {
        std::atomic<std::int64_t> next{INT64_MIN}; // not before this moment, in steady nanoseconds
        mutable core::Mutex mutex;                 // guards what follows; nothing slow under it
        std::uint64_t noted GUARDED_BY(mutex) = 0;
        std::array<Note, kKept> notes GUARDED_BY(mutex) = {};
    };
    [[nodiscard]] static metrics::Exemplar exemplarOf(const Note& note, core::SteadyTime steadyNow,
                                                      core::WallTime wallNow);
    std::array<Cell, kMaxBuckets> m_cells;
};

} // namespace collect

// How long connections are used, apart for each tag, with a bound on how many there are.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/histogram.h"
#include "monitor/metrics/thread_shard.h"

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace collect {

// Thread-safe. The first kMostTags tags that occur get a histogram each (12 KiB), all others one together,
// "other": no series ever changes its meaning. A thread that uses one tag time after time finds it without a
// lock.
class TagTimings {
public:
    static constexpr std::size_t kMostTags = 32;

    explicit TagTimings(std::span<const double> bounds)
        : m_bounds(bounds)
    {
    }
    TagTimings(const TagTimings&) = delete;
    TagTimings& operator=(const TagTimings&) = delete;

    // Lost when there is no memory for a new tag.
    void observe(std::string_view tag, core::Nanos span) noexcept;
    // By tag, in its order; tags are valid UTF-8.
    [[nodiscard]] std::vector<std::pair<std::string, metrics::HistogramValue>> values() const;

private:
    // What a thread used last. Longer tags are looked up each time.
    struct alignas(64) Last {
        metrics::Histogram* histogram = nullptr;
        std::size_t size = 0;
        std::array<char, 48> text{};
    };
    [[nodiscard]] metrics::Histogram& of(std::string_view tag);

    const std::span<const double> m_bounds; // of a table that stays
    std::array<Last, metrics::kThreadShards> m_last{};
    mutable core::Mutex m_mutex; // guards the map, not what is in it: histograms stay where they are
    std::map<std::string, std::unique_ptr<metrics::Histogram>, std::less<>> m_byTag GUARDED_BY(m_mutex);
};

} // namespace collect

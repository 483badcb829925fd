// The recent past in memory: every sample of the last hours, packed, for charts, rules and HTTP.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/series/mem_series.h"
#include "monitor/series/reader.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace series {

struct HeadOptions {
    core::Nanos retention = std::chrono::hours(2);
    std::size_t maxSeries = 50'000; // new ones beyond are refused and counted
};

struct HeadStats {
    std::size_t series = 0;
    std::size_t samples = 0;
    std::size_t chunkBytes = 0;
    std::uint64_t refusedSeries = 0; // ever
    std::int64_t oldest = 0;         // ms since the epoch; 0 when empty
    std::int64_t newest = 0;
};

// A sample with its name, for what rules record.
struct NamedSample {
    Labels labels; // with __name__
    double value = 0;
};

// Thread-safe: one writer (the sampler's thread), many readers. Readers hold the lock only to pick chunks,
// and unpack without it. When the wall clock steps back, samples of the time that has not come yet are
// dropped: history never runs against the clock on the wall.
class Head final : public Reader {
public:
    explicit Head(HeadOptions options = {});
    ~Head() override;

    // All families of the tick; a histogram becomes _bucket (le spelled "1.0"), _sum and _count. A series of
    // the tick before that is missing now ends with a stale marker, as after a scrape.
    void append(const metrics::Snapshot& snapshot);
    // Further samples at the same or a later moment; a series with a sample at `at` already keeps the first
    // one. New series are refused that would leave room for less than `leave` others; returns how many.
    std::size_t append(std::int64_t at, std::span<const NamedSample> samples, std::size_t leave = 0);
    // Nothing was seen for a while since the newest snapshot: its series end `interval` after it. The next snapshot begins
    // them again.
    void interrupt(core::Nanos interval);
    // Ends these series (with __name__) at `at`.
    void markStale(std::int64_t at, std::span<const Labels> labels);

    // From now on; series beyond it that are there stay.
    void setMaxSeries(std::size_t most);
    [[nodiscard]] HeadStats stats() const;
    // Every sample of the newest moment, stale markers among them: what a longer memory is fed with each tick. Any order.
    [[nodiscard]] std::vector<LatestSample> newestTick() const;
    // From here on (ms since the epoch) nothing is missing; what is older somebody else must know. The greatest number
    // when the head is empty.
    [[nodiscard]] std::int64_t completeFrom() const override;
    // Puts what was known before the first tick in front of it: series with __name__ and samples in ascending order, each series
    // once. Samples that are not older than completeFrom() are left out. For the start of the program, in any portions; then
    // pastIsComplete() says from when on nothing is missing.
    void adoptPast(std::span<const SeriesData> past);
    void pastIsComplete(std::int64_t from);

    [[nodiscard]] std::vector<SeriesData> select(std::span<const Matcher> matchers, std::int64_t from,
                                                 std::int64_t to) const override;
    [[nodiscard]] std::vector<LatestSample> latest(std::span<const Matcher> matchers, std::int64_t from,
                                                   std::int64_t to) const override;
    [[nodiscard]] std::vector<RangeEnds> ends(std::span<const Matcher> matchers, std::int64_t from,
                                              std::int64_t to) const override;
    [[nodiscard]] std::vector<LabelsPtr> list(std::span<const Matcher> matchers, std::int64_t from,
                                              std::int64_t to) const override;
    [[nodiscard]] std::vector<std::string> labelNames(std::span<const Matcher> matchers) const override;
    [[nodiscard]] std::vector<std::string> labelValues(std::string_view name,
                                                       std::span<const Matcher> matchers) const override;

private:
    struct SourceHash;
    struct SourceEqual;
    struct SourceKey;
    using Targets = std::vector<MemSeries*>;

    MemSeries* findOrCreate(Labels labels, std::size_t leave = 0) REQUIRES(m_mutex);
    const Targets& targetsFor(std::string_view name, const metrics::Series& source) REQUIRES(m_mutex);
    void appendHistogram(const Targets& targets, const metrics::HistogramValue& histogram, std::int64_t at)
        REQUIRES(m_mutex);
    void appendTo(MemSeries* series, std::int64_t at, double value) REQUIRES(m_mutex);
    void markVanished(std::int64_t at) REQUIRES(m_mutex);
    void advanceTo(std::int64_t at) REQUIRES(m_mutex);
    void expire() REQUIRES(m_mutex);
    struct PastSeries;
    void adopt(PastSeries&& past, std::int64_t before) REQUIRES(m_mutex);
    // Sorted by labels.
    [[nodiscard]] std::vector<const MemSeries*> matching(std::span<const Matcher> matchers) const
        REQUIRES(m_mutex);

    const core::Nanos m_retention;
    mutable core::Mutex m_mutex; // guards all that follows; packing one tick is the slowest thing under it
    std::size_t m_maxSeries GUARDED_BY(m_mutex);
    std::unordered_map<Labels, std::unique_ptr<MemSeries>, LabelsHash> m_series GUARDED_BY(m_mutex);
    // Of each metric its series, sorted by labels: nearly every selector names its metric.
    std::unordered_map<std::string, std::vector<MemSeries*>> m_byName GUARDED_BY(m_mutex);
    struct Sources;
    std::unique_ptr<Sources> m_sources GUARDED_BY(m_mutex); // from a snapshot's series to ours
    std::uint64_t m_tick GUARDED_BY(m_mutex) = 0;
    std::uint64_t m_refused GUARDED_BY(m_mutex) = 0;
    std::int64_t m_newest GUARDED_BY(m_mutex) = 0;
    std::int64_t m_nextExpiry GUARDED_BY(m_mutex) = 0;
    std::int64_t m_completeFrom GUARDED_BY(m_mutex) = std::numeric_limits<std::int64_t>::max();
};

} // namespace series

// Where queries get their samples from: the head in memory, and whatever keeps them longer.
#pragma once

#include "monitor/series/label_ops.h"
#include "monitor/series/matcher.h"
#include "monitor/series/sample.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace series {

struct SeriesData {
    LabelsPtr labels;            // with __name__
    std::vector<Sample> samples; // ascending, stale markers among them
};

struct LatestSample {
    LabelsPtr labels;
    Sample sample; // never a stale marker
};

// What rate() and its kin ask of a range: its ends, and the values from which a counter began anew.
struct RangeEnds {
    LabelsPtr labels; // without __name__
    Sample first;     // neither is a stale marker
    Sample last;
    std::size_t count = 0;           // of samples, without stale markers; at least 1
    std::vector<double> beforeFalls; // each value that was followed by a smaller one, in order
};

// Times are ms since the epoch, both ends included. Answers are sorted by labels. Thread-safe.
class Reader {
public:
    virtual ~Reader() = default;
    // Series that have at least one sample within [from, to].
    [[nodiscard]] virtual std::vector<SeriesData> select(std::span<const Matcher> matchers, std::int64_t from,
                                                         std::int64_t to) const = 0;
    // The newest sample within [from, to] of each series, unless it is a stale marker.
    [[nodiscard]] virtual std::vector<LatestSample> latest(std::span<const Matcher> matchers,
                                                           std::int64_t from, std::int64_t to) const = 0;
    // The ends of what select() would give, for who can tell them without unpacking everything.
    [[nodiscard]] virtual std::vector<RangeEnds> ends(std::span<const Matcher> matchers, std::int64_t from,
                                                      std::int64_t to) const;
    // Label sets of the series with a sample within [from, to].
    [[nodiscard]] virtual std::vector<LabelsPtr> list(std::span<const Matcher> matchers, std::int64_t from,
                                                      std::int64_t to) const = 0;
    // Names of labels, and values of one label, sorted; among the series that match.
    [[nodiscard]] virtual std::vector<std::string> labelNames(std::span<const Matcher> matchers) const = 0;
    [[nodiscard]] virtual std::vector<std::string> labelValues(std::string_view name,
                                                               std::span<const Matcher> matchers) const = 0;
};

} // namespace series

// Where queries get their samples from: the head in memory, and whatever keeps them longer.
#pragma once

#include "monitor/series/label_ops.h"
#include "monitor/series/matcher.h"
#include "monitor/series/sample.h"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
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

// What a query will do with the samples it asks for: a longer memory may then answer with fewer that lead to the same.
// Times in ms. The query looks at `start`, start + step … `end`, at each back over `range` (0: at the newest sample only).
struct Use {
    enum class Kind {
        Exact,   // every sample counts
        Value,   // the value at or before a moment
        Counter, // how much a counter grew
        Minimum,
        Maximum,
        Average,
    };
    Kind kind = Kind::Exact;
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t step = 0;
    std::int64_t range = 0;
};

// Thrown by a reader that would have to hold more samples than it may.
struct TooManySamples : std::exception {
    [[nodiscard]] const char* what() const noexcept override
    {
        return "query processing would load too many samples into memory in query execution";
    }
};

// `columns` pixels, say, over [from, to).
struct ColumnGrid {
    std::int64_t from = 0; // ms
    std::int64_t to = 0;
    std::size_t columns = 0;

    [[nodiscard]] std::int64_t width() const noexcept
    {
        return columns == 0 ? 0 : (to - from) / static_cast<std::int64_t>(columns);
    }
    // The column of a moment; `columns` when it is in none.
    [[nodiscard]] std::size_t at(std::int64_t moment) const noexcept
    {
        if (moment < from || moment >= to || columns == 0) {
            return columns;
        }
        return static_cast<std::size_t>(static_cast<double>(moment - from) / static_cast<double>(to - from) *
                                        static_cast<double>(columns));
    }
};

// What happened within a column; without meaning while count is 0. Stale markers and NaN do not count.
struct EnvelopeColumn {
    std::int64_t count = 0;
    double min = 0;
    double max = 0;
    double sum = 0;
    double last = 0;
    double peak = 0; // of a counter the most it grew a second (RatePeak); of others it says nothing

    void add(const EnvelopeColumn& later) noexcept;
    void add(double value, double rate) noexcept { add(EnvelopeColumn{1, value, value, value, value, rate}); }
};

struct Envelope {
    LabelsPtr labels; // with __name__
    std::vector<EnvelopeColumn> columns;
};

// Times are ms since the epoch, both ends included. Answers are sorted by labels. Thread-safe.
class Reader {
public:
    virtual ~Reader() = default;
    // Series that have at least one sample within [from, to].
    [[nodiscard]] virtual std::vector<SeriesData> select(std::span<const Matcher> matchers, std::int64_t from,
                                                         std::int64_t to) const = 0;
    // As select(), but perhaps fewer: enough for this use. Throws TooManySamples.
    [[nodiscard]] virtual std::vector<SeriesData> sampled(std::span<const Matcher> matchers, std::int64_t from,
                                                          std::int64_t to, const Use& use) const;
    // The extremes of each column, whatever its length: a spike of one second is in it. Only of samples within
    // [from, to]; the columns beyond stay empty. Throws TooManySamples.
    [[nodiscard]] virtual std::vector<Envelope> envelope(std::span<const Matcher> matchers, const ColumnGrid& grid,
                                                         std::int64_t from, std::int64_t to) const;
    // Of the whole grid.
    [[nodiscard]] std::vector<Envelope> envelopeOf(std::span<const Matcher> matchers, const ColumnGrid& grid) const
    {
        return envelope(matchers, grid, grid.from, grid.to - 1);
    }
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
    // From here on nothing is missing; what is older somebody else may know. Unless overridden: it knows all there is. The
    // greatest number: nothing yet.
    [[nodiscard]] virtual std::int64_t completeFrom() const { return std::numeric_limits<std::int64_t>::min(); }
};

} // namespace series

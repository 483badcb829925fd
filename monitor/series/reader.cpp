#include "monitor/series/reader.h"

#include "monitor/series/rate_peak.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace series {

void EnvelopeColumn::add(const EnvelopeColumn& later) noexcept
{
    if (later.count == 0) {
        return;
    }
    min = count == 0 ? later.min : std::min(min, later.min);
    max = count == 0 ? later.max : std::max(max, later.max);
    sum += later.sum;
    count += later.count;
    last = later.last;
    peak = std::max(peak, later.peak);
}

std::vector<SeriesData> Reader::sampled(std::span<const Matcher> matchers, std::int64_t from, std::int64_t to,
                                        const Use& use) const
{
    static_cast<void>(use);
    return select(matchers, from, to);
}

std::vector<Envelope> Reader::envelope(std::span<const Matcher> matchers, const ColumnGrid& grid,
                                       std::int64_t from, std::int64_t to) const
{
    std::vector<Envelope> all;
    for (SeriesData& data : select(matchers, std::max(from, grid.from), std::min(to, grid.to - 1))) {
        Envelope envelope{std::move(data.labels), std::vector<EnvelopeColumn>(grid.columns)};
        bool any = false;
        RatePeak rate;
        for (const Sample& sample : data.samples) {
            const std::size_t column = grid.at(sample.at);
            if (column < grid.columns && !std::isnan(sample.value)) {
                envelope.columns[column].add(sample.value, rate.add(sample.at, sample.value));
                any = true;
            }
        }
        if (any) {
            all.push_back(std::move(envelope));
        }
    }
    return all;
}

} // namespace series

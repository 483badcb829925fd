#include "monitor/series/range_ends.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace series {

std::vector<RangeEnds> Reader::ends(std::span<const Matcher> matchers, std::int64_t from,
                                    std::int64_t to) const
{
    std::vector<RangeEnds> result;
    for (const SeriesData& data : select(matchers, from, to)) {
        if (auto ends = endsOf(data.samples)) {
            ends->labels = std::make_shared<const Labels>(withoutName(*data.labels));
            result.push_back(std::move(*ends));
        }
    }
    return result;
}

std::optional<RangeEnds> endsOf(std::span<const Sample> samples)
{
    RangeEnds ends;
    for (const Sample& sample : samples) {
        if (isStale(sample.value)) {
            continue;
        }
        if (ends.count == 0) {
            ends.first = sample;
        } else if (sample.value < ends.last.value) {
            ends.beforeFalls.push_back(ends.last.value);
        }
        ends.last = sample;
        ++ends.count;
    }
    return ends.count > 0 ? std::optional(std::move(ends)) : std::nullopt;
}

RangeSketch::RangeSketch(const MemSeries& series, std::int64_t from, std::int64_t to)
    : m_from(from)
    , m_to(to)
{
    m_ends.labels = series.bare;
    // From the newest back: a rule asks for the newest, and each look at a chunk is a trip to the memory.
    auto end = series.sealed.end();
    while (end != series.sealed.begin() && (*std::prev(end))->first() > to) {
        --end;
    }
    auto begin = end;
    while (begin != series.sealed.begin() && (*std::prev(begin))->last() >= from) {
        --begin;
    }
    const bool open = series.open.count() > 0 && series.open.last() >= from && series.open.first() <= to;
    const auto tells = [to](const Chunk& chunk) { return chunk.even() && chunk.last() <= to; };
    const bool all = std::all_of(begin, end, [&](const ChunkPtr& chunk) { return tells(*chunk); });
    if (!all || (open && !tells(series.open))) {
        m_whole.assign(begin, end);
        if (open) {
            m_whole.push_back(std::make_shared<const Chunk>(series.open));
        }
        return;
    }
    for (auto chunk = begin; chunk != end; ++chunk) {
        if ((*chunk)->first() < from) {
            m_edge = *chunk;
        }
        fold(**chunk);
    }
    if (open) {
        if (series.open.first() < from) {
            m_edge = std::make_shared<const Chunk>(series.open);
        }
        fold(series.open);
    }
}

void RangeSketch::fold(const Chunk& chunk)
{
    const Sample front = chunk.front();
    if (m_ends.count == 0) {
        m_ends.first = front;
    } else if (front.value < m_ends.last.value) {
        m_ends.beforeFalls.push_back(m_ends.last.value);
    }
    m_ends.last = chunk.back();
    m_ends.count += chunk.count();
}

std::optional<RangeEnds> RangeSketch::finish() &&
{
    if (!m_whole.empty()) {
        std::vector<Sample> samples;
        for (const ChunkPtr& chunk : m_whole) {
            chunk->read(m_from, m_to, samples);
        }
        auto ends = endsOf(samples);
        if (ends) {
            ends->labels = std::move(m_ends.labels);
        }
        return ends;
    }
    if (m_edge) {
        const Chunk::Place place = m_edge->seek(m_from);
        m_ends.first = place.sample;
        m_ends.count -= place.index;
    }
    return m_ends.count > 0 ? std::optional(std::move(m_ends)) : std::nullopt;
}

} // namespace series

// What readers ask the head.
#include "monitor/series/head.h"
#include "monitor/series/range_ends.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace series {

std::vector<const MemSeries*> Head::matching(std::span<const Matcher> matchers) const
{
    std::vector<const MemSeries*> found;
    if (const Matcher* name = findName(matchers)) {
        const auto sameName = m_byName.find(name->value());
        if (sameName == m_byName.end()) {
            return found;
        }
        const auto before = matchers.first(static_cast<std::size_t>(name - matchers.data()));
        const auto after = matchers.subspan(before.size() + 1);
        std::copy_if(sameName->second.begin(), sameName->second.end(), std::back_inserter(found),
                     [&](const MemSeries* series) {
                         return series->any && matchesAll(before, *series->labels) &&
                                matchesAll(after, *series->labels);
                     });
        return found;
    }
    for (const auto& [labels, series] : m_series) {
        if (series->any && matchesAll(matchers, *series->labels)) {
            found.push_back(series.get());
        }
    }
    std::sort(found.begin(), found.end(),
              [](const MemSeries* a, const MemSeries* b) { return *a->labels < *b->labels; });
    return found;
}

std::vector<SeriesData> Head::select(std::span<const Matcher> matchers, std::int64_t from,
                                     std::int64_t to) const
{
    struct Picked {
        LabelsPtr labels;
        std::vector<std::shared_ptr<const Chunk>> sealed;
        Chunk open;
    };
    std::vector<Picked> picked;
    {
        const core::MutexLock lock(m_mutex);
        for (const MemSeries* series : matching(matchers)) {
            if (series->last.at < from || series->first() > to) {
                continue;
            }
            Picked pick{series->labels, {}, series->open.last() >= from ? series->open : Chunk()};
            std::copy_if(series->sealed.begin(), series->sealed.end(), std::back_inserter(pick.sealed),
                         [&](const auto& chunk) { return chunk->last() >= from && chunk->first() <= to; });
            picked.push_back(std::move(pick));
        }
    }
    std::vector<SeriesData> result;
    result.reserve(picked.size());
    for (Picked& pick : picked) {
        SeriesData data{std::move(pick.labels), {}};
        data.samples.reserve((pick.sealed.size() + 1) * Chunk::kCapacity);
        for (const auto& chunk : pick.sealed) {
            chunk->read(from, to, data.samples);
        }
        pick.open.read(from, to, data.samples);
        if (!data.samples.empty()) {
            result.push_back(std::move(data));
        }
    }
    return result;
}

std::vector<LatestSample> Head::latest(std::span<const Matcher> matchers, std::int64_t from,
                                       std::int64_t to) const
{
    std::vector<LatestSample> result;
    std::vector<Sample> buffer;
    const core::MutexLock lock(m_mutex);
    for (const MemSeries* series : matching(matchers)) {
        Sample sample = series->last;
        if (sample.at > to) { // a moment in the past: the newest chunk that reaches back to it
            buffer.clear();
            series->open.read(from, to, buffer);
            for (auto chunk = series->sealed.rbegin(); buffer.empty() && chunk != series->sealed.rend();
                 ++chunk) {
                (*chunk)->read(from, to, buffer);
            }
            if (buffer.empty()) {
                continue;
            }
            sample = buffer.back();
        }
        if (sample.at >= from && !isStale(sample.value)) {
            result.push_back({series->labels, sample});
        }
    }
    return result;
}

std::vector<RangeEnds> Head::ends(std::span<const Matcher> matchers, std::int64_t from, std::int64_t to) const
{
    std::vector<RangeSketch> sketches;
    {
        const core::MutexLock lock(m_mutex);
        const auto found = matching(matchers);
        sketches.reserve(found.size());
        for (const MemSeries* series : found) {
            if (series->last.at >= from && series->first() <= to) {
                sketches.emplace_back(*series, from, to);
            }
        }
    }
    std::vector<RangeEnds> result;
    result.reserve(sketches.size());
    for (RangeSketch& sketch : sketches) {
        if (auto ends = std::move(sketch).finish()) {
            result.push_back(std::move(*ends));
        }
    }
    return result;
}

std::vector<LabelsPtr> Head::list(std::span<const Matcher> matchers, std::int64_t from, std::int64_t to) const
{
    std::vector<LabelsPtr> result;
    const core::MutexLock lock(m_mutex);
    for (const MemSeries* series : matching(matchers)) {
        if (series->last.at >= from && series->first() <= to) {
            result.push_back(series->labels);
        }
    }
    return result;
}

std::vector<std::string> Head::labelNames(std::span<const Matcher> matchers) const
{
    std::set<std::string> names;
    const core::MutexLock lock(m_mutex);
    for (const MemSeries* series : matching(matchers)) {
        for (const auto& label : *series->labels) {
            names.insert(label.first);
        }
    }
    return {names.begin(), names.end()};
}

std::vector<std::string> Head::labelValues(std::string_view name, std::span<const Matcher> matchers) const
{
    std::set<std::string> values;
    const core::MutexLock lock(m_mutex);
    for (const MemSeries* series : matching(matchers)) {
        const std::string_view value = labelValue(*series->labels, name);
        if (!value.empty()) {
            values.emplace(value);
        }
    }
    return {values.begin(), values.end()};
}

HeadStats Head::stats() const
{
    const core::MutexLock lock(m_mutex);
    HeadStats stats;
    stats.series = m_series.size();
    stats.refusedSeries = m_refused;
    stats.newest = m_newest;
    for (const auto& [labels, series] : m_series) {
        if (!series->any) {
            continue;
        }
        stats.oldest = stats.oldest == 0 ? series->first() : std::min(stats.oldest, series->first());
        stats.samples += series->open.count();
        stats.chunkBytes += series->open.bytes();
        for (const auto& chunk : series->sealed) {
            stats.samples += chunk->count();
            stats.chunkBytes += chunk->bytes();
        }
    }
    return stats;
}

} // namespace series

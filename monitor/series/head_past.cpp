// The head beside a longer memory: what it hands on, and what it is given back after a restart.
#include "monitor/series/head.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace series {

struct Head::PastSeries {
    LabelsPtr labels;
    std::vector<std::shared_ptr<const Chunk>> chunks;
    Sample last{};
};

namespace {

std::vector<std::shared_ptr<const Chunk>> chunksOf(std::span<const Sample> samples)
{
    std::vector<std::shared_ptr<const Chunk>> chunks;
    for (std::size_t begin = 0; begin < samples.size(); begin += Chunk::kCapacity) {
        Chunk chunk;
        for (const Sample& sample :
             samples.subspan(begin, std::min(Chunk::kCapacity, samples.size() - begin))) {
            chunk.append(sample);
        }
        chunk.seal();
        chunks.push_back(std::make_shared<const Chunk>(std::move(chunk)));
    }
    return chunks;
}

} // namespace

std::vector<LatestSample> Head::newestTick() const
{
    std::vector<LatestSample> samples;
    const core::MutexLock lock(m_mutex);
    samples.reserve(m_series.size());
    for (const auto& [labels, series] : m_series) {
        if (series->any && series->last.at == m_newest) {
            samples.push_back({series->labels, series->last});
        }
    }
    return samples;
}

std::int64_t Head::completeFrom() const
{
    const core::MutexLock lock(m_mutex);
    return m_completeFrom;
}

void Head::adopt(PastSeries&& past, std::int64_t before)
{
    MemSeries* series = findOrCreate(*past.labels);
    if (series == nullptr || (series->any && series->first() < before)) {
        return; // refused, or it has a past already
    }
    series->sealed.insert(series->sealed.begin(), std::make_move_iterator(past.chunks.begin()),
                          std::make_move_iterator(past.chunks.end()));
    if (!series->any) {
        series->last = past.last;
        series->any = true;
    }
}

void Head::adoptPast(std::span<const SeriesData> past)
{
    const std::int64_t before = completeFrom();
    std::vector<PastSeries> packed;
    for (const SeriesData& data : past) {
        const auto end = std::find_if(data.samples.begin(), data.samples.end(),
                                      [&](const Sample& sample) { return sample.at >= before; });
        const std::span<const Sample> older(data.samples.begin(), end);
        if (!older.empty()) {
            packed.push_back({data.labels, chunksOf(older), older.back()});
        }
    }
    const core::MutexLock lock(m_mutex);
    if (m_completeFrom < before || packed.empty()) {
        return; // the clock has stepped back meanwhile: what was the past is none any more
    }
    for (PastSeries& one : packed) {
        m_newest = std::max(m_newest, one.last.at);
        adopt(std::move(one), before);
    }
}

void Head::pastIsComplete(std::int64_t from)
{
    const core::MutexLock lock(m_mutex);
    m_completeFrom = std::min(m_completeFrom, from);
}

} // namespace series

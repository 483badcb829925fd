#include "monitor/series/mem_series.h"

#include <utility>

namespace series {

void MemSeries::append(Sample sample)
{
    if (open.full()) {
        open.seal();
        sealed.push_back(std::make_shared<const Chunk>(std::move(open)));
        open = Chunk();
    }
    open.append(sample);
    last = sample;
    any = true;
}

void MemSeries::read(std::int64_t from, std::int64_t to, std::vector<Sample>& out) const
{
    for (const auto& chunk : sealed) {
        chunk->read(from, to, out);
    }
    open.read(from, to, out);
}

void MemSeries::truncate(std::int64_t at)
{
    std::vector<Sample> kept;
    read(first(), at - 1, kept);
    sealed.clear();
    open = Chunk();
    any = false;
    for (const Sample& sample : kept) {
        append(sample);
    }
}

} // namespace series

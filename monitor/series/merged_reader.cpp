#include "monitor/series/merged_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace series {

namespace {

const Labels& labelsOf(const LabelsPtr& labels)
{
    return *labels;
}

template <class T>
const Labels& labelsOf(const T& answer)
{
    return *answer.labels;
}

// Two answers sorted by labels become one; `join` brings what both have into the older one.
template <class T, class Join>
std::vector<T> merged(std::vector<T> older, std::vector<T> newer, Join join)
{
    if (older.empty()) {
        return newer;
    }
    std::vector<T> all;
    all.reserve(std::max(older.size(), newer.size()));
    auto left = older.begin();
    auto right = newer.begin();
    while (left != older.end() || right != newer.end()) {
        const bool onlyRight = left == older.end();
        const bool onlyLeft = right == newer.end();
        if (onlyRight || (!onlyLeft && labelsOf(*right) < labelsOf(*left))) {
            all.push_back(std::move(*right++));
        } else if (onlyLeft || labelsOf(*left) < labelsOf(*right)) {
            all.push_back(std::move(*left++));
        } else {
            join(*left, std::move(*right++));
            all.push_back(std::move(*left++));
        }
    }
    return all;
}

void appendSamples(SeriesData& older, SeriesData&& newer)
{
    older.samples.insert(older.samples.end(), newer.samples.begin(), newer.samples.end());
}

std::vector<std::string> united(std::vector<std::string> a, std::vector<std::string> b)
{
    std::vector<std::string> all;
    std::set_union(std::make_move_iterator(a.begin()), std::make_move_iterator(a.end()),
                   std::make_move_iterator(b.begin()), std::make_move_iterator(b.end()),
                   std::back_inserter(all));
    return all;
}

} // namespace

std::vector<SeriesData> MergedReader::select(std::span<const Matcher> matchers, std::int64_t from,
                                             std::int64_t to) const
{
    return sampled(matchers, from, to, {});
}

std::vector<SeriesData> MergedReader::sampled(std::span<const Matcher> matchers, std::int64_t from,
                                              std::int64_t to, const Use& use) const
{
    const std::int64_t seam = m_head.completeFrom();
    if (from >= seam) {
        return m_head.select(matchers, from, to);
    }
    auto older = m_longer.sampled(matchers, from, std::min(to, seam - 1), use);
    return to < seam ? std::move(older)
                     : merged(std::move(older), m_head.select(matchers, seam, to), appendSamples);
}

std::vector<Envelope> MergedReader::envelope(std::span<const Matcher> matchers, const ColumnGrid& grid,
                                             std::int64_t from, std::int64_t to) const
{
    const std::int64_t seam = m_head.completeFrom();
    if (std::max(from, grid.from) >= seam) {
        return m_head.envelope(matchers, grid, from, to);
    }
    // Both fill the same columns, each on its side of the seam.
    auto older = m_longer.envelope(matchers, grid, from, std::min(to, seam - 1));
    if (std::min(to, grid.to - 1) < seam) {
        return older;
    }
    return merged(std::move(older), m_head.envelope(matchers, grid, seam, to),
                  [](Envelope& left, Envelope&& right) {
                      for (std::size_t i = 0; i < left.columns.size(); ++i) {
                          left.columns[i].add(right.columns[i]);
                      }
                  });
}

std::vector<LatestSample> MergedReader::latest(std::span<const Matcher> matchers, std::int64_t from,
                                               std::int64_t to) const
{
    const std::int64_t seam = m_head.completeFrom();
    if (from >= seam) {
        return m_head.latest(matchers, from, to);
    }
    std::vector<LatestSample> found;
    for (SeriesData& data : sampled(matchers, from, to, {Use::Kind::Value, to, to, 0, 0})) {
        if (!data.samples.empty() && !isStale(data.samples.back().value)) {
            found.push_back({std::move(data.labels), data.samples.back()});
        }
    }
    return found;
}

std::vector<RangeEnds> MergedReader::ends(std::span<const Matcher> matchers, std::int64_t from,
                                          std::int64_t to) const
{
    return from >= m_head.completeFrom() ? m_head.ends(matchers, from, to) : Reader::ends(matchers, from, to);
}

std::vector<LabelsPtr> MergedReader::list(std::span<const Matcher> matchers, std::int64_t from,
                                          std::int64_t to) const
{
    const std::int64_t seam = m_head.completeFrom();
    auto newer = m_head.list(matchers, std::max(from, seam), to);
    if (from >= seam) {
        return newer;
    }
    return merged(m_longer.list(matchers, from, std::min(to, seam - 1)), std::move(newer),
                  [](LabelsPtr&, LabelsPtr&&) {});
}

std::vector<std::string> MergedReader::labelNames(std::span<const Matcher> matchers) const
{
    return united(m_longer.labelNames(matchers), m_head.labelNames(matchers));
}

std::vector<std::string> MergedReader::labelValues(std::string_view name,
                                                   std::span<const Matcher> matchers) const
{
    return united(m_longer.labelValues(name, matchers), m_head.labelValues(name, matchers));
}

} // namespace series

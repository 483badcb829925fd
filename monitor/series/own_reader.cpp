#include "monitor/series/own_reader.h"

#include <algorithm>

namespace series {

namespace {

std::vector<Matcher> ownOnly(std::span<const Matcher> matchers)
{
    std::vector<Matcher> own(matchers.begin(), matchers.end());
    const bool asked = std::any_of(own.begin(), own.end(), [](const Matcher& matcher) {
        return matcher.name() == "target" || (matcher.name() == kNameLabel && matcher.value().starts_with("target_"));
    });
    if (!asked) {
        own.push_back(Matcher::equal("target", ""));
    }
    return own;
}

} // namespace

std::vector<SeriesData> OwnReader::select(std::span<const Matcher> matchers, std::int64_t from, std::int64_t to) const
{
    return m_all.select(ownOnly(matchers), from, to);
}

std::vector<SeriesData> OwnReader::sampled(std::span<const Matcher> matchers, std::int64_t from, std::int64_t to,
                                           const Use& use) const
{
    return m_all.sampled(ownOnly(matchers), from, to, use);
}

std::vector<Envelope> OwnReader::envelope(std::span<const Matcher> matchers, const ColumnGrid& grid, std::int64_t from,
                                          std::int64_t to) const
{
    return m_all.envelope(ownOnly(matchers), grid, from, to);
}

std::vector<LatestSample> OwnReader::latest(std::span<const Matcher> matchers, std::int64_t from, std::int64_t to) const
{
    return m_all.latest(ownOnly(matchers), from, to);
}

std::vector<RangeEnds> OwnReader::ends(std::span<const Matcher> matchers, std::int64_t from, std::int64_t to) const
{
    return m_all.ends(ownOnly(matchers), from, to);
}

std::vector<LabelsPtr> OwnReader::list(std::span<const Matcher> matchers, std::int64_t from, std::int64_t to) const
{
    return m_all.list(ownOnly(matchers), from, to);
}

std::vector<std::string> OwnReader::labelNames(std::span<const Matcher> matchers) const
{
    return m_all.labelNames(ownOnly(matchers));
}

std::vector<std::string> OwnReader::labelValues(std::string_view name, std::span<const Matcher> matchers) const
{
    return m_all.labelValues(name, ownOnly(matchers));
}

} // namespace series

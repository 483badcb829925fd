#include "monitor/targets/page_reader.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

namespace targets {

using series::Matcher;

namespace {

bool byLabels(const PageSample* a, const PageSample* b) noexcept
{
    return a->labels < b->labels;
}

bool holdsMoment(std::int64_t from, std::int64_t to) noexcept
{
    return from <= kPageMoment && kPageMoment <= to;
}

} // namespace

PageSeries::PageSeries(const Page& page)
{
    for (const PageSample& sample : page.samples) {
        if (!std::isnan(sample.value) && !sample.disputed) { // either is unknown
            m_byName[series::labelValue(sample.labels, series::kNameLabel)].push_back(&sample);
        }
    }
    for (auto& [name, samples] : m_byName) {
        std::sort(samples.begin(), samples.end(), byLabels);
    }
}

std::vector<const PageSample*> PageSeries::matching(std::span<const Matcher> matchers) const
{
    std::vector<const PageSample*> found;
    const auto take = [&](const std::vector<const PageSample*>& samples) {
        std::copy_if(samples.begin(), samples.end(), std::back_inserter(found),
                     [&](const PageSample* sample) { return series::matchesAll(matchers, sample->labels); });
    };
    if (const Matcher* name = series::findName(matchers)) {
        const auto same = m_byName.find(name->value());
        if (same != m_byName.end()) {
            take(same->second);
        }
        return found;
    }
    for (const auto& [name, samples] : m_byName) {
        take(samples);
    }
    std::sort(found.begin(), found.end(), byLabels);
    return found;
}

std::vector<series::SeriesData> PageSeries::select(std::span<const Matcher> matchers, std::int64_t from,
                                                   std::int64_t to) const
{
    std::vector<series::SeriesData> selected;
    if (holdsMoment(from, to)) {
        for (const PageSample* sample : matching(matchers)) {
            selected.push_back(
                {std::make_shared<const metrics::Labels>(sample->labels), {{kPageMoment, sample->value}}});
        }
    }
    return selected;
}

std::vector<series::LatestSample> PageSeries::latest(std::span<const Matcher> matchers, std::int64_t from,
                                                     std::int64_t to) const
{
    std::vector<series::LatestSample> newest;
    if (holdsMoment(from, to)) {
        for (const PageSample* sample : matching(matchers)) {
            newest.push_back(
                {std::make_shared<const metrics::Labels>(sample->labels), {kPageMoment, sample->value}});
        }
    }
    return newest;
}

std::vector<series::LabelsPtr> PageSeries::list(std::span<const Matcher> matchers, std::int64_t from,
                                                std::int64_t to) const
{
    std::vector<series::LabelsPtr> sets;
    for (const series::LatestSample& sample : latest(matchers, from, to)) {
        sets.push_back(sample.labels);
    }
    return sets;
}

std::vector<std::string> PageSeries::labelNames(std::span<const Matcher> matchers) const
{
    std::set<std::string> names;
    for (const PageSample* sample : matching(matchers)) {
        for (const auto& [name, value] : sample->labels) {
            names.insert(name);
        }
    }
    return {names.begin(), names.end()};
}

std::vector<std::string> PageSeries::labelValues(std::string_view name,
                                                 std::span<const Matcher> matchers) const
{
    std::set<std::string> values;
    for (const PageSample* sample : matching(matchers)) {
        if (const std::string_view value = series::labelValue(sample->labels, name); !value.empty()) {
            values.emplace(value);
        }
    }
    return {values.begin(), values.end()};
}

} // namespace targets

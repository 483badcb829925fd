#include "monitor/metrics/snapshot.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace metrics {

namespace {

auto lowerBound(auto& families, std::string_view name)
{
    return std::lower_bound(families.begin(), families.end(), name,
                            [](const Family& family, std::string_view wanted) { return family.def->name < wanted; });
}

} // namespace

const Family* Snapshot::find(std::string_view name) const noexcept
{
    const auto at = lowerBound(families, name);
    return at != families.end() && at->def->name == name ? &*at : nullptr;
}

double Snapshot::value(std::string_view name) const noexcept
{
    return value(name, {});
}

double Snapshot::value(std::string_view name, const Labels& labels) const noexcept
{
    if (const Family* family = find(name)) {
        for (const Series& series : family->series) {
            if (series.labels == labels) {
                return series.value;
            }
        }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

void SampleBuilder::push(const MetricDef& def, double value, Labels labels)
{
    if (!std::isnan(value)) {
        family(def).series.push_back({std::move(labels), value, nullptr});
    }
}

void SampleBuilder::push(const MetricDef& def, std::shared_ptr<const HistogramValue> histogram, Labels labels)
{
    if (histogram) {
        family(def).series.push_back({std::move(labels), std::numeric_limits<double>::quiet_NaN(), std::move(histogram)});
    }
}

Family& SampleBuilder::family(const MetricDef& def)
{
    auto& families = m_target.families;
    auto at = lowerBound(families, def.name);
    if (at == families.end() || at->def->name != def.name) {
        at = families.insert(at, Family{&def, {}});
    }
    return *at;
}

} // namespace metrics

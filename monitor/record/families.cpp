#include "monitor/record/families.h"

#include "monitor/series/label_ops.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

namespace record {

namespace {

constexpr std::size_t kMostStrange = 20'000;

std::optional<double> boundOf(std::string_view le)
{
    double bound = 0;
    if (le == "+Inf") {
        return std::numeric_limits<double>::infinity();
    }
    const auto read = std::from_chars(le.data(), le.data() + le.size(), bound);
    return read.ec == std::errc() && read.ptr == le.data() + le.size() ? std::optional(bound) : std::nullopt;
}

// What a target told is in the history only, never among our own families.
bool isTargets(std::string_view name, const metrics::Labels& labels)
{
    return !name.starts_with("target_") && !series::labelValue(labels, "target").empty();
}

std::uint64_t countOf(double value) noexcept
{
    return value > 0 && value < 9e18 ? static_cast<std::uint64_t>(value) : 0;
}

} // namespace

FamilyMaker::FamilyMaker(std::span<const metrics::MetricDef* const> known)
{
    for (const metrics::MetricDef* def : known) {
        m_known.emplace(def->name, def);
    }
}

const metrics::MetricDef& FamilyMaker::defOf(const std::string& name)
{
    static constexpr metrics::MetricDef kTooMany{"poolscope_unknown", metrics::Kind::Gauge, core::Unit::None, "", {}};
    if (const auto at = m_known.find(name); at != m_known.end()) {
        return *at->second;
    }
    if (m_strange.size() >= kMostStrange) {
        return kTooMany;
    }
    auto& [kept, def] = m_strange.emplace_back(name, metrics::MetricDef{});
    def.name = kept;
    def.kind = name.ends_with("_total") ? metrics::Kind::Counter : metrics::Kind::Gauge;
    m_known.emplace(kept, &def);
    return def;
}

const metrics::MetricDef* FamilyMaker::histogramOf(std::string_view name, std::string_view suffix) const
{
    if (!name.ends_with(suffix)) {
        return nullptr;
    }
    const auto at = m_known.find(name.substr(0, name.size() - suffix.size()));
    return at != m_known.end() && at->second->kind == metrics::Kind::Histogram ? at->second : nullptr;
}

bool FamilyMaker::takeHistogram(const std::string& name, const metrics::Labels& labels, double value)
{
    for (const std::string_view suffix : {"_bucket", "_sum", "_count"}) {
        const metrics::MetricDef* def = histogramOf(name, suffix);
        if (def == nullptr) {
            continue;
        }
        metrics::Labels own = series::withoutName(labels);
        const auto bound = boundOf(series::labelValue(own, "le"));
        series::setLabel(own, "le", "");
        Histogram& histogram = m_histograms[{def->name, own}];
        histogram.def = def;
        histogram.labels = std::move(own);
        if (suffix == "_sum") {
            histogram.sum = value;
        } else if (suffix == "_count") {
            histogram.count = value;
        } else if (bound) {
            histogram.cumulative[*bound] = value;
        }
        return true;
    }
    return false;
}

void FamilyMaker::make(const TickValues& tick, const std::vector<KeptExemplars>& exemplars,
                       metrics::Snapshot& snapshot)
{
    metrics::SampleBuilder out(snapshot);
    m_histograms.clear();
    for (const auto& [labels, value] : tick.values) {
        const std::string name(series::labelValue(*labels, series::kNameLabel));
        if (!isTargets(name, *labels) && !m_leftOut.contains(name) && !takeHistogram(name, *labels, value)) {
            out.push(defOf(name), value, series::withoutName(*labels));
        }
    }
    std::map<std::pair<std::string_view, metrics::Labels>, const KeptExemplars*> kept;
    for (const KeptExemplars& one : exemplars) {
        kept.emplace(std::pair(std::string_view(one.family), one.labels), &one);
    }
    for (auto& [key, histogram] : m_histograms) {
        metrics::HistogramValue value;
        double before = 0;
        for (const auto& [bound, cumulative] : histogram.cumulative) {
            value.counts.push_back(countOf(cumulative - before));
            before = cumulative;
            if (std::isfinite(bound)) {
                value.bounds.push_back(bound);
            }
        }
        value.counts.resize(value.bounds.size() + 1);
        value.count = countOf(histogram.count);
        value.sum = histogram.sum;
        if (const auto at = kept.find(key); at != kept.end()) {
            value.exemplars = at->second->exemplars;
        }
        out.push(*histogram.def, std::make_shared<const metrics::HistogramValue>(std::move(value)),
                 std::move(histogram.labels));
    }
}

} // namespace record

#include "monitor/collect/metric_list.h"

#include "monitor/core/format.h"
#include "monitor/core/units.h"
#include "monitor/metrics/exposition.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <string_view>
#include <utility>

namespace collect {

namespace {

using metrics::MetricDef;

std::string_view kindName(metrics::Kind kind) {
    switch (kind) {
    case metrics::Kind::Gauge:
        return "gauge";
    case metrics::Kind::Counter:
        return "counter";
    case metrics::Kind::Histogram:
        return "histogram";
    }
    return "";
}

std::string_view unitOf(const MetricDef& def) {
    const std::string_view unit = core::unitName(def.unit);
    return unit.empty() ? std::string_view("-") : unit;
}

std::string labelsOf(const MetricDef& def) {
    return def.labels.empty() ? "-" : fmt::format("{}", fmt::join(def.labels, ","));
}

std::string bucketsOf(const MetricDef& def) {
    std::string text;
    for (const double bound : def.bounds) {
        text.append(text.empty() ? "" : " ").append(core::floatText(bound));
    }
    return text;
}

// HELP, and for people who do not read the reference's Chinese the title in front.
std::string meaning(const MetricDef& def, core::Lang lang) {
    const std::string_view help = metrics::helpText(def, lang);
    const bool foreign = lang == core::Lang::English && def.help == def.title.chinese;
    std::string text = foreign ? fmt::format("{} ({})", def.title.english, help) : std::string(help);
    if (const std::string buckets = bucketsOf(def); !buckets.empty()) {
        text += fmt::format("; le {}", buckets);
    }
    return text;
}

} // namespace

MetricList pointersTo(std::span<const MetricDef> defs) {
    MetricList list;
    list.reserve(defs.size());
    std::transform(defs.begin(), defs.end(), std::back_inserter(list),
                   [](const MetricDef& def) { return &def; });
    return list;
}

MetricList sortedByName(MetricList list) {
    const auto byName = [](const MetricDef* a, const MetricDef* b) { return a->name < b->name; };
    std::stable_sort(list.begin(), list.end(), byName);
    const auto same = [](const MetricDef* a, const MetricDef* b) { return a->name == b->name; };
    list.erase(std::unique(list.begin(), list.end(), same), list.end());
    return list;
}

std::string metricList(const MetricList& list, core::Lang lang) {
    std::size_t nameWidth = 0;
    for (const MetricDef* def : list) {
        nameWidth = std::max(nameWidth, def->name.size());
    }
    std::string text;
    for (const MetricDef* def : list) {
        text += fmt::format("{:<{}}  {:<9}  {:<7}  {:<10}  {}\n", def->name, nameWidth, kindName(def->kind),
                            unitOf(*def), labelsOf(*def), meaning(*def, lang));
    }
    return text;
}

std::string metricTable(const MetricList& list, core::Lang lang) {
    std::string text = lang == core::Lang::Chinese
                           ? "| 指标 | 类型 | 单位 | 标签 | 含义 |\n|---|---|---|---|---|\n"
                           : "| metric | type | unit | labels | meaning |\n|---|---|---|---|---|\n";
    for (const MetricDef* def : list) {
        text += fmt::format("| `{}` | {} | {} | {} | {} |\n", def->name, kindName(def->kind), unitOf(*def),
                            labelsOf(*def), meaning(*def, lang));
    }
    return text;
}

} // namespace collect

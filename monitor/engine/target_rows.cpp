#include "monitor/engine/target_rows.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace engine {

namespace {

using core::Unit;
using metrics::Kind;
using targets::Scrape;

constexpr std::array<std::string_view, 2> kLabels{"target", "environment"};
constexpr std::array<std::string_view, 6> kInfoLabels{"target", "environment", "url",
                                                      "tags",   "source",      "reason"};

constexpr std::array kOwn{
    metrics::MetricDef{"target_info",
                       Kind::Gauge,
                       Unit::None,
                       "Always 1; the labels say what a watched target is and why it is down",
                       {"Watched target", "监控目标"},
                       {},
                       kInfoLabels},
    metrics::MetricDef{"target_scrape_seconds",
                       Kind::Gauge,
                       Unit::Seconds,
                       "What the last answer of a watched target took",
                       {"Time to answer", "响应时间"},
                       {},
                       kLabels},
    metrics::MetricDef{"target_series",
                       Kind::Gauge,
                       Unit::Count,
                       "Series in the last answer of a watched target",
                       {"Series", "序列数"},
                       {},
                       kLabels},
    metrics::MetricDef{"target_up",
                       Kind::Gauge,
                       Unit::None,
                       "1 while a watched target answers with metrics, else 0",
                       {"Target up", "目标可用"},
                       {},
                       kLabels},
};

metrics::Labels labelsOf(const targets::TargetSpec& spec, const std::string& pool)
{
    metrics::Labels labels;
    if (!spec.environment.empty()) {
        labels.emplace_back("environment", spec.environment);
    }
    if (!pool.empty()) {
        labels.emplace_back("pool", pool);
    }
    labels.emplace_back("target", spec.name);
    return labels;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

metrics::Labels infoOf(const targets::TargetView& view)
{
    metrics::Labels labels = labelsOf(*view.spec, {});
    const auto add = [&labels](const char* name, const std::string& value) {
        if (!value.empty()) {
            labels.emplace_back(name, value);
        }
    };
    add("url", view.spec->url);
    add("tags", joined(view.spec->tags));
    add("source", view.lastGood ? joined(view.lastGood->sources) : std::string());
    if (view.latest) {
        add("reason", view.latest->error.empty() ? view.latest->note : view.latest->error);
    }
    std::sort(labels.begin(), labels.end());
    return labels;
}

} // namespace

std::span<const metrics::MetricDef> targetDefs() noexcept
{
    static const std::vector<metrics::MetricDef> all = [] {
        std::vector<metrics::MetricDef> defs(targets::figureDefs().begin(), targets::figureDefs().end());
        defs.insert(defs.end(), kOwn.begin(), kOwn.end());
        return defs;
    }();
    return all;
}

void pushTarget(metrics::SampleBuilder& out, const targets::TargetView& view, core::SteadyTime now)
{
    out.push(kOwn[0], 1, infoOf(view));
    if (!view.latest) {
        return;
    }
    const Scrape& scrape = *view.latest;
    const metrics::Labels own = labelsOf(*view.spec, {});
    const bool up =
        scrape.error.empty() && now - scrape.steady <= 2 * view.spec->interval + view.spec->timeout;
    out.push(kOwn[1], core::seconds(scrape.took), own);
    out.push(kOwn[2], up ? static_cast<double>(scrape.samples.size()) : std::nan(""), own);
    out.push(kOwn[3], up ? 1 : 0, own);
    for (std::size_t p = 0; up && p < scrape.pools.size(); ++p) {
        const targets::PoolFigures& pool = scrape.pools[p].figures;
        const metrics::Labels labels = labelsOf(*view.spec, pool.pool);
        for (std::size_t i = 0; i < targets::kFigures; ++i) {
            out.push(targets::figureDefs()[i], pool.values[i], labels);
        }
    }
}

} // namespace engine

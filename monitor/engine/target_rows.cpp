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
                       "Always 1; the labels say what a watched target is and, in one word, why it is down",
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
    metrics::MetricDef{"target_series_refused",
                       Kind::Gauge,
                       Unit::Count,
                       "Series in the last answer of a watched target that memory has no room for",
                       {"Series refused", "被拒绝的序列"},
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

// As the label `reason` has it: of a few words, however a target words its errors.
std::string_view wordOf(metrics::TargetCause cause)
{
    using metrics::TargetCause;
    switch (cause) {
    case TargetCause::None:
        return "";
    case TargetCause::Paused:
        return "paused";
    case TargetCause::Name:
        return "name";
    case TargetCause::Refused:
        return "refused";
    case TargetCause::Timeout:
        return "timeout";
    case TargetCause::Certificate:
        return "certificate";
    case TargetCause::Login:
        return "login";
    case TargetCause::Http:
        return "http";
    case TargetCause::Redirect:
        return "redirect";
    case TargetCause::Size:
        return "size";
    case TargetCause::Garbage:
        return "garbage";
    case TargetCause::Secret:
        return "secret";
    case TargetCause::Other:
        break;
    }
    return "other";
}

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
    const bool failed = view.latest && !view.latest->error.empty();
    const metrics::TargetCause cause = failed ? view.latest->cause : metrics::TargetCause::None;
    add("reason", std::string(view.spec->paused                                        ? wordOf(metrics::TargetCause::Paused)
                              : failed && cause == metrics::TargetCause::None ? wordOf(metrics::TargetCause::Other)
                                                                              : wordOf(cause)));
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

void pushTarget(metrics::SampleBuilder& out, const targets::TargetView& view, const TargetMoment& moment)
{
    out.push(kOwn[0], 1, infoOf(view));
    if (!view.latest || view.spec->paused) {
        return;
    }
    const Scrape& scrape = *view.latest;
    const metrics::Labels own = labelsOf(*view.spec, {});
    const bool up =
        scrape.error.empty() && moment.now - scrape.steady <= 2 * view.spec->interval + view.spec->timeout;
    out.push(kOwn[1], core::seconds(scrape.took), own);
    out.push(kOwn[2], up ? static_cast<double>(scrape.samples.size()) : std::nan(""), own);
    out.push(kOwn[3], up ? static_cast<double>(moment.refused) : std::nan(""), own);
    out.push(kOwn[4], up ? 1 : 0, own);
    for (std::size_t p = 0; up && p < scrape.pools.size(); ++p) {
        const targets::PoolFigures& pool = scrape.pools[p].figures;
        const metrics::Labels labels = labelsOf(*view.spec, pool.pool);
        for (std::size_t i = 0; i < targets::kFigures; ++i) {
            out.push(targets::figureDefs()[i], pool.values[i], labels);
        }
    }
}

} // namespace engine

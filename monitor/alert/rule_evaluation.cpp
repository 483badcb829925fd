#include "monitor/alert/rule_evaluation.h"

#include "monitor/alert/expr_facts.h"
#include "monitor/series/label_ops.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace alert {

using metrics::Labels;
using metrics::Overlay;
using promql::InstantSample;
using promql::TokenType;

namespace {

const std::int64_t kLookback = promql::EvalOptions{}.lookback;

std::map<std::string, std::string> expanded(const std::vector<NamedTemplate>& texts,
                                            const gotext::TemplateContext& context)
{
    std::map<std::string, std::string> result;
    for (const NamedTemplate& text : texts) {
        auto made = text.text.expand(context);
        result[text.name] =
            made ? std::move(*made) : "<error expanding template: " + made.error().message + ">";
    }
    return result;
}

bool lowIsWorse(const LiveRule& live)
{
    return live.comparison &&
           (live.comparison->op == TokenType::Less || live.comparison->op == TokenType::LessEqual);
}

// The worst of what the rule watches, for tables.
double worstOf(const LiveRule& live, const std::vector<InstantSample>& samples)
{
    double worst = std::numeric_limits<double>::quiet_NaN();
    for (const InstantSample& sample : samples) {
        const bool worse = lowIsWorse(live) ? sample.value < worst : sample.value > worst;
        worst = worse || std::isnan(worst) ? sample.value : worst;
    }
    return worst;
}

bool mindsMissing(const LiveRule& live)
{
    return live.rule->extras.noData != NoDataPolicy::Prometheus;
}

// Of an expression that found nothing: whether any of its series has samples at all.
Data dataBehind(const LiveRule& live, const promql::Querier& querier, std::int64_t at)
{
    const bool asked =
        mindsMissing(live) || std::any_of(live.instances.begin(), live.instances.end(),
                                          [](const auto& entry) { return entry.second.grace.has_value(); });
    if (!asked) {
        return Data::There;
    }
    const auto selectors = selectorsIn(*live.rule->expr);
    const bool there =
        selectors.empty() || std::any_of(selectors.begin(), selectors.end(), [&](const auto* selector) {
            const std::int64_t when = at - selector->when.offset;
            return !querier.reader().latest(selector->matchers, when - kLookback, when).empty();
        });
    return there ? Data::There : Data::Missing;
}

struct Reached {
    Reach reach = Reach::Raised;
    Reach critical = Reach::Clear;
};

Reached reachOf(const LiveRule& live, double value)
{
    const RuleExtras& extras = live.rule->extras;
    if (!live.comparison) {
        return {};
    }
    Reached reached;
    if (!live.comparison->holds(value)) {
        reached.reach = extras.clear && !extras.clear->holds(value) ? Reach::Held : Reach::Clear;
    }
    if (extras.critical && extras.critical->holds(value)) {
        reached.critical = Reach::Raised;
    } else if (extras.criticalClear && !extras.criticalClear->holds(value)) {
        reached.critical = Reach::Held;
    }
    return reached;
}

// Between the levels only something that fires is of interest.
bool anyOpen(const LiveRule& live)
{
    return std::any_of(live.instances.begin(), live.instances.end(),
                       [](const auto& entry) { return entry.second.alive(); });
}

Observation observationOf(const LiveRule& live, const InstantSample& sample, const Asked& asked)
{
    const Rule& rule = *live.rule;
    gotext::TemplateContext context{*sample.labels, sample.value, asked.at, [&](std::string_view expression) {
                                        return asked.querier.instant(expression, asked.at);
                                    }};
    context.externalLabels = live.externalLabels;
    context.externalUrl = live.externalUrl;
    Observation seen;
    seen.labels = series::withoutName(*sample.labels);
    for (const auto& [name, text] : expanded(rule.labels, context)) {
        series::setLabel(seen.labels, name, text);
    }
    series::setLabel(seen.labels, "alertname", rule.name);
    seen.value = sample.value;
    if (asked.texts == Texts::Filled) {
        seen.annotations = expanded(rule.annotations, context);
    }
    seen.severity = severityIn(seen.labels, rule.severity);
    if (mindsMissing(live)) {
        seen.source = *sample.labels;
    }
    return seen;
}

} // namespace

std::map<std::string, std::string> textsFor(const LiveRule& live, const InstantSample& sample, const Asked& asked)
{
    return observationOf(live, sample, asked).annotations;
}

Terms termsOf(const LiveRule& live)
{
    const Rule& rule = *live.rule;
    return {rule.holdFor, rule.keepFiringFor, rule.extras.noData, rule.extras.noDataTicks,
            lowIsWorse(live) ? Worse::Lower : Worse::Higher};
}

// Of a comparison with a number the left side is evaluated once, for the value shown and for the condition.
Findings findAlerts(LiveRule& live, const promql::Querier& querier, std::int64_t at)
{
    live.error.clear();
    const promql::Expr& expr = live.comparison ? *live.comparison->watched : *live.rule->expr;
    const auto samples = promql::evaluateVector(expr, querier.reader(), at);
    if (!samples) {
        live.value = std::numeric_limits<double>::quiet_NaN();
        live.error = samples.error().message;
        return {Data::Failed};
    }
    return findingsIn(live, *samples, {querier, at, Texts::Filled});
}

Findings findingsIn(LiveRule& live, const std::vector<InstantSample>& samples, const Asked& asked)
{
    live.error.clear();
    live.value = worstOf(live, samples);
    Findings findings;
    if (samples.empty()) {
        findings.data = live.comparison ? Data::Missing : dataBehind(live, asked.querier, asked.at);
    }
    if (live.comparison && mindsMissing(live)) {
        findings.sources.emplace();
    }
    std::set<Labels> seen;
    for (const InstantSample& sample : samples) {
        const Reached reached = reachOf(live, sample.value);
        if (findings.sources) {
            findings.sources->insert(*sample.labels);
        }
        if (reached.reach == Reach::Clear || (reached.reach == Reach::Held && !anyOpen(live))) {
            continue;
        }
        Observation observation = observationOf(live, sample, asked);
        observation.reach = reached.reach;
        observation.critical = reached.critical;
        if (!seen.insert(observation.labels).second) {
            live.error = "vector contains metrics with the same labelset after applying alert labels";
            return {Data::Failed};
        }
        findings.observations.push_back(std::move(observation));
    }
    return findings;
}

std::vector<series::NamedSample> recordSamples(LiveRule& live, const promql::Querier& querier,
                                               std::int64_t at, int limit)
{
    std::vector<series::NamedSample> samples;
    std::set<Labels> seen;
    live.error.clear();
    const auto result = promql::evaluateVector(*live.rule->expr, querier.reader(), at);
    if (!result) {
        live.error = result.error().message;
        return samples;
    }
    for (const InstantSample& one : *result) {
        Labels labels = *one.labels;
        series::setLabel(labels, series::kNameLabel, live.rule->name);
        for (const auto& [name, value] : live.rule->plainLabels) {
            series::setLabel(labels, name, value);
        }
        if (!seen.insert(labels).second) {
            live.error = "vector contains metrics with the same labelset after applying rule labels";
        }
        samples.push_back({std::move(labels), one.value});
    }
    if (limit > 0 && samples.size() > static_cast<std::size_t>(limit)) {
        live.error = fmt::format("exceeded limit of {} with {} series", limit, samples.size());
    }
    return live.error.empty() ? std::move(samples) : std::vector<series::NamedSample>();
}

std::vector<Observation> overlayAlerts(const LiveRule& live)
{
    const Rule& rule = *live.rule;
    const Overlay shown = live.outage.shown;
    const bool asked = (shown == Overlay::NoData && rule.extras.noData == NoDataPolicy::Alert) ||
                       (shown == Overlay::Error && rule.extras.error == ErrorPolicy::Alert);
    if (!asked) {
        return {};
    }
    Observation told;
    for (const auto& [name, value] : rule.plainLabels) {
        if (value.find("{{") == std::string::npos) { // there is no sample to fill it in from
            told.labels.emplace_back(name, value);
        }
    }
    series::setLabel(told.labels, "alertname", rule.name);
    series::setLabel(told.labels, kOverlayLabel, metrics::overlayName(shown));
    told.severity = rule.severity;
    const bool missing = shown == Overlay::NoData;
    told.annotations = {
        {"summary", rule.name + (missing ? "：没有数据" : "：规则无法求值")},
        {"summary_en", rule.name + (missing ? ": no data" : ": cannot be evaluated")},
        {"description", missing ? rule.exprText : live.error},
    };
    return {std::move(told)};
}

} // namespace alert

#include "monitor/alert/rule_engine.h"

#include "monitor/alert/rule_exposition.h"
#include "monitor/alert/rule_log.h"
#include "monitor/series/label_ops.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace alert {

using metrics::AlertRow;
using metrics::AlertState;
using metrics::Labels;
using metrics::MetricDef;
using metrics::RuleRow;
using promql::InstantSample;

namespace {

Moment momentOf(const metrics::Snapshot& snapshot)
{
    return {snapshot.at, snapshot.steady};
}

// A change of the rule as such makes its states void; the same rule read again keeps them.
std::string identityOf(const RuleGroup& group, const Rule& rule)
{
    return group.name + '\n' + rule.name + '\n' + rule.exprText + '\n' +
           std::to_string(rule.holdFor.count()) + '\n' + series::labelsText(rule.plainLabels);
}

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

} // namespace

struct RuleEngine::LiveGroup {
    core::Nanos interval{0};
    int limit = 0;
    std::optional<core::SteadyTime> evaluated;
    std::vector<LiveRule> rules;
    std::vector<std::string> identities; // one a rule
};

struct RuleEngine::Pending {
    std::string rule;
    Change change;
};

RuleEngine::RuleEngine(series::Head& head, const promql::Querier& querier, RuleEngineOptions options)
    : m_head(head)
    , m_querier(querier)
    , m_options(std::move(options))
    , m_lang(m_options.lang)
{
}

RuleEngine::~RuleEngine() = default;

std::span<const MetricDef> RuleEngine::metrics() noexcept
{
    return ruleMetricDefs();
}

core::Result<void, RuleFileError> RuleEngine::load(std::vector<std::string> paths)
{
    const core::MutexLock lock(m_mutex);
    auto loaded = m_set.load(std::move(paths));
    if (loaded) {
        adopt();
    } else {
        logProblem(loaded.error().text());
    }
    return loaded;
}

bool RuleEngine::reloadIfChanged()
{
    const core::MutexLock lock(m_mutex);
    const auto before = m_set.problem() ? m_set.problem()->text() : std::string();
    const bool changed = m_set.reloadIfChanged();
    if (changed) {
        adopt();
    } else if (m_set.problem() && m_set.problem()->text() != before) {
        logProblem(m_set.problem()->text());
    }
    return changed;
}

std::optional<std::string> RuleEngine::problem() const
{
    const core::MutexLock lock(m_mutex);
    return m_set.problem() ? std::optional(m_set.problem()->text()) : std::nullopt;
}

// Takes the set's rules; states go over to rules that are the same as before.
void RuleEngine::adopt()
{
    std::multimap<std::string, LiveRule*> known;
    for (const auto& group : m_groups) {
        for (std::size_t i = 0; i < group->rules.size(); ++i) {
            known.emplace(group->identities[i], &group->rules[i]);
        }
    }
    std::vector<std::unique_ptr<LiveGroup>> groups;
    for (const RuleFile& file : m_set.files()) {
        for (const RuleGroup& group : file.groups) {
            auto live = std::make_unique<LiveGroup>();
            live->interval = group.interval.count() > 0 ? group.interval : m_options.interval;
            live->limit = group.limit;
            for (const Rule& rule : group.rules) {
                LiveRule added;
                added.rule = &rule;
                added.group = group.name;
                added.file = file.path;
                added.comparison = comparisonOf(*rule.expr);
                live->identities.push_back(identityOf(group, rule));
                if (const auto old = known.find(live->identities.back()); old != known.end()) {
                    added.instances = std::move(old->second->instances);
                    added.recorded = std::move(old->second->recorded);
                    known.erase(old);
                }
                live->rules.push_back(std::move(added));
            }
            groups.push_back(std::move(live));
        }
    }
    m_groups = std::move(groups);
}

void RuleEngine::evaluate(metrics::Snapshot& snapshot)
{
    std::vector<Pending> changes;
    {
        const core::MutexLock lock(m_mutex);
        for (const auto& group : m_groups) {
            // Half a tick early is on time: ticks come with a little jitter.
            const bool due = !group->evaluated ||
                             snapshot.steady - *group->evaluated >= group->interval - snapshot.interval / 2;
            if (due) {
                group->evaluated = snapshot.steady;
                evaluateGroup(*group, snapshot, changes);
            }
        }
        Rows rows = makeRows(snapshot);
        snapshot.alerts = rows.alerts;
        snapshot.rules = rows.rules;
        m_rows.set(std::make_shared<const Rows>(std::move(rows)));
    }
    expose(snapshot);
    tell(changes, snapshot);
}

void RuleEngine::evaluateGroup(LiveGroup& group, const metrics::Snapshot& snapshot,
                               std::vector<Pending>& changes)
{
    for (LiveRule& live : group.rules) {
        if (live.rule->kind == Rule::Kind::Alerting) {
            evaluateAlert(live, group.limit, snapshot, changes);
        } else {
            evaluateRecording(live, group.limit, snapshot);
        }
    }
}

// The series for which the rule's condition holds. Of a comparison with a number the left side is evaluated
// once, for the value shown and for the condition.
core::Result<std::vector<InstantSample>> RuleEngine::observe(LiveRule& live, std::int64_t at) const
{
    const promql::Expr& expr = live.comparison ? *live.comparison->watched : *live.rule->expr;
    auto samples = promql::evaluateVector(expr, m_querier.reader(), at);
    live.value = std::numeric_limits<double>::quiet_NaN();
    if (!samples) {
        return samples;
    }
    const bool low = live.comparison && (live.comparison->op == promql::TokenType::Less ||
                                         live.comparison->op == promql::TokenType::LessEqual);
    for (const InstantSample& sample : *samples) {
        const bool worse = low ? sample.value < live.value : sample.value > live.value;
        live.value = worse || std::isnan(live.value) ? sample.value : live.value;
    }
    if (live.comparison) {
        std::erase_if(*samples,
                      [&](const InstantSample& sample) { return !live.comparison->holds(sample.value); });
    }
    return samples;
}

void RuleEngine::evaluateAlert(LiveRule& live, int limit, const metrics::Snapshot& snapshot,
                               std::vector<Pending>& changes)
{
    const Rule& rule = *live.rule;
    const std::int64_t at = core::epochMillis(snapshot.at);
    live.error.clear();
    const auto result = observe(live, at);
    if (!result) {
        live.error = result.error().message; // states stay as they are: an error neither fires nor resolves
        return;
    }
    std::vector<Observation> observations;
    std::set<Labels> seen;
    for (const InstantSample& sample : *result) {
        gotext::TemplateContext context{*sample.labels, sample.value, at, [&](std::string_view expression) {
                                            return m_querier.instant(expression, at);
                                        }};
        Labels labels = series::withoutName(*sample.labels);
        for (const auto& [name, text] : expanded(rule.labels, context)) {
            series::setLabel(labels, name, text);
        }
        series::setLabel(labels, "alertname", rule.name);
        if (!seen.insert(labels).second) {
            live.error = "vector contains metrics with the same labelset after applying alert labels";
            return;
        }
        observations.push_back({std::move(labels), context.value, expanded(rule.annotations, context)});
    }
    Advanced next =
        advance(live.instances, observations, {rule.holdFor, rule.keepFiringFor}, momentOf(snapshot));
    const auto active = std::count_if(next.instances.begin(), next.instances.end(), [](const auto& entry) {
        return entry.second.state != AlertState::Resolved;
    });
    if (limit > 0 && active > limit) {
        live.error = fmt::format("exceeded limit of {} with {} alerts", limit, active);
        live.instances.clear();
        return;
    }
    live.instances = std::move(next.instances);
    for (Change& change : next.changes) {
        changes.push_back({rule.name, std::move(change)});
    }
}

void RuleEngine::evaluateRecording(LiveRule& live, int limit, const metrics::Snapshot& snapshot)
{
    const std::int64_t at = core::epochMillis(snapshot.at);
    std::vector<series::NamedSample> samples;
    std::set<Labels> seen;
    live.error.clear();
    const auto result = promql::evaluateVector(*live.rule->expr, m_querier.reader(), at);
    if (!result) {
        live.error = result.error().message;
    } else {
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
    }
    if (!live.error.empty()) {
        samples.clear();
        seen.clear();
    }
    std::erase_if(live.recorded, [&](const Labels& labels) { return seen.contains(labels); });
    m_head.append(at, samples);
    m_head.markStale(at, live.recorded);
    live.recorded.assign(seen.begin(), seen.end());
}

RuleEngine::Rows RuleEngine::makeRows(const metrics::Snapshot& snapshot) const
{
    const core::Lang lang = m_lang.load(std::memory_order_relaxed);
    Rows rows;
    std::vector<const Rule*> ruleOf; // of each alert row
    for (const auto& group : m_groups) {
        for (const LiveRule& live : group->rules) {
            if (live.rule->kind != Rule::Kind::Alerting) {
                continue;
            }
            rows.rules.push_back(ruleRow(live, snapshot));
            for (const auto& [labels, instance] : live.instances) {
                rows.alerts.push_back(alertRow(live, labels, instance, snapshot, lang));
                ruleOf.push_back(live.rule);
            }
        }
    }
    inhibit(rows.alerts, ruleOf);
    return rows;
}

// ALERTS and what the rules compare, for /metrics; ALERTS also into the history.
void RuleEngine::expose(metrics::Snapshot& snapshot)
{
    const std::int64_t at = core::epochMillis(snapshot.at);
    std::vector<series::NamedSample> samples = exposeRules(snapshot);
    m_head.append(at, samples);
    std::set<Labels> active;
    for (series::NamedSample& sample : samples) {
        active.insert(std::move(sample.labels));
    }
    std::erase_if(m_exposed, [&](const Labels& labels) { return active.contains(labels); });
    m_head.markStale(at, m_exposed);
    m_exposed.assign(active.begin(), active.end());
}

void RuleEngine::tell(const std::vector<Pending>& changes, const metrics::Snapshot& snapshot)
{
    const core::Lang lang = m_lang.load(std::memory_order_relaxed);
    for (const Pending& pending : changes) {
        Transition transition{{}, pending.change.from, pending.change.to};
        const auto row =
            std::find_if(snapshot.alerts.begin(), snapshot.alerts.end(), [&](const AlertRow& candidate) {
                return candidate.name == pending.rule && candidate.labels == pending.change.labels;
            });
        if (row != snapshot.alerts.end()) {
            transition.row = *row;
        } else {
            transition.row.name = pending.rule;
            transition.row.labels = pending.change.labels;
            transition.row.state = pending.change.to;
        }
        logChange(transition.row, transition.to, lang);
        if (m_options.onTransition) {
            m_options.onTransition(transition);
        }
    }
}

std::vector<AlertRow> RuleEngine::alerts() const
{
    const auto rows = m_rows.get();
    return rows ? rows->alerts : std::vector<AlertRow>();
}

std::vector<RuleRow> RuleEngine::rules() const
{
    const auto rows = m_rows.get();
    return rows ? rows->rules : std::vector<RuleRow>();
}

std::vector<std::string> RuleEngine::firing() const
{
    std::set<std::string> names;
    for (const AlertRow& row : alerts()) {
        if (row.state == AlertState::Firing) {
            names.insert(row.name);
        }
    }
    return {names.begin(), names.end()};
}

} // namespace alert

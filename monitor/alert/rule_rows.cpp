#include "monitor/alert/rule_rows.h"

#include "monitor/core/format.h"
#include "monitor/promql/lexer.h"
#include "monitor/series/label_ops.h"

#include <algorithm>
#include <array>

namespace alert {

using metrics::AlertRow;
using metrics::AlertState;
using metrics::RuleRow;

namespace {

// Firing before recovering before pending before nothing.
int rankOf(AlertState state) noexcept
{
    switch (state) {
    case AlertState::Firing:
        return 3;
    case AlertState::Recovering:
        return 2;
    case AlertState::Pending:
        return 1;
    case AlertState::Inactive:
    case AlertState::Resolved:
        return 0;
    }
    return 0;
}

AlertState worst(const Instances& instances)
{
    AlertState state = AlertState::Inactive;
    for (const auto& [labels, instance] : instances) {
        state = rankOf(instance.state) > rankOf(state) ? instance.state : state;
    }
    return state;
}

core::Nanos firesIn(const Rule& rule, const Instance& instance, core::SteadyTime now)
{
    return std::max(core::Nanos(0), rule.holdFor - core::Nanos(now - instance.active.steady));
}

std::string levelText(const std::optional<Level>& level)
{
    return level ? std::string(promql::tokenText(level->op)) + " " + core::numberText(level->value)
                 : std::string();
}

// In English the annotation with _en behind its name where there is one.
std::string annotation(const Instance& instance, const std::string& name, core::Lang lang)
{
    if (lang == core::Lang::English) {
        if (const auto english = instance.annotations.find(name + "_en");
            english != instance.annotations.end()) {
            return english->second;
        }
    }
    const auto at = instance.annotations.find(name);
    return at != instance.annotations.end() ? at->second : std::string();
}

// Of another target, or of another of its pools, nobody speaks.
bool samePool(const AlertRow& a, const AlertRow& b)
{
    return std::ranges::all_of(std::array{"target", "pool"}, [&](const char* label) {
        const std::string_view left = series::labelValue(a.labels, label);
        const std::string_view right = series::labelValue(b.labels, label);
        return left.empty() || right.empty() || left == right;
    });
}

// Of the same kind of trouble one alert is enough.
bool saysTheSame(const AlertRow& row, const AlertRow& other)
{
    const std::string_view kind = series::labelValue(row.labels, kOverlayLabel);
    return !kind.empty() && kind == series::labelValue(other.labels, kOverlayLabel);
}

// Somebody is told of it, from here or by the server that owns it: only then may it speak for others.
bool isHeard(const LiveRule& live)
{
    return !isQuiet(live) || live.standing.watch == metrics::RuleStanding::Watch::There;
}

// The name of the alert that speaks for row `i`; empty: none.
std::string speakerFor(std::size_t i, const std::vector<AlertRow>& rows,
                       const std::vector<const LiveRule*>& rules)
{
    const LiveRule& live = *rules[i];
    const AlertRow& row = rows[i];
    const bool trouble = !series::labelValue(row.labels, kOverlayLabel).empty();
    for (std::size_t k = 0; trouble && k < i; ++k) {
        if (metrics::isOpen(rows[k].state) && !rows[k].inhibited && isHeard(*rules[k]) &&
            saysTheSame(row, rows[k])) {
            return rows[k].name;
        }
    }
    for (const std::string& name : live.rule->extras.inhibitedBy) {
        for (std::size_t k = 0; name != row.name && k < rows.size(); ++k) {
            if (rows[k].name == name && metrics::isOpen(rows[k].state) && isHeard(*rules[k]) &&
                samePool(row, rows[k])) {
                return name;
            }
        }
    }
    return {};
}

} // namespace

metrics::Severity severityIn(const metrics::Labels& labels, metrics::Severity fallback) noexcept
{
    const std::string_view text = series::labelValue(labels, "severity");
    return text == "critical"  ? metrics::Severity::Critical
           : text == "info"    ? metrics::Severity::Info
           : text == "warning" ? metrics::Severity::Warning
                               : fallback;
}

RuleRow ruleRow(const LiveRule& live, const metrics::Snapshot& snapshot)
{
    const Rule& rule = *live.rule;
    RuleRow row;
    row.group = live.group;
    row.name = rule.name;
    row.expr = rule.exprText;
    row.file = live.file;
    row.holdFor = rule.holdFor;
    row.severity = rule.severity;
    row.error = live.error;
    row.state = worst(live.instances);
    row.overlay = live.outage.shown;
    row.value = live.value;
    row.keepFiringFor = rule.keepFiringFor;
    row.interval = live.interval;
    row.clear = levelText(rule.extras.clear);
    row.critical = levelText(rule.extras.critical);
    row.response = rule.extras.response;
    row.labels = rule.plainLabels;
    row.notes = rule.extras.notes;
    row.number = rule.number;
    row.own = live.own;
    row.disabled = rule.extras.disabled;
    row.owner = rule.extras.owner;
    row.standing = live.standing;
    if (live.standing.watch == metrics::RuleStanding::Watch::There) {
        row.state = live.standing.there; // its word counts
    }
    row.draft = rule.draft;
    row.shipped = rule.shipped;
    for (const auto& [labels, instance] : live.instances) {
        if (instance.state == AlertState::Pending) {
            const core::Nanos left = firesIn(rule, instance, snapshot.steady);
            row.firesIn = row.firesIn.count() == 0 ? left : std::min(row.firesIn, left);
        }
    }
    if (live.comparison) {
        // In the metric's own unit, so that a chart of the metric can draw the line.
        row.metric = live.comparison->metric;
        row.threshold = live.comparison->threshold / live.comparison->scale;
        row.value = live.value / live.comparison->scale;
        row.op = promql::tokenText(live.comparison->op);
        row.scale = live.comparison->scale;
        const metrics::Family* family = row.metric.empty() ? nullptr : snapshot.find(row.metric);
        row.unit = family != nullptr ? family->def->unit : unitOf(*live.comparison->watched, snapshot);
    }
    return row;
}

AlertRow alertRow(const LiveRule& live, const metrics::Labels& labels, const Instance& instance,
                  const metrics::Snapshot& snapshot, core::Lang lang)
{
    AlertRow row;
    row.name = live.rule->name;
    row.group = live.group;
    row.labels = labels;
    row.state = instance.state;
    row.overlay = instance.outage.shown;
    row.severity = instance.severity;
    row.value = instance.value;
    row.peak = instance.peak;
    row.returns = instance.returns;
    row.incidentId = instance.incident;
    row.owner = live.rule->extras.owner;
    row.quiet = isQuiet(live);
    if (live.comparison) {
        row.threshold = live.comparison->threshold;
        row.op = promql::tokenText(live.comparison->op);
        row.unit = unitOf(*live.comparison->watched, snapshot);
    }
    row.activeSince = instance.active.wall;
    const core::SteadyTime until = instance.resolved ? instance.resolved->steady : snapshot.steady;
    row.activeFor = until - instance.active.steady;
    if (instance.fired) {
        row.firedAt = instance.fired->wall;
        row.firingFor = until - instance.fired->steady;
    }
    if (instance.resolved) {
        row.resolvedAt = instance.resolved->wall;
    }
    if (instance.state == AlertState::Pending) {
        row.firesIn = firesIn(*live.rule, instance, snapshot.steady);
    }
    if (instance.state == AlertState::Recovering && instance.quietSince) {
        row.resolvesIn =
            std::max(core::Nanos(0),
                     live.rule->keepFiringFor - core::Nanos(snapshot.steady - instance.quietSince->steady));
    }
    row.annotations = instance.annotations;
    row.summary = annotation(instance, "summary", lang);
    row.description = annotation(instance, "description", lang);
    return row;
}

void inhibit(std::vector<AlertRow>& rows, const std::vector<const LiveRule*>& rules)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].state == AlertState::Resolved) {
            continue;
        }
        rows[i].inhibitedBy = speakerFor(i, rows, rules);
        rows[i].inhibited = !rows[i].inhibitedBy.empty();
    }
}

} // namespace alert

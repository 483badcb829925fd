#include "monitor/alert/rule_rows.h"

#include "monitor/promql/lexer.h"
#include "monitor/series/label_ops.h"

#include <algorithm>

namespace alert {

using metrics::AlertRow;
using metrics::AlertState;
using metrics::RuleRow;

namespace {

AlertState worst(const Instances& instances)
{
    AlertState state = AlertState::Inactive;
    for (const auto& [labels, instance] : instances) {
        if (instance.state == AlertState::Firing ||
            (instance.state == AlertState::Pending && state != AlertState::Firing)) {
            state = instance.state;
        }
    }
    return state;
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

bool samePool(const AlertRow& a, const AlertRow& b)
{
    const std::string_view left = series::labelValue(a.labels, "pool");
    const std::string_view right = series::labelValue(b.labels, "pool");
    return left.empty() || right.empty() || left == right;
}

metrics::Severity severityOf(const metrics::Labels& labels, metrics::Severity fallback)
{
    const std::string_view text = series::labelValue(labels, "severity");
    return text == "critical"  ? metrics::Severity::Critical
           : text == "info"    ? metrics::Severity::Info
           : text == "warning" ? metrics::Severity::Warning
                               : fallback;
}

} // namespace

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
    row.value = live.value;
    if (live.comparison) {
        // In the metric's own unit, so that a chart of the metric can draw the line.
        row.metric = live.comparison->metric;
        row.threshold = live.comparison->threshold / live.comparison->scale;
        row.value = live.value / live.comparison->scale;
        row.op = promql::tokenText(live.comparison->op);
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
    row.labels = labels;
    row.state = instance.state;
    row.severity = severityOf(labels, live.rule->severity);
    row.value = instance.value;
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
    }
    if (instance.resolved) {
        row.resolvedAt = instance.resolved->wall;
    }
    if (instance.state == AlertState::Pending) {
        row.firesIn = std::max(core::Nanos(0), live.rule->holdFor - row.activeFor);
    }
    row.summary = annotation(instance, "summary", lang);
    row.description = annotation(instance, "description", lang);
    return row;
}

void inhibit(std::vector<AlertRow>& rows, const std::vector<const Rule*>& rules)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        AlertRow& row = rows[i];
        if (row.state == AlertState::Resolved) {
            continue;
        }
        for (const std::string& name : rules[i]->inhibitedBy) {
            const bool speaks = std::any_of(rows.begin(), rows.end(), [&](const AlertRow& other) {
                return other.name == name && other.state == AlertState::Firing && samePool(row, other);
            });
            if (speaks && name != row.name) {
                row.inhibited = true;
                row.inhibitedBy = name;
                break;
            }
        }
    }
}

} // namespace alert

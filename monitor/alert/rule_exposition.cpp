#include "monitor/alert/rule_exposition.h"

#include "monitor/series/label_ops.h"

#include <array>
#include <limits>
#include <unordered_set>
#include <utility>

namespace alert {

using metrics::AlertRow;
using metrics::AlertState;
using metrics::Kind;
using metrics::Labels;
using metrics::MetricDef;
using metrics::RuleRow;

namespace {

using SeenLabels = std::unordered_set<Labels, series::LabelsHash>;

constexpr std::array<std::string_view, 2> kAlertLabels{"alertname", "alertstate"};
constexpr std::array<std::string_view, 2> kRuleLabels{"group", "rule"};

constexpr std::array kDefs{
    MetricDef{"ALERTS",
              Kind::Gauge,
              core::Unit::None,
              "1 for each alert that is pending or firing",
              {"Alerts", "告警"},
              {},
              kAlertLabels},
    MetricDef{"poolscope_rule_failed",
              Kind::Gauge,
              core::Unit::None,
              "1 when the last evaluation of the rule failed",
              {"Rule failed", "规则失败"},
              {},
              kRuleLabels},
    MetricDef{"poolscope_rule_threshold",
              Kind::Gauge,
              core::Unit::None,
              "The number the rule compares with",
              {"Threshold", "阈值"},
              {},
              kRuleLabels},
    MetricDef{"poolscope_rule_value",
              Kind::Gauge,
              core::Unit::None,
              "What the rule compares with its threshold, now",
              {"Value", "当前值"},
              {},
              kRuleLabels},
};
constexpr const MetricDef& kAlerts = kDefs[0];
constexpr const MetricDef& kFailed = kDefs[1];
constexpr const MetricDef& kThreshold = kDefs[2];
constexpr const MetricDef& kValue = kDefs[3];

} // namespace

std::span<const MetricDef> ruleMetricDefs() noexcept
{
    return kDefs;
}

std::vector<series::NamedSample> exposeRules(metrics::Snapshot& snapshot)
{
    metrics::SampleBuilder out(snapshot);
    std::vector<series::NamedSample> samples;
    SeenLabels seen;
    for (const AlertRow& row : snapshot.alerts) {
        if (row.state == AlertState::Resolved) {
            continue;
        }
        Labels labels = row.labels;
        series::setLabel(labels, "alertstate", metrics::prometheusStateName(row.state));
        if (!seen.insert(labels).second) {
            continue; // two rules of one name and with the same labels are one series
        }
        out.push(kAlerts, 1, labels);
        series::setLabel(labels, series::kNameLabel, kAlerts.name);
        samples.push_back({std::move(labels), 1});
    }
    seen.clear();
    for (const RuleRow& row : snapshot.rules) {
        Labels labels{{"group", row.group}, {"rule", row.name}};
        if (row.disabled || !seen.insert(labels).second) {
            continue;
        }
        out.push(kFailed, row.error.empty() ? 0 : 1, labels);
        out.push(kThreshold, row.threshold.value_or(std::numeric_limits<double>::quiet_NaN()), labels);
        out.push(kValue, row.value, std::move(labels));
    }
    return samples;
}

} // namespace alert

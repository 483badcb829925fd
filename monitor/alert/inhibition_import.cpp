#include "monitor/alert/inhibition_import.h"

#include "monitor/core/format.h"
#include "monitor/series/label_ops.h"
#include "monitor/series/matcher.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace alert {

namespace {

constexpr const char* kInhibitedBy = "poolscope_inhibited_by";

std::optional<std::vector<series::Matcher>> compiled(const std::vector<metrics::SilenceMatcher>& matchers)
{
    using series::MatchOp;
    std::vector<series::Matcher> made;
    for (const metrics::SilenceMatcher& one : matchers) {
        const MatchOp op = one.isRegex ? (one.isEqual ? MatchOp::Regex : MatchOp::NotRegex)
                                       : (one.isEqual ? MatchOp::Equal : MatchOp::NotEqual);
        auto matcher = series::Matcher::make(op, one.name, one.value);
        if (!matcher) {
            return std::nullopt;
        }
        made.push_back(std::move(*matcher));
    }
    return made;
}

metrics::Labels labelsOf(const Rule& rule)
{
    metrics::Labels labels;
    for (const auto& [name, value] : rule.plainLabels) {
        if (value.find("{{") == std::string::npos) {
            series::setLabel(labels, name, value);
        }
    }
    series::setLabel(labels, "alertname", rule.name);
    return labels;
}

struct Placed {
    const Rule* rule;
    metrics::RuleKey key;
    metrics::Labels labels;
};

std::vector<Placed> alertsIn(const std::vector<RuleFile>& files)
{
    std::vector<Placed> alerts;
    for (const RuleFile& file : files) {
        for (const RuleGroup& group : file.groups) {
            for (const Rule& rule : group.rules) {
                if (rule.kind == Rule::Kind::Alerting) {
                    alerts.push_back(
                        {&rule, {file.path, group.name, rule.name, rule.number}, labelsOf(rule)});
                }
            }
        }
    }
    return alerts;
}

bool isCompared(const std::string& label)
{
    return label == "pool";
}

std::string joined(const std::set<std::string>& names)
{
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

// Names of those that speak for each alert, by its place.
void collect(const AlertmanagerConfig::Inhibition& inhibition, const std::vector<Placed>& alerts,
             std::map<std::size_t, std::set<std::string>>& speakers, InhibitionEdits& result)
{
    const auto sources = compiled(inhibition.sources);
    const auto targets = compiled(inhibition.targets);
    const bool sameName = std::ranges::find(inhibition.equal, "alertname") != inhibition.equal.end();
    if (!sources || !targets || sameName) {
        result.left.push_back(
            sameName
                ? "inhibit rule with equal: [alertname]: an alert cannot speak for one of its own name here"
                : "inhibit rule with a pattern that is none");
        return;
    }
    for (const std::string& label : inhibition.equal) {
        if (!isCompared(label)) {
            result.left.push_back("inhibit rule: equal: [" + core::oneLine(label, 60) +
                                  "] is not compared here, only pool is");
        }
    }
    std::size_t found = 0;
    for (std::size_t i = 0; i < alerts.size(); ++i) {
        for (const Placed& source : alerts) {
            const bool speaks = source.rule->name != alerts[i].rule->name &&
                                series::matchesAll(*targets, alerts[i].labels) &&
                                series::matchesAll(*sources, source.labels) &&
                                !(series::matchesAll(*sources, alerts[i].labels) &&
                                  series::matchesAll(*targets, source.labels));
            if (speaks) {
                speakers[i].insert(source.rule->name);
                ++found;
            }
        }
    }
    if (found == 0) {
        result.left.push_back("inhibit rule: it concerns no rule in use");
    }
}

} // namespace

InhibitionEdits inhibitionEdits(const std::vector<AlertmanagerConfig::Inhibition>& inhibitions,
                                const std::vector<RuleFile>& files)
{
    InhibitionEdits result;
    const std::vector<Placed> alerts = alertsIn(files);
    std::map<std::size_t, std::set<std::string>> speakers;
    for (const AlertmanagerConfig::Inhibition& inhibition : inhibitions) {
        collect(inhibition, alerts, speakers, result);
    }
    for (auto& [place, names] : speakers) {
        const Rule& rule = *alerts[place].rule;
        const std::set<std::string> before(rule.extras.inhibitedBy.begin(), rule.extras.inhibitedBy.end());
        names.insert(before.begin(), before.end());
        if (names == before) {
            continue;
        }
        metrics::RuleEdit edit{metrics::RuleEdit::Kind::Change, alerts[place].key, *rule.draft};
        metrics::setEntry(edit.draft.annotations, kInhibitedBy, joined(names));
        result.edits.push_back(std::move(edit));
    }
    return result;
}

} // namespace alert

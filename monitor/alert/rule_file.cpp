#include "monitor/alert/rule_file.h"

#include "monitor/alert/comparison.h"
#include "monitor/alert/yaml_fields.h"
#include "monitor/core/format.h"
#include "monitor/core/stream_text.h"
#include "monitor/promql/parser.h"
#include "monitor/promql/text.h"
#include "monitor/series/label_ops.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace alert {

using yaml::durationOf;
using yaml::entriesOf;

using yaml::refuse;
using yaml::Refused;
using yaml::textOf;

namespace {

constexpr std::size_t kMaxBytes = std::size_t{4} << 20U;

int limitOf(const YAML::Node& node)
{
    if (node.IsNull()) {
        return 0;
    }
    const std::string text = textOf(node);
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || node.Tag() == "!") {
        refuse(node, "cannot unmarshal !!str `" + core::oneLine(text, 40) + "` into int");
    }
    return value;
}

metrics::Severity severityOf(const metrics::Labels& labels)
{
    const std::string_view text = series::labelValue(labels, "severity");
    return text == "critical" ? metrics::Severity::Critical
           : text == "info"   ? metrics::Severity::Info
                              : metrics::Severity::Warning;
}

// One rule while it is read; errors name group, number and rule as Prometheus does.
class RuleReader {
public:
    RuleReader(const YAML::Node& node, const std::string& group, std::size_t number)
        : m_node(node)
        , m_entries(entriesOf(node, "rulefmt.RuleNode",
                              {"record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations"}))
    {
        const std::string alert = optional("alert");
        m_name = alert.empty() ? optional("record") : alert;
        m_where = "group " + yaml::quoted(group) + ", rule " + std::to_string(number) + ", " +
                  yaml::quoted(m_name) + ": ";
    }

    Rule read()
    {
        Rule rule;
        rule.holdFor = find("for") != nullptr ? durationOf(*find("for")) : core::Nanos(0);
        rule.keepFiringFor =
            find("keep_firing_for") != nullptr ? durationOf(*find("keep_firing_for")) : core::Nanos(0);
        const bool alerting = !optional("alert").empty();
        if (alerting && !optional("record").empty()) {
            fail("record", "only one of 'record' and 'alert' must be set");
        }
        if (m_name.empty()) {
            fail("", "one of 'record' or 'alert' must be set");
        }
        rule.kind = alerting ? Rule::Kind::Alerting : Rule::Kind::Recording;
        rule.name = m_name;
        expression(rule);
        if (!alerting) {
            recordingOnly(rule);
        }
        rule.labels = templates("labels", rule);
        rule.annotations = templates("annotations", rule);
        rule.severity = severityOf(rule.plainLabels);
        rule.draft = draft(rule);
        if (alerting) {
            const auto comparison = comparisonOf(*rule.expr);
            rule.extras = readExtras(
                m_annotations, comparison ? std::optional(ComparedSide{comparison->op, comparison->threshold})
                                          : std::nullopt);
        }
        return rule;
    }

private:
    const YAML::Node* find(std::string_view key) const
    {
        const auto at = std::find_if(m_entries.begin(), m_entries.end(),
                                     [key](const auto& entry) { return entry.first == key; });
        return at != m_entries.end() ? &at->second : nullptr;
    }

    // Prometheus reads these three as they stand: what is no scalar counts as empty.
    std::string optional(std::string_view key) const
    {
        const YAML::Node* node = find(key);
        return node != nullptr && node->IsScalar() ? node->Scalar() : std::string();
    }

    [[noreturn]] void fail(std::string_view key, const std::string& reason) const
    {
        const YAML::Node* node = find(key);
        refuse(node != nullptr ? *node : m_node, m_where + reason);
    }

    std::shared_ptr<const metrics::RuleDraft> draft(const Rule& rule) const
    {
        metrics::RuleDraft draft;
        draft.kind = rule.kind == Rule::Kind::Alerting ? metrics::RuleDraft::Kind::Alerting
                                                       : metrics::RuleDraft::Kind::Recording;
        draft.name = rule.name;
        draft.expr = rule.exprText;
        draft.holdFor = optional("for");
        draft.keepFiringFor = optional("keep_firing_for");
        draft.labels = m_labelTexts;
        draft.annotations = m_annotationTexts;
        return std::make_shared<const metrics::RuleDraft>(std::move(draft));
    }

    void expression(Rule& rule) const
    {
        rule.exprText = optional("expr");
        if (rule.exprText.empty()) {
            fail("expr", "field 'expr' must be set in rule");
        }
        auto expr = promql::parseExpression(rule.exprText);
        if (!expr) {
            fail("expr", "could not parse expression: " + expr.error().text());
        }
        rule.expr = std::move(*expr);
    }

    void recordingOnly(const Rule& rule) const
    {
        if (const YAML::Node* node = find("annotations");
            node != nullptr && node->IsMap() && node->size() > 0) {
            fail("record", "invalid field 'annotations' in recording rule");
        }
        if (rule.holdFor.count() != 0) {
            fail("record", "invalid field 'for' in recording rule");
        }
        if (rule.keepFiringFor.count() != 0) {
            fail("record", "invalid field 'keep_firing_for' in recording rule");
        }
        if (!series::isMetricName(rule.name)) {
            fail("record", "invalid recording rule name: " + rule.name);
        }
    }

    std::vector<NamedTemplate> templates(const std::string& key, Rule& rule)
    {
        const bool labels = key == "labels";
        std::vector<NamedTemplate> result;
        const YAML::Node* node = find(key);
        for (const auto& [name, value] : node != nullptr
                                             ? entriesOf(*node, "map[string]string", {})
                                             : std::vector<std::pair<std::string, YAML::Node>>()) {
            const std::string text = textOf(value);
            if (!series::isLabelName(name) || (labels && name == series::kNameLabel)) {
                refuse(value, m_where + "invalid " + (labels ? "label" : "annotation") + " name: " + name);
            }
            if (labels && core::validUtf8(text) != text) {
                refuse(value, m_where + "invalid label value: " + core::validUtf8(text));
            }
            // Only alerting rules have templates; a recording rule's braces are braces.
            const std::string_view parsed =
                rule.kind == Rule::Kind::Alerting ? std::string_view(text) : std::string_view();
            auto made = gotext::Template::parse(parsed, "__alert_" + rule.name);
            if (!made) {
                refuse(value, m_where + (labels ? "label " : "annotation ") + yaml::quoted(name) + ": " +
                                  made.error().message);
            }
            result.push_back({name, std::move(*made)});
            (labels ? m_labelTexts : m_annotationTexts).emplace_back(name, text);
            if (labels) {
                rule.plainLabels.emplace_back(name, text);
            } else {
                m_annotations[name] = text;
            }
        }
        rule.plainLabels = series::normalized(std::move(rule.plainLabels));
        std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
        return result;
    }

    const YAML::Node& m_node;
    std::vector<std::pair<std::string, YAML::Node>> m_entries;
    std::string m_name;
    std::string m_where;
    std::map<std::string, std::string> m_annotations;            // as written
    metrics::RuleDraft::Entries m_labelTexts, m_annotationTexts; // in the file's order
};

RuleGroup groupOf(const YAML::Node& node)
{
    RuleGroup group;
    const YAML::Node* rules = nullptr;
    const auto entries = entriesOf(node, "rulefmt.RuleGroup", {"name", "interval", "limit", "rules"});
    for (const auto& [key, value] : entries) {
        if (key == "name") {
            group.name = textOf(value);
        } else if (key == "interval") {
            group.interval = durationOf(value);
        } else if (key == "limit") {
            group.limit = limitOf(value);
        } else {
            rules = &value;
        }
    }
    if (group.name.empty()) {
        refuse(node, "Groupname must not be empty");
    }
    if (rules == nullptr || rules->IsNull()) {
        return group;
    }
    if (!rules->IsSequence()) {
        refuse(*rules, "cannot unmarshal !!map into []rulefmt.RuleNode");
    }
    std::size_t number = 0;
    std::map<std::string, int> ofName;
    for (const YAML::Node& entry : *rules) {
        Rule rule = RuleReader(entry, group.name, ++number).read();
        rule.number = ++ofName[rule.name];
        group.rules.push_back(std::move(rule));
    }
    return group;
}

void readGroups(const YAML::Node& root, RuleFile& file)
{
    for (const auto& [key, value] : entriesOf(root, "rulefmt.RuleGroups", {"groups"})) {
        if (value.IsNull()) {
            continue;
        }
        if (!value.IsSequence()) {
            refuse(value, "cannot unmarshal " + std::string(value.IsMap() ? "!!map" : "!!str") +
                              " into []rulefmt.RuleGroup");
        }
        std::set<std::string> names;
        for (const YAML::Node& node : value) {
            RuleGroup group = groupOf(node);
            if (!names.insert(group.name).second) {
                refuse(node, "groupname: \"" + group.name + "\" is repeated in the same file");
            }
            file.groups.push_back(std::move(group));
        }
    }
}

} // namespace

std::string RuleFileError::text() const
{
    return file + (line > 0 ? ":" + std::to_string(line) : "") + ": " + reason;
}

core::Result<RuleFile, RuleFileError> parseRuleFile(std::string_view yaml, std::string path)
{
    const auto refused = [&](const YAML::Mark& mark, const std::string& reason) {
        const bool known = !mark.is_null();
        return core::Unexpected{RuleFileError{path, known ? mark.line + 1 : 0, known ? mark.column + 1 : 0,
                                              core::oneLine(reason, 2000)}};
    };
    if (yaml.size() > kMaxBytes) {
        return refused(YAML::Mark::null_mark(), "the file is larger than 4 MiB");
    }
    RuleFile file{path, {}};
    try {
        const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(yaml));
        if (!documents.empty()) { // of several documents Prometheus reads the first
            readGroups(documents.front(), file);
        }
    } catch (const Refused& error) {
        return refused(error.mark, error.reason);
    } catch (const YAML::Exception& error) {
        return refused(error.mark, "yaml: " + error.msg);
    }
    return file;
}

core::Result<RuleFile, RuleFileError> readRuleFile(const std::string& path)
{
    std::ifstream input(path, std::ios::binary);
    const std::string text = core::textOf(input);
    if (!input.is_open() || input.bad()) {
        return core::Unexpected{RuleFileError{path, 0, 0, "cannot be read"}};
    }
    return parseRuleFile(text, path);
}

} // namespace alert

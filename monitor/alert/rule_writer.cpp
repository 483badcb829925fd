#include "monitor/alert/rule_writer.h"

#include "monitor/promql/text.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <chrono>

namespace alert {

namespace {

bool isPlainWord(const std::string& text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    });
}

// Names as they are, everything else in quotes: no text is ever taken for a number, a date or a truth value.
void emitText(YAML::Emitter& out, const std::string& text)
{
    const bool word =
        isPlainWord(text) && text != "true" && text != "false" && text != "null" && text.size() > 3;
    out << (word ? YAML::Auto : YAML::DoubleQuoted) << text;
}

void emitEntries(YAML::Emitter& out, const char* key, const metrics::RuleDraft::Entries& entries)
{
    if (entries.empty()) {
        return;
    }
    out << YAML::Key << key << YAML::Value << YAML::BeginMap;
    for (const auto& [name, text] : entries) {
        out << YAML::Key;
        emitText(out, name);
        out << YAML::Value;
        emitText(out, text);
    }
    out << YAML::EndMap;
}

void emitSpan(YAML::Emitter& out, const char* key, const std::string& span)
{
    if (!span.empty()) {
        out << YAML::Key << key << YAML::Value << span;
    }
}

void emitRule(YAML::Emitter& out, const metrics::RuleDraft& draft)
{
    out << YAML::BeginMap;
    out << YAML::Key << (draft.kind == metrics::RuleDraft::Kind::Alerting ? "alert" : "record")
        << YAML::Value;
    emitText(out, draft.name);
    out << YAML::Key << "expr" << YAML::Value << YAML::DoubleQuoted << draft.expr;
    emitSpan(out, "for", draft.holdFor);
    emitSpan(out, "keep_firing_for", draft.keepFiringFor);
    emitEntries(out, "labels", draft.labels);
    emitEntries(out, "annotations", draft.annotations);
    out << YAML::EndMap;
}

} // namespace

std::string ruleFileText(const RuleFile& file, std::string_view comment)
{
    YAML::Emitter out;
    out << YAML::BeginMap << YAML::Key << "groups" << YAML::Value << YAML::BeginSeq;
    for (const RuleGroup& group : file.groups) {
        out << YAML::BeginMap << YAML::Key << "name" << YAML::Value;
        emitText(out, group.name);
        if (group.interval.count() > 0) {
            emitSpan(out, "interval", promql::durationText(group.interval / std::chrono::milliseconds(1)));
        }
        if (group.limit != 0) {
            out << YAML::Key << "limit" << YAML::Value << group.limit;
        }
        out << YAML::Key << "rules" << YAML::Value << YAML::BeginSeq;
        for (const Rule& rule : group.rules) {
            emitRule(out, *rule.draft);
        }
        out << YAML::EndSeq << YAML::EndMap;
    }
    out << YAML::EndSeq << YAML::EndMap;
    std::string text;
    while (!comment.empty()) {
        const auto end = std::min(comment.find('\n'), comment.size());
        text += "# " + std::string(comment.substr(0, end)) + '\n';
        comment.remove_prefix(std::min(end + 1, comment.size()));
    }
    return text + out.c_str() + '\n';
}

} // namespace alert

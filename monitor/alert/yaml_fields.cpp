#include "monitor/alert/yaml_fields.h"

#include "monitor/promql/text.h"

#include <algorithm>
#include <set>

namespace alert::yaml {

void refuse(const YAML::Node& node, std::string reason)
{
    throw Refused{node.Mark(), std::move(reason)};
}

std::string quoted(std::string_view text)
{
    return promql::goQuoted(text);
}

Entries entriesOf(const YAML::Node& node, std::string_view type, const std::vector<std::string_view>& known)
{
    Entries entries;
    if (!node.IsDefined() || node.IsNull()) {
        return entries;
    }
    if (!node.IsMap()) {
        refuse(node, std::string("cannot unmarshal ") + (node.IsSequence() ? "!!seq" : "!!str") + " into " +
                         std::string(type));
    }
    std::set<std::string> seen;
    for (const auto& entry : node) {
        if (!entry.first.IsScalar()) {
            refuse(node, "a key must be a plain word");
        }
        std::string key = entry.first.Scalar();
        if (!seen.insert(key).second) {
            refuse(entry.first, "mapping key " + quoted(key) + " already defined");
        }
        if (!known.empty() && std::find(known.begin(), known.end(), key) == known.end()) {
            refuse(entry.first, "field " + key + " not found in type " + std::string(type));
        }
        entries.emplace_back(std::move(key), entry.second);
    }
    return entries;
}

YAML::Node childOf(const YAML::Node& node, const std::string& key)
{
    if (!node.IsMap()) {
        return YAML::Node();
    }
    const YAML::Node child = node[key];
    return child.IsDefined() ? child : YAML::Node();
}

std::string textOf(const YAML::Node& node)
{
    if (node.IsNull()) {
        return {};
    }
    if (!node.IsScalar()) {
        refuse(node,
               std::string("cannot unmarshal ") + (node.IsSequence() ? "!!seq" : "!!map") + " into string");
    }
    return node.Scalar();
}

core::Nanos durationOf(const YAML::Node& node)
{
    if (node.IsNull()) {
        return core::Nanos(0);
    }
    const auto span = promql::parseDuration(textOf(node));
    if (!span) {
        refuse(node, span.error().message);
    }
    return std::chrono::milliseconds(*span);
}

} // namespace alert::yaml

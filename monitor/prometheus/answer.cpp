#include "monitor/prometheus/answer.h"

#include "monitor/core/format.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace prometheus {

namespace {

using nlohmann::json;

constexpr int kDeepest = 16;
constexpr std::size_t kMostRows = 20'000;

// `data` of an answer that says success.
core::Result<json> dataOf(std::string_view text)
{
    const auto shallow = [](int depth, json::parse_event_t, json&) {
        return depth <= kDeepest;
    }; // deeper is left out
    const json root = json::parse(text.begin(), text.end(), shallow, false);
    if (!root.is_object()) {
        return core::fail("the answer is no JSON", "strange");
    }
    const auto word = [&root](const char* key) {
        const auto found = root.find(key);
        return found != root.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (word("status") == "error") {
        return core::fail(
            core::oneLine(word("error").empty() ? "the server gives no reason" : word("error"), 500),
            core::oneLine(word("errorType"), 40));
    }
    if (word("status") != "success" || !root.contains("data")) {
        return core::fail("the answer is not that of a Prometheus-compatible server", "strange");
    }
    return root["data"];
}

std::string wordOf(const json& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_string()
               ? core::oneLine(found->get<std::string>(), 2000)
               : std::string();
}

const json& partOf(const json& object, const char* key)
{
    static const json nothing;
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() ? *found : nothing;
}

metrics::Labels labelsOf(const json& object)
{
    metrics::Labels labels;
    if (object.is_object()) {
        for (const auto& [name, value] : object.items()) { // sorted by name
            if (value.is_string()) {
                labels.emplace_back(name, value.get<std::string>());
            }
        }
    }
    return labels;
}

core::Unexpected<core::Error> tooMany()
{
    return core::fail("the answer holds too much", "strange");
}

} // namespace

core::Result<BuildInfo> readBuildInfo(std::string_view text)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    return BuildInfo{wordOf(*data, "application"), wordOf(*data, "version"), wordOf(*data, "revision")};
}

// Mimir names itself; Thanos counts its versions from 0; VictoriaMetrics tells a version of Prometheus' and
// no revision (its app/vmselect/main.go).
Dialect dialectOf(const BuildInfo& info)
{
    if (info.application.find("Mimir") != std::string::npos) {
        return Dialect::Mimir;
    }
    if (info.application.find("Thanos") != std::string::npos || info.version.starts_with("0.")) {
        return Dialect::Thanos;
    }
    return info.revision.empty() && !info.version.empty() ? Dialect::VictoriaMetrics : Dialect::Prometheus;
}

std::string_view dialectName(Dialect dialect) noexcept
{
    switch (dialect) {
    case Dialect::Prometheus:
        return "Prometheus";
    case Dialect::Thanos:
        return "Thanos";
    case Dialect::Mimir:
        return "Mimir";
    case Dialect::VictoriaMetrics:
        break;
    }
    return "VictoriaMetrics";
}

core::Result<std::vector<std::string>> readTexts(std::string_view text, const AnswerLimits& limits)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    std::vector<std::string> texts;
    for (const json& one : data->is_array() ? *data : json::array()) {
        if (one.is_string()) {
            texts.push_back(one.get<std::string>());
        }
        if (texts.size() > limits.texts) {
            return tooMany();
        }
    }
    return texts;
}

core::Result<std::vector<metrics::Labels>> readLabelSets(std::string_view text, const AnswerLimits& limits)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    std::vector<metrics::Labels> sets;
    for (const json& one : data->is_array() ? *data : json::array()) {
        sets.push_back(labelsOf(one));
        if (sets.size() > limits.series) {
            return tooMany();
        }
    }
    return sets;
}

core::Result<std::vector<RemoteRule>> readRules(std::string_view text)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    std::vector<RemoteRule> rules;
    for (const json& group : partOf(*data, "groups")) {
        for (const json& rule : partOf(group, "rules")) {
            rules.push_back({wordOf(group, "name"), wordOf(rule, "name"), wordOf(rule, "query"),
                             wordOf(rule, "state"), wordOf(rule, "health"), wordOf(rule, "lastError"),
                             partOf(rule, "alerts").size()});
            if (rules.size() > kMostRows) {
                return tooMany();
            }
        }
    }
    return rules;
}

core::Result<std::vector<RemoteAlert>> readAlerts(std::string_view text)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    std::vector<RemoteAlert> alerts;
    for (const json& alert : partOf(*data, "alerts")) {
        alerts.push_back({labelsOf(partOf(alert, "labels")), wordOf(alert, "state"),
                          wordOf(alert, "activeAt"), wordOf(partOf(alert, "annotations"), "summary")});
        if (alerts.size() > kMostRows) {
            return tooMany();
        }
    }
    return alerts;
}

core::Result<std::vector<RemoteTarget>> readTargets(std::string_view text)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    std::vector<RemoteTarget> targets;
    for (const json& target : partOf(*data, "activeTargets")) {
        targets.push_back({labelsOf(partOf(target, "labels")), wordOf(target, "health"),
                           wordOf(target, "lastError"), wordOf(target, "scrapeUrl")});
        if (targets.size() > kMostRows) {
            return tooMany();
        }
    }
    return targets;
}

core::Result<std::vector<MetricMeta>> readMetadata(std::string_view text)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    std::vector<MetricMeta> all;
    if (!data->is_object()) {
        return all;
    }
    for (const auto& [name, list] : data->items()) {
        if (list.is_array() && !list.empty()) {
            all.push_back({name, wordOf(list.front(), "type"), wordOf(list.front(), "help")});
        }
        if (all.size() > kMostRows) {
            return tooMany();
        }
    }
    return all;
}

} // namespace prometheus

#include "monitor/prometheus/watch_answer.h"

#include "monitor/core/format.h"
#include "monitor/core/time_text.h"
#include "monitor/metrics/label_of.h"
#include "monitor/prometheus/answer_json.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <utility>

namespace prometheus {

using metrics::AlertState;
using metrics::RemoteAlert;
using metrics::RemoteRule;
using metrics::RemoteTarget;
using nlohmann::json;

namespace {

constexpr double kLongest = 1e9; // seconds; what is longer is no span

core::Nanos spanOf(double seconds)
{
    return seconds > 0 && seconds < kLongest
               ? std::chrono::round<core::Nanos>(std::chrono::duration<double>(seconds))
               : core::Nanos(0);
}

core::Nanos spanIn(const json& object, const char* key)
{
    const json& value = partOf(object, key);
    return value.is_number() ? spanOf(value.get<double>()) : core::Nanos(0);
}

// "15s", "1m30s": Prometheus' words for spans (model.Duration).
core::Nanos spelledSpan(const std::string& text)
{
    double seconds = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        double number = 0;
        const auto [rest, wrong] = std::from_chars(at, end, number);
        if (wrong != std::errc() || rest == end) {
            return core::Nanos(0);
        }
        at = rest + 1;
        if (*rest == 'm' && at != end && *at == 's') {
            ++at;
            seconds += number / 1000;
        } else {
            seconds += number * (*rest == 's'   ? 1
                                 : *rest == 'm' ? 60
                                 : *rest == 'h' ? 3600
                                 : *rest == 'd' ? 86'400
                                                : kLongest);
        }
    }
    return spanOf(seconds);
}

// Go's zero time, 0001-01-01T00:00:00Z, is never.
core::WallTime timeIn(const json& object, const char* key)
{
    const auto read = core::parseRfc3339(wordOf(object, key));
    return read && *read > core::WallTime{} ? *read : core::WallTime{};
}

AlertState stateIn(const json& object)
{
    const std::string word = wordOf(object, "state");
    return word == "firing"    ? AlertState::Firing
           : word == "pending" ? AlertState::Pending
                               : AlertState::Inactive;
}

metrics::Severity severityOf(const metrics::Labels& labels)
{
    const std::string_view text = metrics::labelOf(labels, "severity");
    return text == "critical" || text == "page" ? metrics::Severity::Critical
           : text == "info" || text == "none"   ? metrics::Severity::Info
                                                : metrics::Severity::Warning;
}

double valueIn(const json& object)
{
    const std::string text = wordOf(object, "value"); // "1.5e+00"
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    return !text.empty() && end == text.c_str() + text.size() ? value : std::nan("");
}

RemoteAlert alertOf(const json& object, const RemoteRule& rule)
{
    RemoteAlert alert;
    alert.group = rule.group;
    alert.labels = labelsOf(partOf(object, "labels"));
    alert.name = core::oneLine(metrics::labelOf(alert.labels, "alertname"), 200);
    for (const auto& [name, text] : labelsOf(partOf(object, "annotations"))) {
        alert.annotations.emplace(name, core::oneLine(text, 2000));
    }
    alert.state = stateIn(object);
    alert.severity = severityOf(alert.labels);
    alert.activeAt = timeIn(object, "activeAt");
    alert.value = valueIn(object);
    return alert;
}

RemoteRule ruleOf(const json& object, const json& group)
{
    RemoteRule rule;
    rule.group = wordOf(group, "name");
    rule.file = wordOf(group, "file");
    rule.interval = spanIn(group, "interval");
    rule.name = wordOf(object, "name");
    rule.expression = wordOf(object, "query");
    rule.recording = wordOf(object, "type") == "recording";
    rule.state = stateIn(object);
    rule.health = wordOf(object, "health");
    rule.lastError = wordOf(object, "lastError");
    rule.holdFor = spanIn(object, "duration");
    rule.evaluated = timeIn(object, "lastEvaluation");
    rule.took = spanIn(object, "evaluationTime");
    rule.labels = labelsOf(partOf(object, "labels"));
    return rule;
}

} // namespace

core::Result<RulesAnswer> readRules(std::string_view text)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    RulesAnswer answer;
    std::map<std::pair<std::string, std::string>, int> seen;
    for (const json& group : listOf(*data, "groups")) {
        for (const json& object : listOf(group, "rules")) {
            RemoteRule rule = ruleOf(object, group);
            if (rule.name.empty()) {
                continue;
            }
            rule.number = ++seen[{rule.group, rule.name}];
            for (const json& one : listOf(object, "alerts")) {
                RemoteAlert alert = alertOf(one, rule);
                if (alert.name.empty() || alert.state == AlertState::Inactive) {
                    continue;
                }
                ++(alert.state == AlertState::Firing ? rule.firing : rule.pending);
                answer.alerts.push_back(std::move(alert));
            }
            answer.rules.push_back(std::move(rule));
            if (answer.rules.size() > kMostRows || answer.alerts.size() > kMostRows) {
                return tooMany();
            }
        }
    }
    return answer;
}

core::Result<std::vector<RemoteTarget>> readTargets(std::string_view text)
{
    const auto data = dataOf(text);
    if (!data) {
        return core::Unexpected{data.error()};
    }
    std::vector<RemoteTarget> targets;
    for (const json& object : listOf(*data, "activeTargets")) {
        RemoteTarget target;
        target.labels = labelsOf(partOf(object, "labels"));
        target.url = wordOf(object, "scrapeUrl");
        if (target.labels.empty() && target.url.empty()) {
            continue;
        }
        target.scrapePool = wordOf(object, "scrapePool");
        target.job = core::oneLine(metrics::labelOf(target.labels, "job"), 200);
        target.instance = core::oneLine(metrics::labelOf(target.labels, "instance"), 200);
        target.health = wordOf(object, "health");
        target.lastError = wordOf(object, "lastError");
        target.scraped = timeIn(object, "lastScrape");
        target.took = spanIn(object, "lastScrapeDuration");
        target.interval = spelledSpan(wordOf(object, "scrapeInterval"));
        targets.push_back(std::move(target));
        if (targets.size() > kMostRows) {
            return tooMany();
        }
    }
    return targets;
}

} // namespace prometheus

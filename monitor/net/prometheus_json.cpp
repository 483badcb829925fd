#include "monitor/net/prometheus_json.h"

#include "monitor/core/format.h"
#include "monitor/net/prometheus_parse.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace net {

namespace {

using nlohmann::json;

// The API level answered here: what clients such as Grafana ask buildinfo for. Our own version stands beside
// it.
constexpr const char* kApiVersion = "2.42.0";

std::string dumped(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json labelsJson(const metrics::Labels& labels)
{
    json object = json::object();
    for (const auto& [name, value] : labels) {
        object[name] = value;
    }
    return object;
}

void appendPoint(std::string& out, const metrics::Point& point)
{
    out.append("[")
        .append(apiTimeText(point.at))
        .append(",\"")
        .append(apiValueText(point.value))
        .append("\"]");
}

// Written by hand where there may be a million points: a tree of JSON values would take a hundred bytes for
// each.
template <class Write>
std::string resultData(std::string_view type, const std::vector<metrics::PointSeries>& series,
                       Write writePoints)
{
    std::string out = R"({"resultType":")";
    out.append(type).append(R"(","result":[)");
    bool first = true;
    for (const metrics::PointSeries& one : series) {
        if (one.points.empty()) {
            continue;
        }
        out.append(first ? "" : ",").append(R"({"metric":)").append(dumped(labelsJson(one.labels)));
        writePoints(out, one.points);
        out += '}';
        first = false;
    }
    return out.append("]}");
}

std::string_view kindName(metrics::Kind kind) noexcept
{
    switch (kind) {
    case metrics::Kind::Gauge:
        return "gauge";
    case metrics::Kind::Counter:
        return "counter";
    case metrics::Kind::Histogram:
        return "histogram";
    }
    return "unknown";
}

bool isActive(metrics::AlertState state) noexcept
{
    return state == metrics::AlertState::Pending || metrics::isOpen(state);
}

json annotationsJson(const metrics::AlertRow& alert)
{
    json annotations = json::object();
    if (!alert.summary.empty()) {
        annotations["summary"] = alert.summary;
    }
    if (!alert.description.empty()) {
        annotations["description"] = alert.description;
    }
    return annotations;
}

json alertJson(const metrics::AlertRow& alert)
{
    json labels = labelsJson(alert.labels);
    labels["alertname"] = alert.name;
    return {{"labels", std::move(labels)},
            {"annotations", annotationsJson(alert)},
            {"state", metrics::prometheusStateName(alert.state)},
            {"activeAt", core::isoUtc(alert.activeSince)},
            {"value", apiAlertValueText(alert.value)}};
}

json activeAlerts(const metrics::Snapshot& snapshot, const std::string* name)
{
    json alerts = json::array();
    for (const metrics::AlertRow& alert : snapshot.alerts) {
        if (isActive(alert.state) && (!name || alert.name == *name)) {
            alerts.push_back(alertJson(alert));
        }
    }
    return alerts;
}

json ruleJson(const metrics::Snapshot& snapshot, const metrics::RuleRow& rule)
{
    // Who reads this may tell people: of what is not ours to tell there is no state.
    const bool ours = rule.owner == metrics::RuleOwner::Local ||
                      rule.standing.watch == metrics::RuleStanding::Watch::TakenOver;
    return {{"state", metrics::prometheusStateName(ours ? rule.state : metrics::AlertState::Inactive)},
            {"name", rule.name},
            {"query", rule.expr},
            {"duration", core::seconds(rule.holdFor)},
            {"keepFiringFor", core::seconds(rule.keepFiringFor)},
            {"labels", labelsJson(rule.labels)},
            {"annotations", json::object()},
            {"alerts", activeAlerts(snapshot, &rule.name)},
            {"health", rule.error.empty() ? "ok" : "err"},
            {"lastError", rule.error},
            {"evaluationTime", 0},
            {"lastEvaluation", core::isoUtc(snapshot.at)},
            {"type", "alerting"}};
}

} // namespace

Response apiError(int status, std::string_view type, std::string_view text)
{
    return jsonResponse(status, {{"status", "error"}, {"errorType", type}, {"error", text}});
}

Response apiSuccess(std::string_view data)
{
    auto body = std::make_shared<std::string>(R"({"status":"success","data":)");
    body->append(data).append("}");
    return {200, "application/json", std::move(body), {}};
}

std::string vectorData(const std::vector<metrics::PointSeries>& series)
{
    return resultData("vector", series, [](std::string& out, const std::vector<metrics::Point>& points) {
        out += R"(,"value":)";
        appendPoint(out, points.back());
    });
}

std::string matrixData(const std::vector<metrics::PointSeries>& series)
{
    return resultData("matrix", series, [](std::string& out, const std::vector<metrics::Point>& points) {
        out += R"(,"values":[)";
        for (std::size_t i = 0; i < points.size(); ++i) {
            out += i == 0 ? "" : ",";
            appendPoint(out, points[i]);
        }
        out += ']';
    });
}

std::string scalarData(const std::vector<metrics::PointSeries>& series)
{
    std::string out = R"({"resultType":"scalar","result":)";
    if (series.empty() || series.front().points.empty()) {
        return vectorData({});
    }
    appendPoint(out, series.front().points.back());
    return out.append("}");
}

std::string seriesData(const std::vector<metrics::Labels>& sets)
{
    json array = json::array();
    for (const metrics::Labels& labels : sets) {
        array.push_back(labelsJson(labels));
    }
    return dumped(array);
}

std::string namesData(const std::vector<std::string>& names)
{
    return dumped(names);
}

std::string rulesData(const metrics::Snapshot& snapshot, std::string_view type)
{
    json groups = json::array();
    for (const metrics::RuleRow& rule : snapshot.rules) {
        if (rule.disabled) { // as if it were not there: so a Prometheus would show it
            continue;
        }
        // The path of the file is this machine's business; its name is enough to find the group.
        const std::string file = std::filesystem::path(rule.file).filename().string();
        auto group = std::ranges::find_if(
            groups, [&](const json& g) { return g["name"] == rule.group && g["file"] == file; });
        if (group == groups.end()) {
            groups.push_back({{"name", rule.group},
                              {"file", file},
                              {"rules", json::array()},
                              {"interval", core::seconds(snapshot.interval)},
                              {"limit", 0},
                              {"evaluationTime", 0},
                              {"lastEvaluation", core::isoUtc(snapshot.at)}});
            group = groups.end() - 1;
        }
        if (type != "record") {
            (*group)["rules"].push_back(ruleJson(snapshot, rule));
        }
    }
    return dumped({{"groups", std::move(groups)}});
}

std::string alertsData(const metrics::Snapshot& snapshot)
{
    return dumped({{"alerts", activeAlerts(snapshot, nullptr)}});
}

std::string metadataData(const metrics::Snapshot& snapshot, std::string_view name, std::size_t limit)
{
    json object = json::object();
    for (const metrics::Family& family : snapshot.families) {
        if (object.size() >= limit) {
            break;
        }
        if (family.def && (name.empty() || family.def->name == name)) {
            object[std::string(family.def->name)] = json::array({{{"type", kindName(family.def->kind)},
                                                                  {"help", std::string(family.def->help)},
                                                                  {"unit", ""}}});
        }
    }
    return dumped(object);
}

std::string buildInfoData()
{
    return dumped({{"version", kApiVersion},
                   {"revision", ""},
                   {"branch", ""},
                   {"buildUser", ""},
                   {"buildDate", ""},
                   {"goVersion", ""},
                   {"application", "poolscope"},
                   {"applicationVersion", POOLSCOPE_VERSION}});
}

} // namespace net

#include "monitor/net/scenarios_handler.h"

#include "monitor/core/format.h"
#include "monitor/net/public_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

namespace net {

namespace {

using nlohmann::json;

constexpr core::Text kUnavailable{"scenarios are not available", "场景不可用"};
constexpr core::Text kNotAnObject{"the body must be a JSON object of parameters",
                                  "请求体必须是由参数组成的 JSON 对象"};

json parameterJson(const metrics::ScenarioParameter& parameter)
{
    return {{"name", parameter.name},       {"title", parameter.title},      {"unit", parameter.unit},
            {"value", parameter.value},     {"default", parameter.fallback}, {"minimum", parameter.minimum},
            {"maximum", parameter.maximum}, {"whole", parameter.whole}};
}

json scenarioJson(const metrics::ScenarioRow& row)
{
    json parameters = json::array();
    for (const metrics::ScenarioParameter& parameter : row.parameters) {
        parameters.push_back(parameterJson(parameter));
    }
    const bool everStarted = row.startedAt.time_since_epoch().count() != 0;
    return {{"name", row.name},
            {"title", row.title},
            {"description", row.description},
            {"parameters", parameters},
            {"state", metrics::scenarioStateName(row.state)},
            {"progress", row.progress},
            {"elapsed_seconds", core::seconds(row.elapsed)},
            {"duration_seconds", core::seconds(row.duration)},
            {"started_at", everStarted ? json(core::isoUtcMicros(row.startedAt)) : json()},
            {"requests", row.requests},
            {"failures", row.failures},
            {"phase", row.phase},
            {"message", publicCause(row.message)},
            {"available", row.available},
            {"needs_consent", row.needsConsent},
            {"expected_alerts", row.expectedAlerts},
            {"seen_alerts", row.seenAlerts}};
}

const metrics::ScenarioRow* findRow(const metrics::SnapshotPtr& snapshot, std::string_view name)
{
    if (!snapshot) {
        return nullptr;
    }
    const auto at = std::ranges::find(snapshot->scenarios, name, &metrics::ScenarioRow::name);
    return at == snapshot->scenarios.end() ? nullptr : &*at;
}

// A JSON object as a list: nlohmann's own parser would let a repeated name silently win.
std::optional<json> parseObject(std::string_view body)
{
    std::vector<std::set<std::string>> names;
    bool sane = true;
    const auto watch = [&](int depth, json::parse_event_t event, const json& value) {
        if (depth > kMaxJsonDepth) {
            sane = false;
        } else if (event == json::parse_event_t::object_start) {
            names.emplace_back();
        } else if (event == json::parse_event_t::key && !names.empty()) {
            sane = names.back().insert(value.get<std::string>()).second && sane;
        } else if (event == json::parse_event_t::object_end && !names.empty()) {
            names.pop_back();
        }
        return sane;
    };
    json parsed = json::parse(body, watch, false);
    return sane && parsed.is_object() ? std::optional(std::move(parsed)) : std::nullopt;
}

std::string quoted(std::string_view name)
{
    return fmt::format("'{}'", core::oneLine(name, 40));
}

std::string problem(core::Lang lang, std::string_view english, std::string_view chinese,
                    std::string_view name)
{
    return fmt::format(fmt::runtime(lang == core::Lang::Chinese ? chinese : english), quoted(name));
}

core::Result<double> checkedValue(const metrics::ScenarioParameter& parameter, const json& value,
                                  core::Lang lang)
{
    if (!value.is_number()) {
        return core::fail(
            problem(lang, "parameter {} must be a number", "参数 {} 必须是数字", parameter.name));
    }
    const auto number = value.get<double>();
    if (!std::isfinite(number) || number < parameter.minimum || number > parameter.maximum) {
        const std::string limits =
            fmt::format("{} … {}", core::numberText(parameter.minimum), core::numberText(parameter.maximum));
        return core::fail(problem(lang, "parameter {} is out of range", "参数 {} 超出范围", parameter.name) +
                          (lang == core::Lang::Chinese ? "：" : ": ") + limits);
    }
    if (parameter.whole && number != std::floor(number)) {
        return core::fail(
            problem(lang, "parameter {} must be a whole number", "参数 {} 必须是整数", parameter.name));
    }
    return number;
}

// Codes the runner may give: what the client can do about it differs.
int statusOf(const core::Error& error)
{
    return error.code == "consent"     ? 403
           : error.code == "unknown"   ? 404
           : error.code == "parameter" ? 400
                                       : 409;
}

Response notFound()
{
    return errorResponse(404, "Not Found");
}

} // namespace

core::Result<std::map<std::string, double>>
parseParameters(std::string_view body, const metrics::ScenarioRow& scenario, core::Lang lang)
{
    std::map<std::string, double> parameters;
    if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return parameters;
    }
    const auto object = parseObject(body);
    if (!object) {
        return core::fail(std::string(kNotAnObject.in(lang)));
    }
    for (const auto& [name, value] : object->items()) {
        if (name == "consent" && value.is_boolean()) {
            parameters[name] = value.get<bool>() ? 1 : 0;
            continue;
        }
        const auto known = std::ranges::find(scenario.parameters, name, &metrics::ScenarioParameter::name);
        if (known == scenario.parameters.end()) {
            return core::fail(problem(lang, "there is no parameter {}", "没有参数 {}", name));
        }
        const auto checked = checkedValue(*known, value, lang);
        if (!checked) {
            return core::fail(checked.error().message);
        }
        parameters[name] = *checked;
    }
    return parameters;
}

Response listScenarios(const Backend& backend)
{
    json rows = json::array();
    if (const metrics::SnapshotPtr snapshot = backend.latest ? backend.latest() : nullptr) {
        for (const metrics::ScenarioRow& row : snapshot->scenarios) {
            rows.push_back(scenarioJson(row));
        }
    }
    return jsonResponse(200, {{"scenarios", rows}});
}

Response startScenario(const Backend& backend, const std::string& name, std::string_view body,
                       core::Lang lang)
{
    if (!backend.startScenario || !backend.latest) {
        return errorResponse(503, kUnavailable, lang);
    }
    const metrics::SnapshotPtr snapshot = backend.latest();
    const metrics::ScenarioRow* row = findRow(snapshot, name);
    if (!row) {
        return notFound();
    }
    const auto parameters = parseParameters(body, *row, lang);
    if (!parameters) {
        return errorResponse(400, parameters.error().message);
    }
    if (const auto started = backend.startScenario(name, *parameters); !started) {
        return errorResponse(statusOf(started.error()), publicCause(started.error().message));
    }
    return jsonResponse(
        200, {{"name", name}, {"state", metrics::scenarioStateName(metrics::ScenarioState::Running)}});
}

Response stopScenario(const Backend& backend, const std::string& name, core::Lang lang)
{
    if (!backend.stopScenario || !backend.latest) {
        return errorResponse(503, kUnavailable, lang);
    }
    if (!findRow(backend.latest(), name)) {
        return notFound();
    }
    if (const auto stopped = backend.stopScenario(name); !stopped) {
        return errorResponse(statusOf(stopped.error()), publicCause(stopped.error().message));
    }
    return jsonResponse(
        200, {{"name", name}, {"state", metrics::scenarioStateName(metrics::ScenarioState::Stopping)}});
}

} // namespace net

#include "monitor/net/responses_handler.h"

#include "monitor/core/format.h"
#include "monitor/net/public_text.h"

#include <nlohmann/json.hpp>

namespace net {

namespace {

using metrics::ResponseCommand;
using nlohmann::json;
using Kind = ResponseCommand::Kind;

constexpr core::Text kNoSample{"there is no sample yet", "尚无采样数据"};
constexpr core::Text kUnavailable{"responses are not available", "自动响应不可用"};
constexpr std::size_t kMostNames = 8;

json timeJson(core::WallTime time)
{
    return time.time_since_epoch().count() == 0 ? json() : json(core::isoUtcMicros(time));
}

json stepsJson(const std::vector<metrics::ResponseStep>& steps)
{
    json all = json::array();
    for (const metrics::ResponseStep& step : steps) {
        all.push_back({{"id", step.id},
                       {"title", step.title},
                       {"state", metrics::stepStateName(step.state)},
                       {"detail", publicCause(step.detail)},
                       {"since", timeJson(step.since)}});
    }
    return all;
}

json scaleJson(const metrics::ScaleView& view)
{
    return {{"enabled", view.enabled},
            {"dry_run", view.dryRun},
            {"phase", view.phase},
            {"replicas", view.replicas < 0 ? json() : json(view.replicas)},
            {"minimum", view.minimum},
            {"maximum", view.maximum},
            {"why", view.why},
            {"outcome", publicCause(view.outcome)},
            {"left_seconds", core::seconds(view.left)},
            {"may_undo", view.mayUndo},
            {"steps", stepsJson(view.steps)}};
}

core::Unexpected<core::Error> bad(const char* expected)
{
    return core::fail(std::string("exactly one of these is expected: ") + expected, "parameter");
}

// The one member of a small object; nothing when it is no such thing.
struct Member {
    std::string name;
    json value;
};
std::optional<Member> onlyMember(std::string_view body)
{
    bool sane = true;
    std::size_t names = 0;
    const auto watch = [&](int depth, json::parse_event_t event, const json&) {
        names += event == json::parse_event_t::key ? 1 : 0;
        sane = sane && depth <= 2 && names <= kMostNames;
        return sane;
    };
    const json object = json::parse(body, watch, false);
    if (!sane || names != 1 || !object.is_object() || object.size() != 1) {
        return std::nullopt; // a repeated name counts twice
    }
    return Member{object.begin().key(), object.begin().value()};
}

int statusOf(const core::Error& error)
{
    return error.code == "parameter" ? 400 : error.code == "unavailable" ? 503 : 409;
}

} // namespace

json degradeJson(const metrics::DegradeView& view)
{
    json steps = json::object();
    for (const metrics::ResponseStep& step : view.steps) {
        steps[step.id] = metrics::stepStateName(step.state);
    }
    return {{"level", view.level},     {"most_level", view.mostLevel},
            {"enabled", view.enabled}, {"dry_run", view.dryRun},
            {"by_hand", view.byHand},  {"since", timeJson(view.since)},
            {"why", view.why},         {"steps", steps}};
}

Response listResponses(const Backend& backend, core::Lang lang)
{
    const metrics::SnapshotPtr snapshot = backend.latest ? backend.latest() : nullptr;
    if (!snapshot) {
        return errorResponse(503, kNoSample, lang);
    }
    const metrics::ResponseView& view = snapshot->responses;
    json degrade = degradeJson(view.degrade);
    degrade["steps"] = stepsJson(view.degrade.steps);
    degrade["next_change_seconds"] = core::seconds(view.degrade.nextChange);
    degrade["pausable"] = view.pausable;
    json log = json::array();
    for (const metrics::ResponseNote& note : view.log) {
        log.push_back({{"timestamp", core::isoUtcMicros(note.at)}, {"text", publicCause(note.text)}});
    }
    return jsonResponse(200, {{"degrade", degrade}, {"scale_out", scaleJson(view.scale)}, {"log", log}});
}

core::Result<ResponseCommand> parseDegradeCommand(std::string_view body)
{
    constexpr const char* kExpected = R"({"level": 0 … 4}, {"automatic": true}, {"dry_run": true or false})";
    const auto member = onlyMember(body);
    if (member && member->name == "level" && member->value.is_number_unsigned() &&
        member->value.get<std::uint64_t>() <= 4) {
        return ResponseCommand{Kind::HoldLevel, member->value.get<int>()};
    }
    if (member && member->name == "automatic" && member->value == json(true)) {
        return ResponseCommand{Kind::Automatic, 0};
    }
    if (member && member->name == "dry_run" && member->value.is_boolean()) {
        return ResponseCommand{Kind::DegradeDryRun, member->value.get<bool>() ? 1 : 0};
    }
    return bad(kExpected);
}

core::Result<ResponseCommand> parseScaleCommand(std::string_view body)
{
    constexpr const char* kExpected = R"({"act": true}, {"undo": true}, {"dry_run": true or false})";
    const auto member = onlyMember(body);
    if (member && member->name == "act" && member->value == json(true)) {
        return ResponseCommand{Kind::ScaleNow, 0};
    }
    if (member && member->name == "undo" && member->value == json(true)) {
        return ResponseCommand{Kind::UndoScale, 0};
    }
    if (member && member->name == "dry_run" && member->value.is_boolean()) {
        return ResponseCommand{Kind::ScaleDryRun, member->value.get<bool>() ? 1 : 0};
    }
    return bad(kExpected);
}

Response carryOut(const Backend& backend, const core::Result<ResponseCommand>& command, core::Lang lang)
{
    if (!command) {
        return errorResponse(400, command.error().message);
    }
    if (!backend.carryOut) {
        return errorResponse(503, kUnavailable, lang);
    }
    if (const auto done = backend.carryOut(*command); !done) {
        return errorResponse(statusOf(done.error()), publicCause(done.error().message));
    }
    return jsonResponse(202, {{"accepted", true}}); // carried out with the next sample
}

} // namespace net

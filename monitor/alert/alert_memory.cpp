#include "monitor/alert/alert_memory.h"

#include "monitor/alert/expr_facts.h"
#include "monitor/alert/incident_json.h"
#include "monitor/alert/json_fields.h"

#include <algorithm>
#include <utility>

namespace alert {

using fields::json;
using metrics::AlertRow;
using metrics::AlertState;

namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} << 20U;
constexpr int kVersion = 1;

std::optional<AlertState> stateNamed(std::string_view text)
{
    for (const AlertState state :
         {AlertState::Pending, AlertState::Firing, AlertState::Recovering, AlertState::Resolved}) {
        if (text == metrics::alertStateName(state)) {
            return state;
        }
    }
    return std::nullopt;
}

bool flagOf(const json& object, const char* key)
{
    const auto at = object.find(key);
    return at != object.end() && at->is_boolean() && at->get<bool>();
}

json instanceJson(const SavedInstance& saved)
{
    return {{"rule", fields::text(saved.rule)},
            {"overlay", saved.overlay},
            {"labels", fields::labels(saved.labels)},
            {"state", metrics::alertStateName(saved.state)},
            {"severity", metrics::severityName(saved.severity)},
            {"value", fields::number(saved.value)},
            {"peak", fields::number(saved.peak)},
            {"annotations", saved.annotations},
            {"active", fields::time(saved.active)},
            {"fired", fields::time(saved.fired)},
            {"resolved", fields::time(saved.resolved)},
            {"quiet", fields::time(saved.quiet)},
            {"critical", fields::time(saved.critical)},
            {"returns", saved.returns},
            {"incident", saved.incident}};
}

// False when it makes no sense: then it is left out.
bool readInstance(const json& object, SavedInstance& saved)
{
    const auto state = object.is_object() ? stateNamed(fields::textOf(object, "state")) : std::nullopt;
    if (!state) {
        return false;
    }
    saved.rule = fields::textOf(object, "rule");
    saved.overlay = flagOf(object, "overlay");
    saved.labels = fields::labelsOf(object, "labels");
    saved.state = *state;
    saved.severity = severityNamed(fields::textOf(object, "severity"));
    saved.value = fields::numberOf(object, "value");
    saved.peak = fields::numberOf(object, "peak");
    saved.annotations = fields::mapOf(object, "annotations");
    saved.active = fields::timeOf(object, "active");
    saved.fired = fields::timeOf(object, "fired");
    saved.resolved = fields::timeOf(object, "resolved");
    saved.quiet = fields::timeOf(object, "quiet");
    saved.critical = fields::timeOf(object, "critical");
    saved.returns =
        static_cast<int>(std::clamp<std::int64_t>(fields::wholeOf(object, "returns"), 0, 1'000'000));
    saved.incident = fields::textOf(object, "incident");
    const core::WallTime never{};
    const bool fired = saved.fired != never && !saved.incident.empty();
    return saved.active != never && (*state == AlertState::Pending || fired) &&
           (*state != AlertState::Recovering || saved.quiet != never) &&
           (*state != AlertState::Resolved || saved.resolved != never);
}

json tellingJson(const SavedTelling& saved)
{
    const AlertRow& row = saved.row;
    return {{"incident", row.incidentId},
            {"rule", fields::text(row.name)},
            {"group", fields::text(row.group)},
            {"labels", fields::labels(row.labels)},
            {"annotations", row.annotations},
            {"summary", fields::text(row.summary)},
            {"description", fields::text(row.description)},
            {"state", metrics::alertStateName(row.state)},
            {"rowSeverity", metrics::severityName(row.severity)},
            {"firedAt", fields::time(row.firedAt)},
            {"resolvedAt", fields::time(row.resolvedAt)},
            {"told", saved.told},
            {"owed", saved.owed},
            {"severity", metrics::severityName(saved.severity)},
            {"count", saved.count},
            {"at", fields::time(saved.at)}};
}

bool readTelling(const json& object, SavedTelling& saved)
{
    const auto state = object.is_object() ? stateNamed(fields::textOf(object, "state")) : std::nullopt;
    AlertRow& row = saved.row;
    row.incidentId = object.is_object() ? fields::textOf(object, "incident") : std::string();
    if (!state || row.incidentId.empty()) {
        return false;
    }
    row.name = fields::textOf(object, "rule");
    row.group = fields::textOf(object, "group");
    row.labels = fields::labelsOf(object, "labels");
    row.annotations = fields::mapOf(object, "annotations");
    row.summary = fields::textOf(object, "summary");
    row.description = fields::textOf(object, "description");
    row.state = *state;
    row.severity = severityNamed(fields::textOf(object, "rowSeverity"));
    row.firedAt = fields::timeOf(object, "firedAt");
    row.resolvedAt = fields::timeOf(object, "resolvedAt");
    saved.told = flagOf(object, "told");
    saved.owed = flagOf(object, "owed");
    saved.severity = severityNamed(fields::textOf(object, "severity"));
    saved.count =
        static_cast<int>(std::clamp<std::int64_t>(fields::wholeOf(object, "count"), 0, 1'000'000'000));
    saved.at = fields::timeOf(object, "at");
    return true;
}

json attentionJson(const Attention::Saved& attention)
{
    json acks = json::array(), snoozes = json::array();
    for (const auto& [incident, ack] : attention.acks) {
        acks.push_back({{"incident", incident},
                        {"by", fields::text(ack.by)},
                        {"note", fields::text(ack.note)},
                        {"at", fields::time(ack.at)}});
    }
    for (const auto& [incident, until] : attention.snoozes) {
        snoozes.push_back({{"incident", incident}, {"until", fields::time(until)}});
    }
    return {{"acks", std::move(acks)}, {"snoozes", std::move(snoozes)}};
}

Attention::Saved readAttention(const json& object)
{
    Attention::Saved saved;
    for (const json& one : fields::arrayOf(object, "acks")) {
        const std::string incident = fields::textOf(one, "incident");
        Ack ack{fields::textOf(one, "by"), fields::textOf(one, "note"), fields::timeOf(one, "at")};
        if (!incident.empty() && !ack.by.empty()) {
            saved.acks[incident] = std::move(ack);
        }
    }
    for (const json& one : fields::arrayOf(object, "snoozes")) {
        if (const std::string incident = fields::textOf(one, "incident"); !incident.empty()) {
            saved.snoozes[incident] = fields::timeOf(one, "until");
        }
    }
    return saved;
}

// A moment of before, on the clocks of now; never in the future.
Moment momentAt(core::WallTime wall, const Moment& now)
{
    const auto ago = std::max(core::Nanos(0), std::chrono::duration_cast<core::Nanos>(now.wall - wall));
    return {wall, now.steady - ago};
}

// rules/manager.go, RestoreForState: what is left of `for` is what was left when the program went down.
void restorePending(Instance& instance, core::WallTime savedAt, core::Nanos holdFor, const Moment& now)
{
    const auto spent =
        std::max(core::Nanos(0), std::chrono::duration_cast<core::Nanos>(savedAt - instance.active.wall));
    core::Nanos left = holdFor - spent;
    if (left.count() <= 0) {
        return; // it would have fired; the next evaluation says so
    }
    if (holdFor >= kForGrace) {
        left = std::max(left, kForGrace);
    }
    instance.active.steady = now.steady - (holdFor - left);
}

} // namespace

std::string memoryJson(const AlertMemory& memory)
{
    json instances = json::array(), tellings = json::array(), paces = json::array(), open = json::array();
    for (const SavedInstance& saved : memory.instances) {
        instances.push_back(instanceJson(saved));
    }
    for (const SavedTelling& saved : memory.tellings) {
        tellings.push_back(tellingJson(saved));
    }
    for (const SavedPace& saved : memory.paces) {
        paces.push_back({{"rule", fields::text(saved.rule)}, {"at", fields::time(saved.at)}});
    }
    for (const metrics::Incident& incident : memory.open) {
        open.push_back(incidentLine(incident)); // a line within: one reader for both
    }
    const json document{{"version", kVersion},
                        {"savedAt", fields::time(memory.savedAt)},
                        {"instances", std::move(instances)},
                        {"tellings", std::move(tellings)},
                        {"paces", std::move(paces)},
                        {"attention", attentionJson(memory.attention)},
                        {"open", std::move(open)}};
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

core::Result<AlertMemory> readMemory(std::string_view text)
{
    const json document = fields::parse(text, kMaxBytes);
    if (document.is_discarded() || !document.is_object()) {
        return core::fail("no JSON that can be read", "broken");
    }
    if (fields::wholeOf(document, "version") != kVersion) {
        return core::fail("of a version that is not known", "version");
    }
    AlertMemory memory;
    memory.savedAt = fields::timeOf(document, "savedAt");
    for (const json& one : fields::arrayOf(document, "instances")) {
        if (SavedInstance saved; readInstance(one, saved)) {
            memory.instances.push_back(std::move(saved));
        }
    }
    for (const json& one : fields::arrayOf(document, "tellings")) {
        if (SavedTelling saved; readTelling(one, saved)) {
            memory.tellings.push_back(std::move(saved));
        }
    }
    for (const json& one : fields::arrayOf(document, "paces")) {
        if (SavedPace saved{fields::textOf(one, "rule"), fields::timeOf(one, "at")}; !saved.rule.empty()) {
            memory.paces.push_back(std::move(saved));
        }
    }
    if (const auto attention = document.find("attention"); attention != document.end()) {
        memory.attention = readAttention(*attention);
    }
    for (const json& one : fields::arrayOf(document, "open")) {
        auto incident = one.is_string() ? readIncident(one.get_ref<const std::string&>())
                                        : core::Result<metrics::Incident>(core::fail("no line"));
        if (incident && incident->open()) {
            memory.open.push_back(std::move(*incident));
        }
    }
    return memory;
}

std::string saidJson(const Attention::Saved& said)
{
    const json document{{"version", kVersion}, {"attention", attentionJson(said)}};
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

core::Result<Attention::Saved> readSaid(std::string_view text)
{
    constexpr std::size_t kMost = 4U << 20U;
    const json document = fields::parse(text, kMost);
    if (document.is_discarded() || !document.is_object() || !document.contains("attention")) {
        return core::fail("no JSON that can be read", "broken");
    }
    if (fields::wholeOf(document, "version") != kVersion) {
        return core::fail("of a version that is not known", "version");
    }
    return readAttention(document["attention"]);
}

SavedInstance savedInstance(std::string rule, const metrics::Labels& labels, const Instance& instance)
{
    const auto wall = [](const std::optional<Moment>& moment) {
        return moment ? moment->wall : core::WallTime{};
    };
    SavedInstance saved;
    saved.rule = std::move(rule);
    saved.labels = labels;
    saved.state = instance.state;
    saved.severity = instance.severity;
    saved.value = instance.value;
    saved.peak = instance.peak;
    saved.annotations = instance.annotations;
    saved.active = instance.active.wall;
    saved.fired = wall(instance.fired);
    saved.resolved = wall(instance.resolved);
    saved.quiet = wall(instance.quietSince);
    saved.critical = wall(instance.criticalSince);
    saved.returns = instance.returns;
    saved.incident = instance.incident;
    return saved;
}

Instance resumed(const SavedInstance& saved, const Moment& now)
{
    const auto moment = [&](core::WallTime wall) {
        return wall != core::WallTime{} ? std::optional(momentAt(wall, now)) : std::nullopt;
    };
    Instance instance;
    instance.state = saved.state;
    instance.severity = saved.severity;
    instance.value = saved.value;
    instance.peak = saved.peak;
    instance.annotations = saved.annotations;
    instance.active = momentAt(saved.active, now);
    instance.fired = moment(saved.fired);
    instance.resolved = moment(saved.resolved);
    instance.quietSince = moment(saved.quiet);
    instance.criticalSince = moment(saved.critical);
    instance.returns = saved.returns;
    instance.incident = saved.incident;
    return instance;
}

std::optional<Instance> restored(const SavedInstance& saved, core::WallTime savedAt, const Rule& rule,
                                 const Moment& now)
{
    const bool longAway = now.wall - savedAt > kOutageTolerance;
    Instance instance = resumed(saved, now);
    if (instance.state == AlertState::Pending) {
        if (longAway) {
            return std::nullopt;
        }
        restorePending(instance, savedAt, rule.holdFor, now);
    }
    if (instance.alive()) {
        instance.grace =
            Grace{now.steady + std::min(reachBack(*rule.expr), kForGrace), now.steady + kForGrace};
    }
    if (instance.open() && longAway) {
        instance.state = AlertState::Resolved;
        instance.resolved = now;
    }
    return instance;
}

} // namespace alert

#include "monitor/alert/incident_json.h"

#include "monitor/alert/json_fields.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

namespace alert {

using fields::json;
using metrics::Evidence;
using metrics::Incident;
using metrics::ResolveReason;
using metrics::Severity;

namespace {

constexpr std::size_t kMaxLine = std::size_t{1} << 20U;
constexpr std::size_t kMaxRows = 50;
constexpr int kUnits = static_cast<int>(core::Unit::Load);

json nanos(core::Nanos span)
{
    return span.count();
}

core::Nanos nanosOf(const json& object, const char* key)
{
    return core::Nanos(fields::wholeOf(object, key));
}

int intOf(const json& object, const char* key, int fallback = 0)
{
    const std::int64_t value = fields::wholeOf(object, key, fallback);
    return value >= std::numeric_limits<int>::min() && value <= std::numeric_limits<int>::max()
               ? static_cast<int>(value)
               : fallback;
}

json figuresJson(const std::vector<Evidence::Figure>& figures)
{
    json array = json::array();
    for (const auto& figure : figures) {
        array.push_back({{"name", fields::text(figure.name)}, {"value", fields::number(figure.value)}});
    }
    return array;
}

json evidenceJson(const Evidence& evidence)
{
    json holders = json::array(), waiters = json::array(), sessions = json::array(), slow = json::array();
    for (const auto& h : evidence.holders) {
        holders.push_back({{"slot", h.slot},
                           {"pid", h.pid},
                           {"tag", fields::text(h.tag)},
                           {"site", fields::text(h.site)},
                           {"statement", fields::text(h.statement)},
                           {"before", fields::text(h.before)},
                           {"heldFor", nanos(h.heldFor)},
                           {"leaked", h.leaked}});
    }
    for (const auto& w : evidence.waiters) {
        waiters.push_back({{"tag", fields::text(w.tag)},
                           {"site", fields::text(w.site)},
                           {"waitedFor", nanos(w.waitedFor)}});
    }
    for (const auto& s : evidence.sessions) {
        sessions.push_back({{"pid", s.pid},
                            {"user", fields::text(s.user)},
                            {"application", fields::text(s.application)},
                            {"state", fields::text(s.state)},
                            {"statement", fields::text(s.statement)},
                            {"blockedBy", s.blockedBy},
                            {"inStateFor", nanos(s.inStateFor)}});
    }
    for (const auto& s : evidence.slow) {
        slow.push_back({{"text", fields::text(s.text)},
                        {"meanSeconds", fields::number(s.meanSeconds)},
                        {"calls", fields::number(s.calls)}});
    }
    return {{"holders", std::move(holders)},          {"waiters", std::move(waiters)},
            {"sessions", std::move(sessions)},        {"slow", std::move(slow)},
            {"host", figuresJson(evidence.host)},     {"pool", figuresJson(evidence.pool)},
            {"server", fields::text(evidence.server)}};
}

// The first rows of an array, each made by `make`.
template <class T, class Make>
std::vector<T> rowsOf(const json& object, const char* key, Make make)
{
    std::vector<T> rows;
    for (const json& one : fields::arrayOf(object, key)) {
        if (one.is_object() && rows.size() < kMaxRows) {
            rows.push_back(make(one));
        }
    }
    return rows;
}

Evidence::Session sessionOf(const json& s)
{
    Evidence::Session session{intOf(s, "pid"),
                              fields::textOf(s, "user"),
                              fields::textOf(s, "application"),
                              fields::textOf(s, "state"),
                              fields::textOf(s, "statement"),
                              {},
                              nanosOf(s, "inStateFor")};
    for (const json& pid : fields::arrayOf(s, "blockedBy")) {
        if (pid.is_number_integer() && session.blockedBy.size() < kMaxRows) {
            session.blockedBy.push_back(static_cast<int>(pid.get<std::int64_t>()));
        }
    }
    return session;
}

std::vector<Evidence::Figure> figuresOf(const json& object, const char* key)
{
    return rowsOf<Evidence::Figure>(object, key, [](const json& f) {
        return Evidence::Figure{fields::textOf(f, "name"), fields::numberOf(f, "value")};
    });
}

Evidence evidenceOf(const json& object)
{
    Evidence evidence;
    evidence.holders = rowsOf<Evidence::Holder>(object, "holders", [](const json& h) {
        const auto leaked = h.find("leaked");
        return Evidence::Holder{intOf(h, "slot", -1),
                                intOf(h, "pid"),
                                fields::textOf(h, "tag"),
                                fields::textOf(h, "site"),
                                fields::textOf(h, "statement"),
                                nanosOf(h, "heldFor"),
                                leaked != h.end() && leaked->is_boolean() && leaked->get<bool>(),
                                fields::textOf(h, "before")};
    });
    evidence.waiters = rowsOf<Evidence::Waiter>(object, "waiters", [](const json& w) {
        return Evidence::Waiter{fields::textOf(w, "tag"), fields::textOf(w, "site"), nanosOf(w, "waitedFor")};
    });
    evidence.sessions = rowsOf<Evidence::Session>(object, "sessions", sessionOf);
    evidence.slow = rowsOf<Evidence::Statement>(object, "slow", [](const json& s) {
        return Evidence::Statement{fields::textOf(s, "text"), fields::numberOf(s, "meanSeconds"),
                                   fields::numberOf(s, "calls")};
    });
    evidence.host = figuresOf(object, "host");
    evidence.pool = figuresOf(object, "pool");
    evidence.server = fields::textOf(object, "server");
    return evidence;
}

ResolveReason reasonOf(std::string_view text) noexcept
{
    return text == "rule_updated"    ? ResolveReason::RuleUpdated
           : text == "rule_disabled" ? ResolveReason::RuleDisabled
           : text == "rule_removed" ? ResolveReason::RuleRemoved
                                    : ResolveReason::Condition;
}

} // namespace

Severity severityNamed(std::string_view text) noexcept
{
    return text == "critical" ? Severity::Critical : text == "info" ? Severity::Info : Severity::Warning;
}

std::string incidentLine(const Incident& incident)
{
    json object{{"id", incident.id},
                {"rule", fields::text(incident.rule)},
                {"group", fields::text(incident.group)},
                {"labels", fields::labels(incident.labels)},
                {"severity", metrics::severityName(incident.severity)},
                {"summary", fields::text(incident.summary)},
                {"description", fields::text(incident.description)},
                {"activeSince", fields::time(incident.activeSince)},
                {"firedAt", fields::time(incident.firedAt)},
                {"resolvedAt", fields::time(incident.resolvedAt)},
                {"ackedAt", fields::time(incident.ackedAt)},
                {"ackedBy", fields::text(incident.ackedBy)},
                {"ackNote", fields::text(incident.ackNote)},
                {"lasted", nanos(incident.lasted)},
                {"value", fields::number(incident.value)},
                {"peak", fields::number(incident.peak)},
                {"unit", static_cast<int>(incident.unit)},
                {"op", incident.op},
                {"reason", metrics::resolveReasonName(incident.reason)},
                {"returns", incident.returns},
                {"evidence", evidenceJson(incident.evidence)}};
    for (const metrics::ResponseNote& note : incident.responses) {
        object["responses"].push_back({{"at", fields::time(note.at)}, {"text", fields::text(note.text)}});
    }
    if (incident.threshold) {
        object["threshold"] = fields::number(*incident.threshold);
    }
    return object.dump();
}

std::string transitionLine(const metrics::AlertTransition& transition)
{
    json object{{"at", fields::time(transition.at)},
                {"rule", fields::text(transition.rule)},
                {"group", fields::text(transition.group)},
                {"labels", fields::labels(transition.labels)},
                {"from", metrics::alertStateName(transition.from)},
                {"to", metrics::alertStateName(transition.to)},
                {"incident", transition.incidentId},
                {"value", fields::number(transition.value)},
                {"reason", fields::text(transition.reason)}};
    if (transition.threshold) {
        object["threshold"] = fields::number(*transition.threshold);
    }
    return object.dump();
}

core::Result<Incident> readIncident(std::string_view line)
{
    const json object = fields::parse(line, kMaxLine);
    Incident incident;
    incident.id = object.is_discarded() ? std::string() : fields::textOf(object, "id");
    if (incident.id.empty()) {
        return core::fail("no incident", "bad_incident");
    }
    incident.rule = fields::textOf(object, "rule");
    incident.group = fields::textOf(object, "group");
    incident.labels = fields::labelsOf(object, "labels");
    incident.severity = severityNamed(fields::textOf(object, "severity"));
    incident.summary = fields::textOf(object, "summary");
    incident.description = fields::textOf(object, "description");
    incident.activeSince = fields::timeOf(object, "activeSince");
    incident.firedAt = fields::timeOf(object, "firedAt");
    incident.resolvedAt = fields::timeOf(object, "resolvedAt");
    incident.ackedAt = fields::timeOf(object, "ackedAt");
    incident.ackedBy = fields::textOf(object, "ackedBy");
    incident.ackNote = fields::textOf(object, "ackNote");
    incident.lasted = nanosOf(object, "lasted");
    incident.value = fields::numberOf(object, "value");
    incident.peak = fields::numberOf(object, "peak");
    incident.unit = static_cast<core::Unit>(std::clamp(intOf(object, "unit"), 0, kUnits));
    if (object.contains("threshold")) {
        incident.threshold = fields::numberOf(object, "threshold");
    }
    incident.op = fields::textOf(object, "op");
    incident.reason = reasonOf(fields::textOf(object, "reason"));
    incident.returns = intOf(object, "returns");
    if (const auto evidence = object.find("evidence"); evidence != object.end()) {
        incident.evidence = evidenceOf(*evidence);
    }
    incident.responses = rowsOf<metrics::ResponseNote>(object, "responses", [](const json& note) {
        return metrics::ResponseNote{fields::timeOf(note, "at"), fields::textOf(note, "text")};
    });
    return incident;
}

} // namespace alert

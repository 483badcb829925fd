#include "monitor/alert/teller.h"

#include "monitor/metrics/fingerprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

namespace alert {

using metrics::AlertEvent;
using metrics::AlertRow;
using metrics::AlertState;
using metrics::AlertTold;

namespace {

// An end that stays muted for longer is of no interest to anybody.
constexpr core::Nanos kForgetAfter = std::chrono::hours(24);

AlertEvent eventOf(const Subject& subject, AlertTold told, int number, const Moment& now)
{
    const AlertRow& row = subject.row;
    AlertEvent event;
    event.id = fmt::format("{}-{}", row.incidentId, number);
    event.incidentId = row.incidentId;
    event.told = told;
    event.reason = subject.reason;
    event.rule = row.name;
    event.group = row.group;
    event.labels = row.labels;
    event.annotations = row.annotations;
    event.summary = row.summary;
    event.description = row.description;
    event.fingerprint = metrics::fingerprintOf(row.labels);
    event.severity = row.severity;
    event.value = row.value;
    event.unit = row.unit;
    event.threshold = row.threshold;
    event.op = row.op;
    event.expr = subject.expr;
    event.at = now.wall;
    event.startsAt = row.firedAt;
    event.endsAt = told == AlertTold::Resolved ? row.resolvedAt : core::WallTime{};
    event.lasted = row.firingFor;
    event.peak = row.peak;
    event.ackedBy = row.ackedBy;
    event.flapping = row.flapping;
    event.response = subject.response;
    return event;
}

// What is due about an incident now; nothing while it is muted.
std::optional<AlertTold> due(const Teller::Telling& telling, const Subject& subject, const Moment& now)
{
    if (subject.row.muted()) {
        return std::nullopt;
    }
    if (!metrics::isOpen(subject.row.state)) {
        return telling.told ? std::optional(AlertTold::Resolved) : std::nullopt;
    }
    if (subject.quiet) {
        return std::nullopt;
    }
    if (!telling.told) {
        return AlertTold::Fired;
    }
    if (subject.row.severity > telling.severity) {
        return AlertTold::SeverityRose;
    }
    const bool late =
        subject.repeatEvery.count() > 0 && now.steady - telling.at.steady >= subject.repeatEvery;
    return subject.row.ackedBy.empty() && (telling.owed || late) ? std::optional(AlertTold::Repeated)
                                                                 : std::nullopt;
}

} // namespace

void Teller::end(const AlertRow& row, metrics::ResolveReason reason)
{
    if (const auto at = m_tellings.find(row.incidentId); at != m_tellings.end()) {
        at->second.last.row = row;
        at->second.last.reason = reason;
    }
}

void Teller::addVanished(std::vector<Subject>& subjects, const Moment& now)
{
    std::set<std::string> present;
    for (const Subject& subject : subjects) {
        present.insert(subject.row.incidentId);
    }
    for (auto& [incident, telling] : m_tellings) {
        if (present.contains(incident)) {
            continue;
        }
        AlertRow& row = telling.last.row;
        if (metrics::isOpen(row.state)) {
            row.state = AlertState::Resolved;
            row.resolvedAt = now.wall;
            telling.last.reason = metrics::ResolveReason::RuleRemoved;
        }
        row.inhibited = false;
        row.snoozedUntil = {};
        row.silencedBy.clear();
        subjects.push_back(telling.last);
    }
}

std::vector<AlertEvent> Teller::step(const std::vector<Subject>& subjects, const Moment& now)
{
    std::vector<AlertEvent> events;
    for (const Subject& subject : subjects) {
        const bool open = metrics::isOpen(subject.row.state);
        auto at = m_tellings.find(subject.row.incidentId);
        if (at == m_tellings.end()) {
            if (!open) {
                continue; // told long ago
            }
            at = m_tellings.try_emplace(subject.row.incidentId).first;
        }
        Telling& telling = at->second;
        telling.last = subject;
        telling.closed = open || telling.closed != Moment{} ? telling.closed : now;
        if (const auto told = due(telling, subject, now)) {
            telling.at = now;
            telling.told = true;
            telling.owed = false;
            telling.severity = subject.row.severity;
            events.push_back(eventOf(subject, *told, ++telling.count, now));
        } else if (subject.row.snoozedUntil != core::WallTime{}) {
            telling.owed = telling.told;
        }
        telling.severity =
            std::min(telling.severity, subject.row.severity); // a fall is not told, a new rise is
        const bool over = !open && (!telling.told || !subject.row.muted() ||
                                    now.steady - telling.closed.steady >= kForgetAfter);
        if (over) {
            m_tellings.erase(at);
        }
    }
    return events;
}

} // namespace alert

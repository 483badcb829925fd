#include "monitor/alert/chronicle.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace alert {

using metrics::AlertRow;
using metrics::AlertState;
using metrics::Incident;

namespace {

constexpr auto kSessionsWithin = std::chrono::seconds(30);
constexpr std::size_t kMostNotes = 50;

// Among the names, which stand with commas between.
bool named(const std::string& names, const std::string& name)
{
    for (std::size_t at = names.find(name); at != std::string::npos; at = names.find(name, at + 1)) {
        const auto edge = [&](std::size_t i) { return i >= names.size() || names[i] == ',' || names[i] == ' '; };
        if ((at == 0 || edge(at - 1)) && edge(at + name.size())) {
            return true;
        }
    }
    return false;
}

} // namespace

metrics::ResolveReason reasonOf(Cause cause) noexcept
{
    return cause == Cause::RuleUpdated    ? metrics::ResolveReason::RuleUpdated
           : cause == Cause::RuleDisabled ? metrics::ResolveReason::RuleDisabled
           : cause == Cause::RuleRemoved ? metrics::ResolveReason::RuleRemoved
                                         : metrics::ResolveReason::Condition;
}

Chronicle::Chronicle(metrics::IncidentSink sink,
                     std::function<metrics::Evidence(const metrics::Snapshot&)> evidence)
    : m_sink(std::move(sink))
    , m_evidence(std::move(evidence))
{
}

void Chronicle::tell(const Incident& incident) const
{
    if (m_sink.incident) {
        m_sink.incident(incident);
    }
}

void Chronicle::write(const AlertRow& row, const Change& change, const Moment& now, std::string reason) const
{
    if (m_sink.transition) {
        m_sink.transition({now.wall, row.name, row.group, row.labels, change.from, change.to, row.incidentId,
                           row.value, row.threshold, std::move(reason)});
    }
}

void Chronicle::begin(const AlertRow& row, const metrics::Snapshot& snapshot)
{
    Incident incident;
    incident.id = row.incidentId;
    incident.rule = row.name;
    incident.group = row.group;
    incident.labels = row.labels;
    incident.severity = row.severity;
    incident.summary = row.summary;
    incident.description = row.description;
    incident.activeSince = row.activeSince;
    incident.firedAt = row.firedAt;
    incident.value = row.value;
    incident.peak = row.peak;
    incident.unit = row.unit;
    incident.threshold = row.threshold;
    incident.op = row.op;
    if (m_evidence) {
        incident.evidence = m_evidence(snapshot);
    }
    tell(incident);
    m_open[incident.id] = std::move(incident);
}

void Chronicle::changed(const Event& event, const metrics::Snapshot& snapshot, const Moment& now)
{
    const auto& [row, change] = event;
    write(row, change, now, causeName(change.cause));
    if (change.to == AlertState::Firing &&
        (change.cause == Cause::Condition || change.cause == Cause::TakenOver)) {
        begin(row, snapshot);
        return;
    }
    const auto at = m_open.find(row.incidentId);
    if (at == m_open.end()) {
        return;
    }
    Incident& incident = at->second;
    incident.severity = std::max(incident.severity, row.severity);
    incident.returns = row.returns;
    incident.peak = row.peak;
    incident.lasted = row.firingFor;
    if (change.to == AlertState::Resolved) {
        incident.resolvedAt = row.resolvedAt;
        incident.reason = reasonOf(change.cause);
        tell(incident);
        m_open.erase(at);
    } else {
        tell(incident);
    }
}

void Chronicle::attend(const std::vector<AlertRow>& rows, const Moment& now)
{
    for (const AlertRow& row : rows) {
        const auto at = metrics::isOpen(row.state) ? m_open.find(row.incidentId) : m_open.end();
        if (at == m_open.end() || (at->second.ackedBy == row.ackedBy && at->second.ackNote == row.ackNote)) {
            continue;
        }
        Incident& incident = at->second;
        const Change same{row.labels, row.state, row.state};
        write(row, same, now,
              row.ackedBy.empty() ? "acknowledgement ended"
                                  : fmt::format("acked by {}: {}", row.ackedBy, row.ackNote));
        incident.ackedBy = row.ackedBy;
        incident.ackNote = row.ackNote;
        if (incident.ackedAt == core::WallTime{}) {
            incident.ackedAt = row.ackedAt;
        }
        tell(incident);
    }
}

void Chronicle::add(const Seen& seen, const Moment& now)
{
    for (auto& [id, incident] : m_open) {
        bool changed = false;
        if (!seen.sessions.empty() && incident.evidence.sessions.empty() &&
            now.wall - incident.firedAt <= kSessionsWithin) {
            incident.evidence.sessions = seen.sessions;
            changed = true;
        }
        if (seen.responses != nullptr && addResponses(incident, *seen.responses)) {
            changed = true;
        }
        if (changed) {
            tell(incident);
        }
    }
    std::erase_if(m_answered, [this](const std::string& id) { return !m_open.contains(id); });
}

// Who is answered once is answered until the end: also the steps back are its own.
bool Chronicle::addResponses(Incident& incident, const metrics::ResponseView& responses)
{
    if (named(responses.degrade.why, incident.rule) || named(responses.scale.why, incident.rule)) {
        m_answered.insert(incident.id);
    }
    if (!m_answered.contains(incident.id)) {
        return false;
    }
    const std::size_t before = incident.responses.size();
    for (auto note = responses.log.rbegin(); note != responses.log.rend(); ++note) { // the oldest first
        const bool known = std::find(incident.responses.begin(), incident.responses.end(), *note) != incident.responses.end();
        if (note->at >= incident.firedAt && !known && incident.responses.size() < kMostNotes) {
            incident.responses.push_back(*note);
        }
    }
    return incident.responses.size() > before;
}

void Chronicle::restore(std::vector<Incident> open)
{
    for (Incident& incident : open) {
        m_open[incident.id] = std::move(incident);
    }
}

} // namespace alert

#include "monitor/alert/chronicle.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace alert {

using metrics::AlertRow;
using metrics::AlertState;
using metrics::Incident;

metrics::ResolveReason reasonOf(Cause cause) noexcept
{
    return cause == Cause::RuleUpdated   ? metrics::ResolveReason::RuleUpdated
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
    if (change.to == AlertState::Firing && change.cause == Cause::Condition) {
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

void Chronicle::restore(std::vector<Incident> open)
{
    for (Incident& incident : open) {
        m_open[incident.id] = std::move(incident);
    }
}

} // namespace alert

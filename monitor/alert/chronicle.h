// Writes down what happens: every change of every alert, and each incident from its beginning to its end.
#pragma once

#include "monitor/alert/rule_state.h"
#include "monitor/metrics/incident.h"
#include "monitor/metrics/snapshot.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace alert {

// One change, with the alert as it is after it.
struct Event {
    metrics::AlertRow row;
    Change change;
};

// What comes to light only after an alert fired.
struct Seen {
    std::vector<metrics::Evidence::Session> sessions; // empty: nothing new
    const metrics::ResponseView* responses = nullptr;
};

// Not thread-safe: the evaluating thread's.
class Chronicle {
public:
    // `evidence` is asked once an incident, at the moment it begins.
    Chronicle(metrics::IncidentSink sink,
              std::function<metrics::Evidence(const metrics::Snapshot&)> evidence);

    void changed(const Event& event, const metrics::Snapshot& snapshot, const Moment& now);
    // Acknowledgements that came, went or were broken since.
    void attend(const std::vector<metrics::AlertRow>& rows, const Moment& now);

    // What was found out since. Sessions go to incidents that have none and fired at most half a minute ago; what
    // responses did goes to those they did it for.
    void add(const Seen& seen, const Moment& now);

    [[nodiscard]] const std::map<std::string, metrics::Incident>& open() const noexcept { return m_open; }
    void restore(std::vector<metrics::Incident> open);

private:
    void begin(const metrics::AlertRow& row, const metrics::Snapshot& snapshot);
    void tell(const metrics::Incident& incident) const;
    void write(const metrics::AlertRow& row, const Change& change, const Moment& now,
               std::string reason) const;

    const metrics::IncidentSink m_sink;
    const std::function<metrics::Evidence(const metrics::Snapshot&)> m_evidence;
    [[nodiscard]] bool addResponses(metrics::Incident& incident, const metrics::ResponseView& responses);

    std::map<std::string, metrics::Incident> m_open; // by id
    std::set<std::string> m_answered;                // those that responses have named, by id
};

[[nodiscard]] metrics::ResolveReason reasonOf(Cause cause) noexcept;

} // namespace alert

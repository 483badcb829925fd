// Decides what people are told: each incident's beginning and end once, a rise of its severity at once, a
// reminder now and then; nothing while it is silenced, snoozed or inhibited.
#pragma once

#include "monitor/alert/rule_state.h"
#include "monitor/core/clock.h"
#include "monitor/metrics/alert_event.h"
#include "monitor/metrics/alert_rows.h"

#include <map>
#include <string>
#include <vector>

namespace alert {

// An alert that has fired, with all flags, and what its rule says about telling.
struct Subject {
    metrics::AlertRow row;
    std::string expr;
    std::string response;
    core::Nanos repeatEvery{0}; // 0 = never
    metrics::ResolveReason reason = metrics::ResolveReason::Condition;
    bool quiet = false; // another tells of it: here only the end of what was told
};

// Not thread-safe. What is muted when it happens is told when that ends, if it is still open; an end is only
// told of what was told to have begun. Of what another tells (Subject::quiet) nothing is told but that.
class Teller {
public:
    struct Telling {
        Subject last;
        bool told = false;                                    // Fired
        bool owed = false;                                    // was snoozed: a reminder is due when that ends
        metrics::Severity severity = metrics::Severity::Info; // last told
        int count = 0;                                        // events so far
        Moment at = {};                                       // of the last one
        Moment closed = {};                                   // when it was over; the epoch while it is open
    };

    // The alert ended for this reason, not because its condition did.
    void end(const metrics::AlertRow& row, metrics::ResolveReason reason);
    // Of incidents that were told and whose alert is not among these any more (their rule is gone): appended
    // as resolved.
    void addVanished(std::vector<Subject>& subjects, const Moment& now);
    // One evaluation; `subjects` are all that fire or have been resolved. Gives what is to be told, in their
    // order.
    [[nodiscard]] std::vector<metrics::AlertEvent> step(const std::vector<Subject>& subjects,
                                                        const Moment& now);

    [[nodiscard]] const std::map<std::string, Telling>& tellings() const noexcept { return m_tellings; }
    void restore(std::map<std::string, Telling> tellings) { m_tellings = std::move(tellings); }

private:
    std::map<std::string, Telling> m_tellings; // by incident
};

} // namespace alert

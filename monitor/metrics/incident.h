// An incident: one alert from the moment it fired to its end, with what was seen when it fired. And every
// change of an alert's state, for the history. Plain values.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/alert_event.h"
#include "monitor/metrics/response_rows.h"

#include <functional>
#include <string>
#include <vector>

namespace metrics {

// What was seen at the moment an alert fired. Texts have no literals of statements in them.
struct Evidence {
    struct Holder {
        int slot = -1;
        int pid = 0;
        std::string tag;       // who borrowed the connection
        std::string site;      // file:line of the borrower
        std::string statement; // normalised; empty between statements
        core::Nanos heldFor{0};
        bool leaked = false;
        std::string before = {}; // the statement that ended last, where none is running
        friend bool operator==(const Holder&, const Holder&) = default;
    };
    struct Waiter {
        std::string tag;
        std::string site;
        core::Nanos waitedFor{0};
        friend bool operator==(const Waiter&, const Waiter&) = default;
    };
    // A session of the server that stands in others' way, or is one of ours that stands behind it.
    struct Session {
        int pid = 0;
        std::string user;
        std::string application;
        std::string state;
        std::string statement;
        std::vector<int> blockedBy;
        core::Nanos inStateFor{0};
        friend bool operator==(const Session&, const Session&) = default;
    };
    struct Statement {
        std::string text;
        double meanSeconds = 0;
        double calls = 0;
        friend bool operator==(const Statement&, const Statement&) = default;
    };
    struct Figure {
        std::string name; // of the metric, with its labels
        double value = 0;
        friend bool operator==(const Figure&, const Figure&) = default;
    };

    std::vector<Holder> holders;   // longest first, at most 50
    std::vector<Waiter> waiters;   // longest first, at most 50
    std::vector<Session> sessions; // blocking ones first, at most 50; empty when not known
    std::vector<Statement> slow;   // slowest first, at most 20
    std::vector<Figure> host;      // usage ratios and load
    std::vector<Figure> pool;      // size, taken, idle, waiters
    std::string server;            // "up", "down: connection refused"

    friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct Incident {
    std::string id;
    std::string rule;
    std::string group;
    Labels labels;
    Severity severity = Severity::Warning; // the highest it reached
    std::string summary;
    std::string description;
    core::WallTime activeSince = {}; // the condition began to hold
    core::WallTime firedAt = {};
    core::WallTime resolvedAt = {}; // the epoch while it is open
    core::WallTime ackedAt = {};    // the epoch while nobody has; the first acknowledgement stays
    std::string ackedBy;
    std::string ackNote;
    core::Nanos lasted{
        0}; // firing, by the steady clock (of those that lived through a restart: by the wall clock)
    double value = 0; // when it fired
    double peak = 0;
    core::Unit unit = core::Unit::None;
    std::optional<double> threshold;
    std::string op;
    ResolveReason reason = ResolveReason::Condition;
    int returns = 0; // how often it came back while recovering
    Evidence evidence;
    std::vector<ResponseNote> responses; // what automatic responses did because of it, oldest first, at most 50

    [[nodiscard]] bool open() const noexcept { return resolvedAt == core::WallTime{}; }
    friend bool operator==(const Incident&, const Incident&) = default;
};

// One change of one alert, in the order in which they happened.
struct AlertTransition {
    core::WallTime at = {};
    std::string rule;
    std::string group;
    Labels labels;
    AlertState from = AlertState::Inactive;
    AlertState to = AlertState::Inactive;
    std::string incidentId; // empty before it fired
    double value = 0;
    std::optional<double> threshold;
    std::string
        reason; // "condition", "pending cancelled", "rule_updated", "acked by ann: on it", "no data" …

    friend bool operator==(const AlertTransition&, const AlertTransition&) = default;
};

// Where incidents and transitions go to be kept. Called on the evaluating thread; must not block.
struct IncidentSink {
    std::function<void(const Incident&)> incident = {}; // opened or changed: replaces what has the same id
    std::function<void(const AlertTransition&)> transition = {};
};

struct IncidentFilter {
    enum class Phase { Any, Open, Over };
    std::string text; // in rule, summary, description, labels or note; any case
    std::string rule; // exactly this one; empty: any
    std::optional<Severity> severity;
    Phase phase = Phase::Any;
    core::WallTime from = {}; // fired at or after
    core::WallTime to = core::WallTime::max();
    std::size_t limit = 500; // newest first
};

// Whether it passes everything but the limit.
[[nodiscard]] bool matches(const Incident& incident, const IncidentFilter& filter);

// The way back, for the window's history. Thread-safe.
using IncidentReader = std::function<std::vector<Incident>(const IncidentFilter&)>;

} // namespace metrics

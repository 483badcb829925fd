// What a Prometheus-compatible server watches itself: its rules, its alerts, its targets. Plain values.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/alert_rows.h"
#include "monitor/metrics/metric_def.h"

#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace metrics {

struct RemoteRule {
    std::string server; // name of the one that was asked, as of the next two
    std::string group;
    std::string file;
    std::string name;
    int number = 1; // among those of its name in the group, from 1
    std::string expression;
    bool recording = false;
    AlertState state = AlertState::Inactive; // of alerting rules: inactive, pending or firing
    std::string health;                      // its own word: "ok", "err", "unknown" (not evaluated yet)
    std::string lastError;                   // one line
    core::Nanos holdFor{0};
    core::Nanos interval{0};       // of its group
    core::WallTime evaluated = {}; // by the server's clock; the epoch: never
    core::Nanos took{0};           // of that evaluation
    Labels labels;                 // as written
    int pending = 0, firing = 0;   // its alerts

    friend bool operator==(const RemoteRule&, const RemoteRule&) = default;
};

struct RemoteAlert {
    std::string server;
    std::string group;
    std::string name; // alertname
    Labels labels;    // alertname among them, sorted
    std::map<std::string, std::string> annotations;
    AlertState state = AlertState::Firing; // or pending
    Severity severity = Severity::Warning; // of the label; Warning without one
    core::WallTime activeAt = {};          // by the server's clock
    double value = std::numeric_limits<double>::quiet_NaN();

    friend bool operator==(const RemoteAlert&, const RemoteAlert&) = default;
};

struct RemoteTarget {
    std::string server;
    std::string scrapePool; // of its configuration: the job's name
    std::string job;
    std::string instance;
    Labels labels;
    std::string url;
    std::string health;          // its own word: "up", "down", "unknown" (not scraped yet)
    std::string lastError;       // one line
    core::WallTime scraped = {}; // by the server's clock; the epoch: never
    core::Nanos took{0};         // of that scrape
    core::Nanos interval{0};

    friend bool operator==(const RemoteTarget&, const RemoteTarget&) = default;
};

// One server, as it was found by the last look at it.
struct RemoteServer {
    enum class State { Unknown, Up, Away };

    std::string name;
    std::string url;
    State state = State::Unknown;
    std::string error;         // why it is away; one line without credentials
    core::WallTime since = {}; // of the state
    core::WallTime heard = {}; // its last answer; the epoch: never. What follows is of then
    std::vector<RemoteRule> rules;
    std::vector<RemoteAlert> alerts;
    std::vector<RemoteTarget> targets;
    std::string rulesNote;   // why it tells no rules though it answers; empty: it does
    std::string targetsNote; // the same of targets
    Labels match;            // of what is this console's there; alerts where one says something else are others'
    core::Nanos takeOver{0}; // how long rules of its may be unwatched before they are ours; 0: for ever

    friend bool operator==(const RemoteServer&, const RemoteServer&) = default;
};

// As configured. A server that was not asked again since is the same object.
using RemoteView = std::vector<std::shared_ptr<const RemoteServer>>;

} // namespace metrics

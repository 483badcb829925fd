// Alerts and rules as people look at them: plain values.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/metric_def.h"

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace metrics {

struct RuleDraft;

enum class Severity { Info, Warning, Critical };
// Recovering: the condition no longer holds, keep_firing_for is counting; for Prometheus it still fires.
enum class AlertState { Inactive, Pending, Firing, Recovering, Resolved };
// What lies over the state while it cannot be known; it neither ends nor begins an alert.
enum class Overlay { None, NoData, Error };

// "inactive", "pending", "firing", "recovering", "resolved": never translated.
[[nodiscard]] const char* alertStateName(AlertState state) noexcept;
// As Prometheus knows them: recovering is "firing", resolved is "inactive".
[[nodiscard]] const char* prometheusStateName(AlertState state) noexcept;
// Firing or recovering: one incident.
[[nodiscard]] constexpr bool isOpen(AlertState state) noexcept
{
    return state == AlertState::Firing || state == AlertState::Recovering;
}
// "", "no_data", "error".
[[nodiscard]] const char* overlayName(Overlay overlay) noexcept;
[[nodiscard]] const char* severityName(Severity severity) noexcept;

// Whose word counts about a rule. Local: it is evaluated and told here. Prometheus: the rule of its name at a
// server counts, and nobody is told from here while that server watches it. Shadow: it is evaluated here and
// compared with the server's, and nobody is ever told.
enum class RuleOwner { Local, Prometheus, Shadow };
// "local", "prometheus", "shadow": never translated.
[[nodiscard]] const char* ruleOwnerName(RuleOwner owner) noexcept;
[[nodiscard]] std::optional<RuleOwner> ruleOwnerNamed(std::string_view name) noexcept;

// An alert that fires at one side only.
struct RuleDifference {
    Labels labels;
    bool here = false; // it fires here and not there
    core::WallTime since = {};

    friend bool operator==(const RuleDifference&, const RuleDifference&) = default;
};

// How a rule stands between us and the servers that have one of its name.
struct RuleStanding {
    // Whose word counts now. Nobody: another owns it and cannot be seen to watch it. TakenOver: for so long
    // that it is told here.
    enum class Watch { Here, There, Nobody, TakenOver };

    Watch watch = Watch::Here;
    core::WallTime since = {};  // of that, where another owns it; the epoch: not known
    std::string server;         // that has it, or could not be asked; empty: none is known to
    std::string reason;         // of Nobody and TakenOver; one line
    core::Nanos takesOverIn{0}; // of Nobody; 0: never
    bool known = false;         // the server has a rule of this name, as it was last heard
    AlertState there = AlertState::Inactive; // the worst of that rule's alerts
    std::vector<RuleDifference> differences; // of shadows, while both sides are known

    friend bool operator==(const RuleStanding&, const RuleStanding&) = default;
};

// One alert instance: a rule and one set of labels.
struct AlertRow {
    std::string name;
    Labels labels; // with alertname and severity
    AlertState state = AlertState::Inactive;
    Severity severity = Severity::Warning;
    double value = std::numeric_limits<double>::quiet_NaN();
    std::optional<double> threshold; // when the expression is a comparison with a number
    std::string op;                  // ">", "==" …
    core::Unit unit = core::Unit::None;
    core::WallTime activeSince = {};
    core::WallTime firedAt = {};
    core::WallTime resolvedAt = {};
    core::Nanos activeFor{0};
    core::Nanos firingFor{0}; // since it fired, by the steady clock
    core::Nanos firesIn{0}; // pending: what is left of `for`
    bool inhibited = false; // a stronger alert of the same pool speaks for it
    std::string inhibitedBy;
    std::string summary;     // in the chosen language
    std::string description; // in the chosen language
    std::map<std::string, std::string> annotations; // all of them, rendered
    std::string group;
    Overlay overlay = Overlay::None;
    core::Nanos resolvesIn{0};                              // recovering: what is left of keep_firing_for
    std::string incidentId;                                 // empty before it fired
    double peak = std::numeric_limits<double>::quiet_NaN(); // the worst value since it began
    int returns = 0;                                        // from recovering to firing
    std::string ackedBy;                                    // empty: nobody has
    std::string ackNote;
    core::WallTime ackedAt = {};
    core::WallTime snoozedUntil = {};    // the epoch: not snoozed
    std::vector<std::string> silencedBy; // ids of silences
    bool flapping = false;               // four transitions or more in ten minutes
    RuleOwner owner = RuleOwner::Local;  // of its rule
    bool quiet = false;                  // nobody is told of it from here but of the end of what was told
    std::string source;                  // the server that says so; empty: it is seen here
    std::string lastSilence;             // comment of the silence that hid it last and is over; empty: none

    // Nobody is told about it now.
    [[nodiscard]] bool muted() const noexcept
    {
        return inhibited || !silencedBy.empty() || snoozedUntil != core::WallTime{};
    }
    friend bool operator==(const AlertRow&, const AlertRow&) = default;
};

struct RuleRow {
    std::string group;
    std::string name;
    std::string expr;
    std::string file;
    core::Nanos holdFor{0}; // `for`
    Severity severity = Severity::Warning;
    std::string metric; // of the selector left of the comparison; empty when there is none
    std::optional<double> threshold;
    std::string op;
    double value = std::numeric_limits<double>::quiet_NaN(); // of the left side now
    core::Unit unit = core::Unit::None;
    std::string error;                       // of the last evaluation; empty when well
    AlertState state = AlertState::Inactive; // the worst of its instances
    Overlay overlay = Overlay::None;
    core::Nanos keepFiringFor{0};
    core::Nanos interval{0};        // of its group; 0 = every tick
    core::Nanos firesIn{0};         // pending: of the instance nearest to firing
    std::string clear;              // "< 0.7": poolscope_clear
    std::string critical;           // "> 0.9": poolscope_critical
    std::string response;           // poolscope_response
    Labels labels;                  // as written
    std::vector<std::string> notes; // annotations of Poolscope's that cannot be used, and why
    int number = 1;                 // among those of its name in the group, from 1
    bool own = false;               // the user's, in the file the editor writes
    bool disabled = false;          // not evaluated
    RuleOwner owner = RuleOwner::Local;
    RuleStanding standing;          // between us and servers
    double scale = 1;               // the number in the expression = threshold * scale
    std::shared_ptr<const RuleDraft> draft;   // as it is written; nullptr of rows not made by the rule engine
    std::shared_ptr<const RuleDraft> shipped; // as its file has it, while changes of the user's are in force

    friend bool operator==(const RuleRow&, const RuleRow&) = default;
};

} // namespace metrics

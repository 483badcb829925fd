// What the rules have to tell people: one value an event, for whoever carries it on (mail, chat, desktop,
// Alertmanager).
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/units.h"
#include "monitor/metrics/alert_rows.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace metrics {

// Fired and Resolved come in pairs, in this order; between them any number of the others. An event is told
// once: what is silenced, snoozed or inhibited when it happens is told when that ends, if the incident is
// still open then.
enum class AlertTold {
    Fired,
    SeverityRose, // of an incident that was told before; breaks its acknowledgement
    Resolved,
    Repeated, // still firing, not acknowledged, and the last word about it is older than the rule's repeat
              // interval
};

// "fired", "severity_rose", "resolved", "repeated": never translated.
[[nodiscard]] const char* alertToldName(AlertTold told) noexcept;

// Why a resolved one is over, beside that its condition no longer holds.
enum class ResolveReason { Condition, RuleUpdated, RuleDisabled, RuleRemoved };
[[nodiscard]] const char* resolveReasonName(ResolveReason reason) noexcept;

struct AlertEvent {
    std::string
        id; // unique for ever, the same again after a restart: what was sent already can be told by it
    std::string incidentId; // the same from Fired to Resolved
    AlertTold told = AlertTold::Fired;
    ResolveReason reason = ResolveReason::Condition; // of Resolved
    std::string rule;                                // name of the alert
    std::string group;
    Labels labels;                                  // identity: with alertname, sorted
    std::map<std::string, std::string> annotations; // rendered; summary_en and poolscope_* among them
    std::string summary;                            // in the chosen language
    std::string description;                        // in the chosen language
    std::uint64_t fingerprint = 0;                  // of the labels, as Alertmanager computes it
    Severity severity = Severity::Warning;          // now; may be above the label's (poolscope_critical)
    double value = 0;                               // of the expression, newest
    core::Unit unit = core::Unit::None;
    std::optional<double> threshold; // when the expression is a comparison with a number
    std::string op;
    std::string expr;             // of the rule, for generatorURL
    core::WallTime at = {};       // of this event
    core::WallTime startsAt = {}; // when it began to fire
    core::WallTime endsAt = {};   // of Resolved; else the epoch
    core::Nanos lasted{0};        // firing so far, by the steady clock
    double peak = 0;              // the worst value since it fired
    std::string ackedBy;          // empty: nobody has
    bool flapping = false;        // four transitions or more in ten minutes: fit for a digest
    std::string response;         // name of the response the rule asks for; empty: none

    friend bool operator==(const AlertEvent&, const AlertEvent&) = default;
};

// Called on the evaluating thread; must not block (the engine's puts the event on a bounded queue).
using AlertEventSink = std::function<void(const AlertEvent&)>;

} // namespace metrics

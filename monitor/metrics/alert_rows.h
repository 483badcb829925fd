// Alerts and rules as people look at them: plain values.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/metric_def.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace metrics {

enum class Severity { Info, Warning, Critical };
enum class AlertState { Inactive, Pending, Firing, Resolved };

// "inactive", "pending", "firing", "resolved": Prometheus' words, never translated.
[[nodiscard]] const char* alertStateName(AlertState state) noexcept;
[[nodiscard]] const char* severityName(Severity severity) noexcept;

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
    core::Nanos firesIn{0}; // pending: what is left of `for`
    bool inhibited = false; // a stronger alert of the same pool speaks for it
    std::string inhibitedBy;
    std::string summary;     // in the chosen language
    std::string description; // in the chosen language

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
    std::string error; // of the last evaluation; empty when well
    AlertState state = AlertState::Inactive; // the worst of its instances

    friend bool operator==(const RuleRow&, const RuleRow&) = default;
};

} // namespace metrics

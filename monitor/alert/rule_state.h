// The life of alerts: inactive, pending, firing, resolved. A pure function of what was and what is.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/alert_rows.h"

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace alert {

// Both clocks at one evaluation: durations come from `steady`, what is shown from `wall`.
struct Moment {
    core::WallTime wall = {};
    core::SteadyTime steady = {};
};

// One result of the rule's expression, with the alert's final labels.
struct Observation {
    metrics::Labels labels;
    double value = 0;
    std::map<std::string, std::string> annotations = {};
};

struct Instance {
    metrics::AlertState state = metrics::AlertState::Pending; // Resolved after it has fired
    double value = 0;
    std::map<std::string, std::string> annotations;
    Moment active; // since when the condition holds
    std::optional<Moment> fired;
    std::optional<Moment> resolved;
    std::optional<Moment> quietSince; // keep_firing_for is counting
};

using Instances = std::map<metrics::Labels, Instance>;

struct HoldTimes {
    core::Nanos holdFor{0};
    core::Nanos keepFiringFor{0};
};

struct Change {
    metrics::Labels labels;
    metrics::AlertState from = metrics::AlertState::Inactive;
    metrics::AlertState to = metrics::AlertState::Inactive;
};

struct Advanced {
    Instances instances;
    std::vector<Change> changes;
};

// How long a resolved alert is still shown; Prometheus' resolvedRetention.
inline constexpr core::Nanos kResolvedRetention = std::chrono::minutes(15);

// One evaluation, exactly as Prometheus' AlertingRule.Eval: firing begins at the first evaluation at or after
// active + for; a dip starts `for` anew; an alert that fired stays as resolved for 15 minutes.
[[nodiscard]] Advanced advance(const Instances& previous, std::span<const Observation> observations,
                               const HoldTimes& hold, const Moment& now);

} // namespace alert

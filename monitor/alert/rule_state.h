// The life of alerts: inactive, pending, firing, recovering, resolved. A function of what was and what is; no
// clock, no clue of who is told.
#pragma once

#include "monitor/alert/rule_extras.h"
#include "monitor/core/clock.h"
#include "monitor/metrics/alert_rows.h"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace alert {

// Both clocks at one evaluation: durations come from `steady`, what is shown from `wall`.
struct Moment {
    core::WallTime wall = {};
    core::SteadyTime steady = {};

    friend bool operator==(const Moment&, const Moment&) = default;
};

// Where a value stands between a level and its clear level. Without a clear level nothing is ever Held.
enum class Reach { Clear, Held, Raised };

// One result of the rule's expression, with the alert's final labels.
struct Observation {
    metrics::Labels labels;
    double value = 0;
    std::map<std::string, std::string> annotations = {};
    Reach reach = Reach::Raised;                             // Raised or Held: what is clear is not observed
    Reach critical = Reach::Clear;                           // of poolscope_critical
    metrics::Severity severity = metrics::Severity::Warning; // the label's
    metrics::Labels source = {}; // the series it comes from; only with Findings::sources
};

enum class Data { There, Missing, Failed };

// What one evaluation found.
struct Findings {
    Data data = Data::There; // Missing: none of the rule's series has samples; Failed: no result
    std::vector<Observation> observations = {};
    // Of all series that have samples, when the rule minds missing ones; nullopt: what is not observed is
    // clear.
    std::optional<std::set<metrics::Labels>> sources = {};
};

// How long, and how often, data has been missing or the expression failing.
struct Outage {
    int ticks = 0;
    std::optional<Moment> since;
    metrics::Overlay shown = metrics::Overlay::None; // after the ticks and `for`
};

// Until when what is not seen does not end a restored alert: the history does not reach back yet.
struct Grace {
    core::SteadyTime shortHistory; // the condition seems not to hold
    core::SteadyTime noData;       // the rule has no data at all
};

struct Instance {
    metrics::AlertState state = metrics::AlertState::Pending; // Resolved after it has fired
    metrics::Severity severity = metrics::Severity::Warning;  // now: the label's, or risen
    double value = 0;
    double peak = 0; // the worst since it began
    std::map<std::string, std::string> annotations;
    metrics::Labels source;
    Moment active; // since when the condition holds
    std::optional<Moment> fired;
    std::optional<Moment> resolved;
    std::optional<Moment> quietSince;    // keep_firing_for is counting
    std::optional<Moment> criticalSince; // poolscope_critical is reached
    Outage outage;
    int returns = 0;      // from recovering to firing
    std::string incident; // its id, once it fired; the owner's
    // Of those restored after a restart; gone with the first evaluation in which the condition holds.
    std::optional<Grace> grace;

    [[nodiscard]] bool alive() const noexcept { return state != metrics::AlertState::Resolved; }
    [[nodiscard]] bool open() const noexcept
    {
        return state == metrics::AlertState::Firing || state == metrics::AlertState::Recovering;
    }
};

using Instances = std::map<metrics::Labels, Instance>;

enum class Worse { Higher, Lower };

// What the rule says about time and about trouble.
struct Terms {
    core::Nanos holdFor{0};
    core::Nanos keepFiringFor{0};
    NoDataPolicy noData = NoDataPolicy::Prometheus;
    int noDataTicks = 3;
    Worse worse = Worse::Higher; // which value is the peak
};

// Why something changed.
enum class Cause {
    Condition,
    Cancelled, // pending, and no longer true
    Returned,  // from recovering to firing
    SeverityRose,
    SeverityFell,
    NoData, // the overlays come and go; `from` and `to` are the same state
    Error,
    DataBack,
    RuleUpdated,
    RuleDisabled,
    RuleRemoved,
    LimitExceeded,
    TakenOver // it fires already, and is ours to tell from now on
};

// "condition", "pending_cancelled", "returned" …: for logs and files, never translated.
[[nodiscard]] const char* causeName(Cause cause) noexcept;

struct Change {
    metrics::Labels labels;
    metrics::AlertState from = metrics::AlertState::Inactive;
    metrics::AlertState to = metrics::AlertState::Inactive;
    Cause cause = Cause::Condition;
};

// How long a resolved alert is still shown; Prometheus' resolvedRetention.
inline constexpr core::Nanos kResolvedRetention = std::chrono::minutes(15);

// One evaluation. Without a clear level and a no-data policy exactly Prometheus' AlertingRule.Eval: firing
// begins at the first evaluation at or after active + for; a dip starts `for` anew; an alert that fired stays
// as resolved for 15 minutes. An evaluation that failed leaves every state as it is. Gives what changed.
[[nodiscard]] std::vector<Change> advance(Instances& instances, const Findings& findings, const Terms& terms,
                                          const Moment& now);
// Counts one evaluation with or without data; true when what is shown changed.
bool follow(Outage& outage, Data data, const Terms& terms, const Moment& now);
// Ends everything: pending ones are gone, firing ones resolved for this cause.
[[nodiscard]] std::vector<Change> endAll(Instances& instances, Cause cause, const Moment& now);

} // namespace alert

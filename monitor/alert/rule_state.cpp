#include "monitor/alert/rule_state.h"

#include <algorithm>

namespace alert {

using metrics::AlertState;
using metrics::Overlay;
using metrics::Severity;

namespace {

// Only what fires is held between the levels: a pending alert is over there, a recovering one goes on
// recovering.
bool holds(const Instance& instance, const Observation& observation)
{
    return observation.reach == Reach::Raised ||
           (instance.state == AlertState::Firing && observation.reach == Reach::Held);
}

bool isMissing(const Instance& instance, const Findings& findings)
{
    return findings.data == Data::Missing ||
           (findings.sources && !findings.sources->contains(instance.source));
}

// One instance during one evaluation.
class Step {
public:
    Step(const Terms& terms, const Moment& now, std::vector<Change>& changes)
        : m_terms(terms)
        , m_now(now)
        , m_changes(changes)
    {
    }

    // False when the instance is to be forgotten. `seen`: what was observed of it; null when nothing was.
    bool take(const metrics::Labels& labels, Instance& instance, const Findings& findings,
              const Observation* seen)
    {
        if (findings.data == Data::Failed) {
            failed(labels, instance);
            return true;
        }
        const bool graced = inGrace(instance, findings.data);
        if (seen != nullptr && (holds(instance, *seen) || graced)) {
            if (instance.alive()) {
                observed(labels, instance, *seen);
            } else {
                begun(labels, instance, *seen);
            }
            return true;
        }
        if (graced) {
            return true;
        }
        const bool gone =
            m_terms.noData != NoDataPolicy::Prometheus && seen == nullptr && isMissing(instance, findings);
        return gone ? missing(labels, instance) : clear(labels, instance);
    }

    // A condition that holds for the first time, or again after the alert was resolved.
    void begun(const metrics::Labels& labels, Instance& instance, const Observation& observation)
    {
        const AlertState from = instance.resolved ? AlertState::Resolved : AlertState::Inactive;
        instance = Instance{};
        instance.active = m_now;
        instance.severity = observation.severity;
        instance.peak = observation.value;
        record(instance, observation);
        rise(instance, observation);
        if (m_terms.holdFor.count() > 0) {
            change(labels, from, AlertState::Pending, Cause::Condition);
        } else {
            fire(labels, instance, from);
        }
    }

private:
    void observed(const metrics::Labels& labels, Instance& instance, const Observation& observation)
    {
        const Severity before = instance.severity;
        record(instance, observation);
        rise(instance, observation);
        outage(labels, instance, Data::There);
        if (instance.state == AlertState::Pending) {
            if (observation.reach == Reach::Raised &&
                m_now.steady - instance.active.steady >= m_terms.holdFor) {
                fire(labels, instance, AlertState::Pending);
            }
            return;
        }
        if (observation.reach == Reach::Raised && instance.state == AlertState::Recovering) {
            instance.state = AlertState::Firing;
            instance.quietSince.reset();
            ++instance.returns;
            change(labels, AlertState::Recovering, AlertState::Firing, Cause::Returned);
        }
        if (instance.severity != before) {
            change(labels, instance.state, instance.state,
                   instance.severity > before ? Cause::SeverityRose : Cause::SeverityFell);
        }
    }

    // The condition does not hold (any more). False when the instance is to be forgotten.
    bool clear(const metrics::Labels& labels, Instance& instance)
    {
        if (instance.alive()) {
            instance.criticalSince.reset();
            outage(labels, instance, Data::There);
        }
        return quiet(labels, instance);
    }

    // Its series has no samples. False when the instance is to be forgotten.
    bool missing(const metrics::Labels& labels, Instance& instance)
    {
        if (!instance.alive()) {
            return quiet(labels, instance);
        }
        outage(labels, instance, Data::Missing);
        const bool counts = m_terms.noData == NoDataPolicy::Ok && instance.outage.shown == Overlay::NoData;
        return counts ? quiet(labels, instance) : true;
    }

    void failed(const metrics::Labels& labels, Instance& instance)
    {
        if (instance.alive()) {
            outage(labels, instance, Data::Failed);
        }
    }

    [[nodiscard]] bool inGrace(const Instance& instance, Data data) const
    {
        return instance.alive() && instance.grace &&
               (m_now.steady < instance.grace->shortHistory ||
                (data == Data::Missing && m_now.steady < instance.grace->noData));
    }

    void change(const metrics::Labels& labels, AlertState from, AlertState to, Cause cause)
    {
        m_changes.push_back({labels, from, to, cause});
    }

    void record(Instance& instance, const Observation& observation) const
    {
        const bool worse = m_terms.worse == Worse::Higher ? observation.value > instance.peak
                                                          : observation.value < instance.peak;
        instance.peak = worse ? observation.value : instance.peak;
        instance.value = observation.value;
        instance.annotations = observation.annotations;
        instance.source = observation.source;
        if (observation.reach == Reach::Raised) {
            instance.grace.reset();
        }
    }

    // The severity follows poolscope_critical: up when it has held for `for`, down below its clear level.
    void rise(Instance& instance, const Observation& observation)
    {
        if (observation.critical == Reach::Raised) {
            instance.criticalSince = instance.criticalSince.value_or(m_now);
        } else if (observation.critical == Reach::Clear || instance.severity == observation.severity) {
            instance.criticalSince.reset();
        }
        const bool critical =
            instance.criticalSince && m_now.steady - instance.criticalSince->steady >= m_terms.holdFor;
        instance.severity = critical ? Severity::Critical : observation.severity;
    }

    void fire(const metrics::Labels& labels, Instance& instance, AlertState from)
    {
        instance.state = AlertState::Firing;
        instance.fired = m_now;
        change(labels, from, AlertState::Firing, Cause::Condition);
    }

    void outage(const metrics::Labels& labels, Instance& instance, Data data)
    {
        const Overlay before = instance.outage.shown;
        if (!alert::follow(instance.outage, data, m_terms, m_now)) {
            return;
        }
        const Cause cause = instance.outage.shown == Overlay::NoData  ? Cause::NoData
                            : instance.outage.shown == Overlay::Error ? Cause::Error
                                                                      : Cause::DataBack;
        if (before != instance.outage.shown) {
            change(labels, instance.state, instance.state, cause);
        }
    }

    bool quiet(const metrics::Labels& labels, Instance& instance)
    {
        switch (instance.state) {
        case AlertState::Firing:
            if (m_terms.keepFiringFor.count() > 0) {
                instance.quietSince = m_now;
                instance.state = AlertState::Recovering;
                change(labels, AlertState::Firing, AlertState::Recovering, Cause::Condition);
                return true;
            }
            resolve(labels, instance, AlertState::Firing);
            return true;
        case AlertState::Recovering:
            if (m_now.steady - instance.quietSince->steady >= m_terms.keepFiringFor) {
                resolve(labels, instance, AlertState::Recovering);
            }
            return true;
        case AlertState::Resolved:
            return m_now.steady - instance.resolved->steady <= kResolvedRetention;
        case AlertState::Pending:
            change(labels, AlertState::Pending, AlertState::Inactive, Cause::Cancelled);
            return false;
        case AlertState::Inactive:
            return false;
        }
        return false;
    }

    void resolve(const metrics::Labels& labels, Instance& instance, AlertState from)
    {
        instance.state = AlertState::Resolved;
        instance.resolved = m_now;
        instance.outage = {};
        change(labels, from, AlertState::Resolved, Cause::Condition);
    }

    const Terms& m_terms;
    const Moment& m_now;
    std::vector<Change>& m_changes;
};

} // namespace

const char* causeName(Cause cause) noexcept
{
    switch (cause) {
    case Cause::Condition:
        return "condition";
    case Cause::Cancelled:
        return "pending_cancelled";
    case Cause::Returned:
        return "returned";
    case Cause::SeverityRose:
        return "severity_rose";
    case Cause::SeverityFell:
        return "severity_fell";
    case Cause::NoData:
        return "no_data";
    case Cause::Error:
        return "error";
    case Cause::DataBack:
        return "data_back";
    case Cause::RuleUpdated:
        return "rule_updated";
    case Cause::RuleDisabled:
        return "rule_disabled";
    case Cause::RuleRemoved:
        return "rule_removed";
    case Cause::LimitExceeded:
        return "limit_exceeded";
    case Cause::TakenOver:
        return "taken_over";
    }
    return "";
}

bool follow(Outage& outage, Data data, const Terms& terms, const Moment& now)
{
    const Overlay before = outage.shown;
    if (data == Data::There) {
        outage = {};
        return before != Overlay::None;
    }
    const Overlay kind = data == Data::Missing ? Overlay::NoData : Overlay::Error;
    if (before != Overlay::None && before != kind) {
        outage = {}; // one trouble became another: it is counted anew
    }
    ++outage.ticks;
    outage.since = outage.since.value_or(now);
    const int needed = data == Data::Missing ? terms.noDataTicks : 1;
    if (outage.ticks >= needed && now.steady - outage.since->steady >= terms.holdFor) {
        outage.shown = kind;
    }
    return before != outage.shown;
}

std::vector<Change> advance(Instances& instances, const Findings& findings, const Terms& terms,
                            const Moment& now)
{
    std::vector<Change> changes;
    std::map<metrics::Labels, const Observation*> fresh;
    for (const Observation& observation : findings.observations) {
        fresh.emplace(observation.labels, &observation);
    }
    for (auto at = instances.begin(); at != instances.end();) {
        Step step(terms, now, changes);
        const auto seen = fresh.find(at->first);
        const bool keep =
            step.take(at->first, at->second, findings, seen != fresh.end() ? seen->second : nullptr);
        if (seen != fresh.end() && keep) {
            fresh.erase(seen);
        }
        at = keep ? std::next(at) : instances.erase(at);
    }
    for (const auto& [labels, observation] : fresh) {
        if (observation->reach == Reach::Raised) { // between the levels nothing begins
            Step(terms, now, changes).begun(labels, instances[labels], *observation);
        }
    }
    return changes;
}

std::vector<Change> endAll(Instances& instances, Cause cause, const Moment& now)
{
    std::vector<Change> changes;
    for (auto at = instances.begin(); at != instances.end();) {
        Instance& instance = at->second;
        if (instance.open()) {
            changes.push_back({at->first, instance.state, AlertState::Resolved, cause});
            instance.state = AlertState::Resolved;
            instance.resolved = now;
            instance.outage = {};
        } else if (instance.state == AlertState::Pending) {
            changes.push_back({at->first, AlertState::Pending, AlertState::Inactive, cause});
        }
        at = instance.state == AlertState::Resolved ? std::next(at) : instances.erase(at);
    }
    return changes;
}

} // namespace alert

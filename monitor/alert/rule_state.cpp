#include "monitor/alert/rule_state.h"

namespace alert {

using metrics::AlertState;

namespace {

void take(Instances& instances, const Observation& observation, const Moment& now)
{
    const auto [at, created] = instances.try_emplace(observation.labels);
    Instance& instance = at->second;
    if (created || instance.state == AlertState::Resolved) {
        instance = Instance{};
        instance.active = now;
    }
    instance.value = observation.value;
    instance.annotations = observation.annotations;
    instance.quietSince.reset();
}

// The condition does not hold (any more). False when the instance is to be forgotten.
bool quiet(Instance& instance, const HoldTimes& hold, const Moment& now)
{
    switch (instance.state) {
    case AlertState::Firing:
        if (hold.keepFiringFor.count() > 0) {
            instance.quietSince = instance.quietSince.value_or(now);
            if (now.steady - instance.quietSince->steady < hold.keepFiringFor) {
                return true;
            }
        }
        instance.state = AlertState::Resolved;
        instance.resolved = now;
        return true;
    case AlertState::Resolved:
        return now.steady - instance.resolved->steady <= kResolvedRetention;
    case AlertState::Pending:
    case AlertState::Inactive:
        return false;
    }
    return false;
}

AlertState stateIn(const Instances& instances, const metrics::Labels& labels)
{
    const auto at = instances.find(labels);
    return at != instances.end() ? at->second.state : AlertState::Inactive;
}

} // namespace

Advanced advance(const Instances& previous, std::span<const Observation> observations, const HoldTimes& hold,
                 const Moment& now)
{
    Advanced next{previous, {}};
    std::map<metrics::Labels, bool> present;
    for (const Observation& observation : observations) {
        take(next.instances, observation, now);
        present[observation.labels] = true;
    }
    for (auto at = next.instances.begin(); at != next.instances.end();) {
        Instance& instance = at->second;
        const AlertState before = stateIn(previous, at->first);
        bool keep = true;
        if (!present.contains(at->first)) {
            keep = quiet(instance, hold, now);
        } else if (instance.state == AlertState::Pending &&
                   now.steady - instance.active.steady >= hold.holdFor) {
            instance.state = AlertState::Firing;
            instance.fired = now;
        }
        const AlertState after = keep ? instance.state : AlertState::Inactive;
        if (after != before) {
            next.changes.push_back({at->first, before, after});
        }
        at = keep ? std::next(at) : next.instances.erase(at);
    }
    return next;
}

} // namespace alert

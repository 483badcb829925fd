// Events as the rules tell them.
#pragma once

#include "monitor/metrics/alert_event.h"

#include <functional>
#include <string>

namespace support {

inline metrics::AlertEvent event(const std::string& name, metrics::AlertTold told, core::WallTime at,
                                 metrics::Severity severity = metrics::Severity::Warning,
                                 const std::string& pool = "a")
{
    metrics::AlertEvent event;
    event.rule = name;
    event.told = told;
    event.incidentId = name + "/" + pool;
    event.labels = {{"alertname", name}, {"pool", pool}, {"severity", metrics::severityName(severity)}};
    event.annotations = {{"summary", name + " of " + pool}};
    event.summary = name + " of " + pool;
    event.description = "details of " + name;
    event.fingerprint = std::hash<std::string>()(event.incidentId);
    event.id = event.incidentId + "/" + metrics::alertToldName(told) + "/" +
               std::to_string(at.time_since_epoch().count());
    event.severity = severity;
    event.value = 0.923;
    event.unit = core::Unit::Ratio;
    event.expr = "db_pool_usage_ratio > 0.9";
    event.at = at;
    event.startsAt = at;
    if (told == metrics::AlertTold::Resolved) {
        event.startsAt = at - std::chrono::minutes(1);
        event.endsAt = at;
    }
    return event;
}

} // namespace support

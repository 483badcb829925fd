// Incidents and transitions as lines of JSON.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/incident.h"

#include <string>
#include <string_view>

namespace alert {

// One line, without its end.
[[nodiscard]] std::string incidentLine(const metrics::Incident& incident);
[[nodiscard]] std::string transitionLine(const metrics::AlertTransition& transition);
// Total: any bytes are fine; at most 1 MiB. What is missing or of the wrong kind takes its default; without
// an id it fails.
[[nodiscard]] core::Result<metrics::Incident> readIncident(std::string_view line);

// "critical", "info"; anything else is a warning.
[[nodiscard]] metrics::Severity severityNamed(std::string_view text) noexcept;

} // namespace alert

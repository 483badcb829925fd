// What a server answers about what it watches itself: /api/v1/rules and /api/v1/targets of Prometheus' HTTP
// API.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/remote_rows.h"

#include <string_view>
#include <vector>

namespace prometheus {

struct RulesAnswer {
    std::vector<metrics::RemoteRule> rules;
    std::vector<metrics::RemoteAlert> alerts; // pending and firing ones, as they stand with their rules
};

// Total: any bytes are fine. The error is the server's own reason (code: its errorType), or what is wrong
// with the answer (code "strange"); more than 20,000 rows of a kind is one. What is no rule, alert or target
// is left out. `server` is left empty.
[[nodiscard]] core::Result<RulesAnswer> readRules(std::string_view json);
[[nodiscard]] core::Result<std::vector<metrics::RemoteTarget>> readTargets(std::string_view json);

} // namespace prometheus

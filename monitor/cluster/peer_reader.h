// What an Alertmanager answers, as values. Any bytes are fine.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/cluster_rows.h"

#include <string>
#include <string_view>
#include <vector>

namespace cluster {

inline constexpr std::size_t kMostAnswer = 32U << 20U; // bytes of one
inline constexpr std::size_t kMostRows = 20'000; // alerts or silences of one answer; the rest is left out

struct PeerStatus {
    std::string version;
    std::string gossip;               // "ready", "settling", "disabled"
    std::string name;                 // of this member; another after each start
    std::vector<std::string> members; // names, its own among them; empty: no cluster
};

// GET /api/v2/status, /api/v2/alerts, /api/v2/silences of API version 2 (api/v2/openapi.yaml of
// github.com/prometheus/alertmanager). Entries that are none are left out; an answer that is none fails.
[[nodiscard]] core::Result<PeerStatus> readStatus(std::string_view json);
// Without `peers`, `ackedBy` and `quiet`.
[[nodiscard]] core::Result<std::vector<metrics::ClusterAlert>> readAlerts(std::string_view json);
[[nodiscard]] core::Result<std::vector<metrics::SilenceRow>> readSilences(std::string_view json);
// What POST /api/v2/silences answers: the id.
[[nodiscard]] core::Result<std::string> readSilenceId(std::string_view json);
// What an Alertmanager says of a refusal, in one line: a JSON text, or an object with a message.
[[nodiscard]] std::string readRefusal(std::string_view body);

} // namespace cluster

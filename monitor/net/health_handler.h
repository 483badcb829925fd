// GET /health/db: the reference's rules and texts over the last probe and the pool's figures of this moment.
// Never asks the pool for a connection, hence answers at once from an exhausted one.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/net/response.h"

#include <string_view>

namespace net {

enum class Health { Healthy, Warning, Critical };

// "healthy", "warning", "critical": never translated.
[[nodiscard]] std::string_view healthName(Health health) noexcept;

struct HealthVerdict {
    Health health = Health::Healthy;
    core::Text message;
};

// Usage > 0.9 critical, > 0.8 warning, no idle connection and no place left to open one warning, else
// healthy. Exactly on a line is not yet over it.
[[nodiscard]] HealthVerdict judge(const metrics::PoolView& pool) noexcept;

// 200 with status, message, timestamp, pool and system; 503 with `detail` while no connection is to be had.
[[nodiscard]] Response healthResponse(const metrics::SnapshotPtr& snapshot, core::Lang lang);

} // namespace net

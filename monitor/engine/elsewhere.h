// Rules that Prometheus-compatible servers own, as the machine tells of them.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/engine/boards.h"
#include "monitor/metrics/alert_rows.h"
#include "monitor/metrics/cluster_rows.h"

#include <vector>

namespace engine {

// What people said of a server's alerts at an Alertmanager: acknowledged, silenced. `cluster` may be null. An
// Alertmanager's alert is the same when it has all labels of the row's (the server adds external ones).
void markSaid(std::vector<metrics::AlertRow>& rows, const metrics::ClusterViewPtr& cluster);
// A banner while rules are watched by nobody, and while they are watched here in their owner's place.
void tellOwners(BannerBoard& banners, const std::vector<metrics::RuleRow>& rules, core::Lang lang);

} // namespace engine

// The parts of the demo's snapshots that are not families: pool, server, alerts, rules, scenarios, marks.
#pragma once

#include "tests/support/demo_flow.h"
#include "tests/support/demo_metrics.h"

namespace demo {

struct Rows {
    const FlowOptions& options;
    const Moment& moment;
    const Counters& counters;
};

void fillPool(metrics::Snapshot& snapshot, const Rows& rows);
void fillServer(metrics::Snapshot& snapshot, const Rows& rows); // with sources, banners and cost
void fillAlerts(metrics::Snapshot& snapshot, const Rows& rows); // needs the pool and the families; with rules
void fillScenarios(metrics::Snapshot& snapshot, const Rows& rows);
void fillResponses(metrics::Snapshot& snapshot, const Rows& rows); // with watched logs
void addMarks(std::vector<metrics::Mark>& marks, const metrics::Snapshot& snapshot, const Story& before,
              const Story& now);

} // namespace demo

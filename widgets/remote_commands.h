// What can be asked about what Prometheus-compatible servers watch themselves. Filled in by app/wiring; every
// call returns at once.
#pragma once

#include "monitor/metrics/remote_rows.h"

#include <functional>

namespace widgets {

struct RemoteCommands {
    std::function<metrics::RemoteView()> view; // of the last look at each; empty: none is configured
    std::function<void()> refresh;             // now, not with the next round
};

} // namespace widgets

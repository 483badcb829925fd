// Lifelike snapshots without a server: for window tests and for looking at panels. Test support only, never
// in the program. Everything is a function of the seed and the time, so two runs show the same picture.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/metrics/querier.h"
#include "monitor/metrics/snapshot.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace demo {

struct FlowOptions {
    std::uint32_t seed = 1;
    core::Nanos interval = std::chrono::seconds(1);
    core::WallTime start = core::WallTime(std::chrono::seconds(1'795'183'200)); // 2026-11-20T14:00:00Z
    core::Lang lang = core::Lang::English;
    int poolSize = 10;
    int maxOverflow = 20;
};

// The story, in seconds since the start: calm; 300-336 nothing was sampled (a gap); from 540 on the scenario
// "exhaustion" fills the pool, callers queue, alerts go pending and fire; from 1320 on it is over; 1500-1530
// the server is down; calm again until 1800, then the story begins anew. Not thread-safe; querier() may be
// read between two ticks.
class Flow {
public:
    explicit Flow(const FlowOptions& options = {});
    ~Flow();
    Flow(Flow&&) noexcept;
    Flow& operator=(Flow&&) noexcept;

    // One tick later; ticks inside the gap are skipped.
    metrics::SnapshotPtr next();
    // Ticks until `span` after the start has been reached; the last one. At least one tick.
    metrics::SnapshotPtr runUntil(std::chrono::seconds span);
    // The past of this flow. Understands what panels ask for: selectors with =, != and =~,
    // rate(selector[span]), sum(…), and histogram_quantile(q, …NAME_bucket…) of the three latency histograms;
    // anything else is an error.
    [[nodiscard]] const metrics::Querier& querier() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// A snapshot before anything was collected: what panels show in their first moment.
[[nodiscard]] metrics::SnapshotPtr emptySnapshot(core::WallTime at);

} // namespace demo

// The heartbeat: a thread that collects at fixed moments and publishes one immutable snapshot a tick.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/core/clock.h"
#include "monitor/core/periodic.h"
#include "monitor/metrics/snapshot.h"

#include <functional>
#include <memory>
#include <vector>

namespace collect {

struct SamplerOptions {
    core::Nanos interval = std::chrono::seconds(1); // 0.1 … 60 s
    const core::Clock* clock = &core::SystemClock::instance();
    // On the sampler's thread after all collectors: history, rules, scenarios … may add to the snapshot.
    std::function<void(metrics::Snapshot&)> enrich = {};
    // On the sampler's thread with the finished one.
    std::function<void(const metrics::SnapshotPtr&)> publish = {};
    // Cheap and lock-free: equal numbers mean that live collectors would say the same as before.
    std::function<std::uint64_t()> liveVersion = {};
};

// Thread-safe. stop() (or the destructor) joins; neither may be called from the callbacks.
class Sampler {
public:
    Sampler(std::vector<std::unique_ptr<Collector>> collectors, SamplerOptions options);
    ~Sampler();

    void start();
    void stop();
    void setInterval(core::Nanos interval); // clamped to 0.1 … 60 s
    [[nodiscard]] core::Nanos interval() const;

    // The last tick's; nullptr before the first.
    [[nodiscard]] metrics::SnapshotPtr latest() const;
    // For a scrape: the last tick's with the live collectors' families and views taken anew, unless nothing changed.
    // Never waits for a tick in progress nor for anything that may hang.
    [[nodiscard]] metrics::SnapshotPtr fresh();
    // Every metric any collector may push, sorted by name.
    [[nodiscard]] std::vector<const metrics::MetricDef*> catalog() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace collect

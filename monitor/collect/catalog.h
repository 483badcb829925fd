// All collectors in one place, in the order they have to run.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/host/host_paths.h"
#include "monitor/collect/logs/log_watch.h"
#include "monitor/collect/metric_list.h"
#include "monitor/collect/pg/probe.h"
#include "monitor/collect/self/latency_collector.h"
#include "monitor/collect/self/pool_collector.h"
#include "monitor/collect/self/pool_reporter.h"
#include "monitor/collect/self/process.h"

#include <functional>
#include <memory>
#include <vector>

namespace collect {

using Collectors = std::vector<std::unique_ptr<Collector>>;

// CPU, memory, disks, network, load, pressure, processes.
[[nodiscard]] Collectors makeHostCollectors(const HostPaths& paths = {});

// The pool: its state (live), its percentiles, its periodic log lines.
[[nodiscard]] Collectors makePoolCollectors(std::function<pool::PoolStats()> stats,
                                            PoolInstruments& instruments, PoolTrace* trace = nullptr);

// What makeAllCollectors() needs; everything pointed to must outlive the collectors.
struct Sources {
    std::function<pool::PoolStats()> poolStats;
    PoolInstruments* instruments = nullptr;
    PoolTrace* trace = nullptr; // told of every tick; may be null
    const PgProbe* probe = nullptr;
    const LogWatcher* logs = nullptr;
    HostPaths host = {};
    ProcessOptions process = {};
};
[[nodiscard]] Collectors makeAllCollectors(const Sources& sources);

// Every metric these collectors and the sampler may push, sorted by name; needs none of them to exist.
[[nodiscard]] MetricList allMetrics();

} // namespace collect

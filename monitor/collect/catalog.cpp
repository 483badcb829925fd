#include "monitor/collect/catalog.h"

#include "monitor/collect/host/cpu.h"
#include "monitor/collect/host/disk.h"
#include "monitor/collect/host/load.h"
#include "monitor/collect/host/memory.h"
#include "monitor/collect/host/network.h"
#include "monitor/collect/host/pressure.h"
#include "monitor/collect/host/process_count.h"
#include "monitor/collect/self/pool_defs.h"
#include "monitor/collect/self/sampler_defs.h"

#include <iterator>
#include <utility>

namespace collect {

namespace {

void append(Collectors& all, Collectors more) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
}

} // namespace

Collectors makeHostCollectors(const HostPaths& paths) {
    Collectors all;
    all.push_back(std::make_unique<CpuCollector>(paths));
    all.push_back(std::make_unique<MemoryCollector>(paths));
    all.push_back(std::make_unique<DiskCollector>(paths));
    all.push_back(std::make_unique<NetworkCollector>(paths));
    all.push_back(std::make_unique<LoadCollector>(paths));
    all.push_back(std::make_unique<PressureCollector>(paths));
    all.push_back(std::make_unique<ProcessCountCollector>(paths));
    return all;
}

Collectors makePoolCollectors(std::function<pool::PoolStats()> stats, PoolInstruments& instruments,
                              PoolTrace* trace) {
    Collectors all;
    all.push_back(std::make_unique<PoolCollector>(std::move(stats), instruments, trace));
    all.push_back(std::make_unique<LatencyCollector>(instruments, trace));
    all.push_back(std::make_unique<RequestCollector>(instruments.requests()));
    ReporterOptions report;
    report.logger = instruments.logger();
    report.lang = [&instruments] { return instruments.lang(); };
    all.push_back(std::make_unique<PoolReporter>(std::move(report)));
    return all;
}

Collectors makeAllCollectors(const Sources& sources) {
    Collectors all;
    if (sources.probe) { // before the pool: it says how many connections the server allows
        all.push_back(std::make_unique<ProbeCollector>(*sources.probe));
    }
    if (sources.instruments && sources.poolStats) {
        append(all, makePoolCollectors(sources.poolStats, *sources.instruments, sources.trace));
    }
    append(all, makeHostCollectors(sources.host));
    all.push_back(std::make_unique<ProcessCollector>(sources.process));
    if (sources.logs) {
        all.push_back(std::make_unique<LogFilesCollector>(*sources.logs));
    }
    return all;
}

MetricList allMetrics() {
    MetricList all;
    const auto add = [&all](std::span<const metrics::MetricDef> defs) {
        const MetricList more = pointersTo(defs);
        all.insert(all.end(), more.begin(), more.end());
    };
    for (const auto& collector : makeHostCollectors()) {
        add(collector->metrics());
    }
    add(ProcessCollector().metrics());
    add(probeMetrics());
    add(logFileMetrics());
    add(defs::pool());
    add(defs::latency());
    add(defs::sampler());
    return sortedByName(std::move(all));
}

} // namespace collect

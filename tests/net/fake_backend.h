// A program without a database: one synthetic snapshot and switches for everything a test wants to happen.
#pragma once

#include "monitor/net/backend.h"
#include "tests/support/demo_flow.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace testnet {

class FakeBackend {
public:
    FakeBackend()
        : m_snapshot(m_flow.runUntil(std::chrono::seconds(90)))
    {
    }

    // Changes a copy of the snapshot; what is served from now on.
    void edit(const std::function<void(metrics::Snapshot&)>& change)
    {
        auto copy = std::make_shared<metrics::Snapshot>(*m_snapshot);
        change(*copy);
        const std::lock_guard lock(m_mutex);
        m_snapshot = std::move(copy);
    }
    [[nodiscard]] metrics::SnapshotPtr snapshot() const
    {
        const std::lock_guard lock(m_mutex);
        return m_snapshot;
    }
    [[nodiscard]] const metrics::Querier& querier() const { return m_flow.querier(); }

    // Workloads are kept here until a test ends them.
    std::function<void(net::WorkloadResult)> takeWorkload()
    {
        const std::lock_guard lock(m_mutex);
        if (m_waiting.empty()) {
            return {};
        }
        auto done = std::move(m_waiting.back());
        m_waiting.pop_back();
        return done;
    }
    [[nodiscard]] std::size_t waitingWorkloads() const
    {
        const std::lock_guard lock(m_mutex);
        return m_waiting.size();
    }

    [[nodiscard]] net::Backend backend()
    {
        net::Backend filled;
        filled.fresh = [this] { return snapshot(); };
        filled.latest = filled.fresh;
        filled.history = [this] { return std::vector<metrics::SnapshotPtr>(75, snapshot()); };
        filled.runWorkload = [this](net::Workload, std::function<void(net::WorkloadResult)> done) {
            const std::lock_guard lock(m_mutex);
            m_waiting.push_back(std::move(done));
        };
        filled.startScenario = [this](const std::string& name,
                                      const std::map<std::string, double>& parameters) {
            const std::lock_guard lock(m_mutex);
            started[name] = parameters;
            return startAnswer;
        };
        filled.stopScenario = [this](const std::string& name) {
            const std::lock_guard lock(m_mutex);
            stopped.push_back(name);
            return core::Result<void>();
        };
        filled.querier = &m_flow.querier();
        return filled;
    }

    std::map<std::string, std::map<std::string, double>> started;
    std::vector<std::string> stopped;
    core::Result<void> startAnswer;

private:
    demo::Flow m_flow;
    mutable std::mutex m_mutex; // guards what follows and the lists above
    metrics::SnapshotPtr m_snapshot;
    std::vector<std::function<void(net::WorkloadResult)>> m_waiting;
};

} // namespace testnet

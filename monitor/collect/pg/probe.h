// Is the server there? Asked on a connection of the monitor's own, never through the pool: an exhausted pool
// must not look like a dead server, and a dead server must not hold up whoever asks.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/core/clock.h"
#include "monitor/core/lang.h"
#include "monitor/metrics/incident.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/pg/conninfo.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace spdlog {
class logger;
}

namespace collect {

struct ProbeOptions {
    core::Nanos interval = std::chrono::seconds(1); // between two questions while the server answers
    // Of a connect and of each round trip, on this side. A little under two seconds, so that a frozen server
    // is noticed within three whatever the moment.
    core::Nanos deadline = std::chrono::milliseconds(1900);
    core::Nanos backoffFirst = std::chrono::milliseconds(500);
    core::Nanos backoffMost = std::chrono::seconds(30);
    std::shared_ptr<spdlog::logger> logger = nullptr; // nullptr: the one named "poolscope.pg", or silence
    std::function<core::Lang()> lang = [] { return core::Lang::English; };
    // Sessions with one of these application names are ours: not counted among the others.
    std::vector<std::string> ownNames = {"poolscope-monitor", "poolscope-pool"};
    const core::Clock* clock = &core::SystemClock::instance();
};

// What the probe has counted since it was made.
struct ProbeFigures {
    std::uint64_t probes = 0; // answered or not
    std::uint64_t failures = 0;
    core::Nanos serverTime{0}; // spent waiting for the server, all answered probes together
};

// Owns the thread pg-probe. Thread-safe; no call waits for the server.
class PgProbe {
public:
    explicit PgProbe(ProbeOptions options = {});
    ~PgProbe(); // stop()
    PgProbe(const PgProbe&) = delete;
    PgProbe& operator=(const PgProbe&) = delete;

    // Begins to ask; State::Starting until the first answer. `name` is shown instead of the address
    // ("embedded").
    void start(pg::ConnInfo target, std::string name = {});
    // Another server or other credentials: asked at once.
    void retarget(pg::ConnInfo target, std::string name = {});
    // Whatever the backoff says: asks now.
    void retryNow();
    void setInterval(core::Nanos interval);
    void stop();

    // Asks with the next question who blocks whom, if the server answers that one quickly: within a quarter of the
    // deadline. Nobody is waited for.
    void wantBlocking();
    // What the last such question found, once; empty: nothing, or nobody has asked.
    [[nodiscard]] std::vector<metrics::Evidence::Session> takeBlocking();

    // As of the last answer or failure; nextTryIn as of now.
    [[nodiscard]] metrics::ServerView view() const;
    [[nodiscard]] ProbeFigures figures() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// db_up and what else the probe knows.
[[nodiscard]] std::span<const metrics::MetricDef> probeMetrics() noexcept;

// Reads the probe; never waits. Not live: it changes once an interval only. Must stand before the pool's
// collector, which takes the server's max_connections from it.
class ProbeCollector final : public Collector {
public:
    explicit ProbeCollector(const PgProbe& probe)
        : m_probe(probe) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "server"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    const PgProbe& m_probe;
};

} // namespace collect

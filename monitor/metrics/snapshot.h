// The one thing that flows: an immutable picture of one tick. Window, /metrics, /pool/status, /health/db, CSV, rules
// and charts all show the same one.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/alert_rows.h"
#include "monitor/metrics/log_rows.h"
#include "monitor/metrics/metric_def.h"
#include "monitor/metrics/notify_rows.h"
#include "monitor/metrics/pool_rows.h"
#include "monitor/metrics/response_rows.h"
#include "monitor/metrics/scenario_rows.h"
#include "monitor/metrics/target_rows.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace metrics {

// What made an observation: shown behind a histogram's bar and as an OpenMetrics exemplar.
struct Exemplar {
    double value = 0;
    core::WallTime at = {};
    Labels labels; // tag, site, slot, fingerprint
};

// Counts are per bucket, not cumulative; counts.size() == bounds.size() + 1, the last one is +Inf.
struct HistogramValue {
    std::vector<double> bounds;
    std::vector<std::uint64_t> counts;
    std::vector<Exemplar> exemplars; // newest per bucket that has one; any order
    std::uint64_t count = 0;
    double sum = 0;
};

struct Series {
    Labels labels;
    double value = std::numeric_limits<double>::quiet_NaN(); // gauges and counters
    std::shared_ptr<const HistogramValue> histogram;         // histograms
};

struct Family {
    const MetricDef* def = nullptr;
    std::vector<Series> series; // absent samples are left out, never zero
};

enum class SourceState { Ok, Stale, Failed, Unavailable };

// How a source of metrics is doing: one per collector.
struct SourceStatus {
    std::string name;
    SourceState state = SourceState::Ok;
    core::Nanos age{0};  // since its last good sample
    core::Nanos cost{0}; // what the last collection took
    std::string text;    // why, when not ok

    friend bool operator==(const SourceStatus&, const SourceStatus&) = default;
};

// The monitored server as the probe sees it (its own connection, never through the pool).
struct ServerView {
    enum class State { Unknown, Starting, Up, Down } state = State::Unknown;
    std::string target;        // "embedded" or host:port/dbname; no credentials
    std::string version;       // "15.6"
    std::string timeZone;      // its setting TimeZone, "Asia/Shanghai"; empty: not known
    core::Nanos latency{0};    // of the last answered probe
    core::WallTime since = {}; // of the present state
    std::string error;         // one line, no credentials
    std::string sqlstate;
    core::Nanos nextTryIn{0};
    int maxConnections = 0;   // 0 = not known
    int reservedConnections = 0; // of those, kept for superusers and privileged roles
    int otherSessions = -1;   // client backends that are not ours; -1 = not known
    int ownSessions = -1;
};

// Percentiles over the recent past from the log-linear histograms (error at most 1 %).
struct LatencyView {
    std::string name; // wait, usage, query
    double p50 = std::numeric_limits<double>::quiet_NaN();
    double p90 = std::numeric_limits<double>::quiet_NaN();
    double p95 = std::numeric_limits<double>::quiet_NaN();
    double p99 = std::numeric_limits<double>::quiet_NaN();
    double p999 = std::numeric_limits<double>::quiet_NaN();
    double max = std::numeric_limits<double>::quiet_NaN();
    std::uint64_t count = 0; // in the window
    core::Nanos window{0};
};

// A vertical line in the charts, or the reason of a gap.
struct Mark {
    enum class Kind {
        ScenarioStarted,
        ScenarioEnded,
        AlertFired,
        AlertResolved,
        SettingChanged,
        ServerDown,
        ServerUp,
        Note,
        Restarted, // the program
        Gap,       // no samples; `text` is the name of a GapReason (metrics/diary.h)
    };
    Kind kind = Kind::Note;
    core::WallTime at = {};
    std::string text;
    core::WallTime until = {}; // of a gap; else 0

    friend bool operator==(const Mark&, const Mark&) = default;
};

// A lasting message at the top of the window: cause, since when, what to do. Gone from the snapshot when it is over.
struct Banner {
    std::string id; // "rules", "server", "http", "data-dir": one banner each
    bool critical = false;
    core::WallTime since = {};
    std::string text;   // one line in the chosen language
    std::string detail; // more, for [Details]
    core::Nanos nextTryIn{0}; // 0 = no automatic retry

    friend bool operator==(const Banner&, const Banner&) = default;
};

// What watching costs: shown in the window and exposed as poolscope_*.
struct CostView {
    double cpuRatio = std::numeric_limits<double>::quiet_NaN(); // of one core, this process
    double dbTimeRatio = std::numeric_limits<double>::quiet_NaN();
    std::uint64_t residentBytes = 0;
    core::Nanos tickCost{0};
    std::uint64_t missedTicks = 0;
    std::uint64_t droppedEvents = 0;
};

struct Snapshot {
    std::uint64_t tick = 0;
    core::WallTime at = {};
    core::SteadyTime steady = {};
    core::Nanos interval{0};
    std::vector<Family> families; // sorted by name
    PoolView pool;
    ServerView server;
    std::vector<LatencyView> latency;
    std::vector<AlertRow> alerts; // pending, firing and lately resolved ones
    // Not told by us: what a Prometheus says of rules it owns, and what shadows of its rules see. They are
    // shown and in no metric, mark, incident or message.
    std::vector<AlertRow> otherAlerts;
    std::vector<RuleRow> rules;
    std::vector<ScenarioRow> scenarios;
    ResponseView responses;
    std::vector<LogFileRow> logs; // watched ones, in the order of the settings
    std::shared_ptr<const std::vector<Mark>> marks; // of the last hour, oldest first; may be null
    std::vector<ChannelRow> channels; // by which people are told
    std::vector<TargetState> targets; // by name
    std::vector<SourceStatus> sources;
    std::vector<Banner> banners;
    CostView cost;
    std::string endpoint; // "http://127.0.0.1:8000", empty when off

    // nullptr when the family is absent.
    [[nodiscard]] const Family* find(std::string_view name) const noexcept;
    // The value of the series without labels; NaN when absent.
    [[nodiscard]] double value(std::string_view name) const noexcept;
    // The value of the series with exactly these labels; NaN when absent.
    [[nodiscard]] double value(std::string_view name, const Labels& labels) const noexcept;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

// Receives what a collector found during one tick. Not thread-safe; used on the sampler's thread only.
class SampleBuilder {
public:
    explicit SampleBuilder(Snapshot& target) : m_target(target) {}
    // NaN is dropped: absent, not zero.
    void push(const MetricDef& def, double value, Labels labels = {});
    void push(const MetricDef& def, std::shared_ptr<const HistogramValue> histogram, Labels labels = {});
    // For the parts of the snapshot that are not families (pool, server, latency …).
    [[nodiscard]] Snapshot& snapshot() noexcept { return m_target; }

private:
    Family& family(const MetricDef& def);
    Snapshot& m_target;
};

} // namespace metrics

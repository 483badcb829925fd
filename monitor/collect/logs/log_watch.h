// One watched log: what its lines add up to. And the thread that watches all of them.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/logs/error_rate.h"
#include "monitor/collect/logs/line_facts.h"
#include "monitor/collect/logs/log_spec.h"
#include "monitor/collect/logs/session_pairs.h"
#include "monitor/collect/logs/tail.h"
#include "monitor/core/mutex.h"
#include "monitor/core/periodic.h"
#include "monitor/metrics/log_entry.h"
#include "monitor/metrics/log_rows.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace collect {

// What is told of a log at one moment.
struct LogFigures {
    metrics::LogFileRow row;
    SessionFigures sessions;
    std::uint64_t rotations = 0; // and truncations
    std::uint64_t skippedBytes = 0;
    std::uint64_t cutLines = 0;
};

// Not thread-safe.
class LogWatch {
public:
    // `spec` was found sound by problemOf(). With an empty path there is no file: lines come by take().
    explicit LogWatch(LogSpec spec);
    void resume(LogPosition position);
    // Reads at most `most` bytes of what is new.
    void poll(std::size_t most, core::SteadyTime now);
    void take(std::string_view line, core::SteadyTime now);
    void take(const metrics::LogEntry& entry, core::SteadyTime now);
    [[nodiscard]] LogFigures figures(core::SteadyTime now);
    [[nodiscard]] std::optional<LogPosition> position() const;
    [[nodiscard]] const LogSpec& spec() const noexcept { return m_spec; }

private:
    void count(const LineFacts& facts, core::SteadyTime now);

    LogSpec m_spec;
    LineReader m_reader;
    std::unique_ptr<Tail> m_tail; // null: no file
    SessionPairs m_sessions;
    PerMinute m_lines;
    PerMinute m_errors;
    std::uint64_t m_lineCount = 0;
    std::uint64_t m_errorCount = 0;
    core::SteadyTime m_lastLine = {};
};

struct LogWatcherOptions {
    std::vector<LogSpec> files;
    std::map<std::string, LogPosition> positions = {}; // by name: where the last run stopped
    // The program's own log: the lines since the last call. Empty: not watched.
    std::function<std::vector<metrics::LogEntry>()> ownLog = {};
    core::Nanos interval = std::chrono::milliseconds(500);
    const core::Clock* clock = &core::SystemClock::instance();
};

// The name under which the program's own log is watched.
inline constexpr const char* kOwnLog = "poolscope";

// Thread-safe. Files are read on a thread of its own ("log-watch"), since a file system may hang; at most 4
// MiB a file and look. Nothing is logged: what is unreadable stands in the rows.
class LogWatcher {
public:
    explicit LogWatcher(LogWatcherOptions options);
    ~LogWatcher(); // joins
    void start();
    void stop();
    // Watches these instead from now on; one that stays as it was goes on with its counts. Waits for a look in progress.
    void setFiles(const std::vector<LogSpec>& files);
    // One look at every file, on the caller's thread; for tests.
    void look();
    [[nodiscard]] std::vector<LogFigures> figures() const; // as of the last look
    [[nodiscard]] std::map<std::string, LogPosition> positions() const;

private:
    const LogWatcherOptions m_options;
    core::Mutex m_lookMutex; // guards m_watches; held while files are read, never by figures()
    std::vector<LogWatch> m_watches GUARDED_BY(m_lookMutex);
    mutable core::Mutex m_mutex; // guards what follows; only copies under it
    std::vector<LogFigures> m_figures GUARDED_BY(m_mutex);
    std::map<std::string, LogPosition> m_positions GUARDED_BY(m_mutex);
    std::unique_ptr<core::Periodic> m_thread; // last: joins first
};

// Hands the watcher's figures to the snapshot.
class LogFilesCollector final : public Collector {
public:
    // `watcher` outlives the collector.
    explicit LogFilesCollector(const LogWatcher& watcher)
        : m_watcher(watcher)
    {
    }
    [[nodiscard]] std::string_view name() const noexcept override { return "log_files"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    const LogWatcher& m_watcher;
};

[[nodiscard]] std::span<const metrics::MetricDef> logFileMetrics() noexcept;

} // namespace collect

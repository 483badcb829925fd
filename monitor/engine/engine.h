// The program without a face: owns the server, the pool, the heartbeat, rules, scenarios and the endpoint, and gives
// whoever looks one snapshot a tick.
#pragma once

#include "monitor/cluster/client.h"
#include "monitor/core/result.h"
#include "monitor/engine/config.h"
#include "monitor/engine/incident_search.h"
#include "monitor/engine/types.h"
#include "monitor/export/export_watch.h"
#include "monitor/metrics/diary.h"
#include "monitor/metrics/log_entry.h"
#include "monitor/metrics/incident.h"
#include "monitor/metrics/pool_advice.h"
#include "monitor/metrics/pool_trace.h"
#include "monitor/metrics/querier.h"
#include "monitor/metrics/query_source.h"
#include "monitor/metrics/remote_rows.h"
#include "monitor/metrics/rule_draft.h"
#include "monitor/metrics/secret_place.h"
#include "monitor/metrics/silence_rows.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/metrics/target_rows.h"
#include "monitor/notify/notifier.h"
#include "monitor/record/black_box.h"

#include <QObject>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace pool {
class ConnectionPool;
class ResultCache;
} // namespace pool
namespace respond {
class JobGate;
}
namespace series {
class Reader;
}
namespace store {
class HistoryReader;
}

namespace engine {

// Signals are emitted on the thread the engine lives in and carry nothing: the values are fetched. All methods are
// thread-safe and return at once, except start() and stop(), which belong to the owner.
class Engine final : public QObject {
    Q_OBJECT
public:
    Engine(Config config, std::function<LogFigures()> logFigures, QObject* parent = nullptr);
    ~Engine() override;

    // Starts everything; the embedded server comes up in the background. An error means that nothing can work
    // (unwritable data folder, broken default rules, a port in use in headless mode).
    [[nodiscard]] core::Result<void> start();
    // Before start(): where the lines come from that the program logs itself, those since the last call; called on a
    // thread of the engine's. They are watched as the file "poolscope" of the log_* metrics.
    void watchOwnLog(std::function<std::vector<metrics::LogEntry>()> lines);
    // Load, sampler and probe, endpoint, files, pool, server: in this order.
    void stop();

    [[nodiscard]] metrics::SnapshotPtr latest() const;
    [[nodiscard]] std::vector<metrics::SnapshotPtr> history() const; // the last 60 ticks, oldest first
    // The last two hours, from memory: answers at once.
    [[nodiscard]] const metrics::Querier& querier() const;
    [[nodiscard]] const metrics::PoolWitness& witness() const; // what became of the pool over time
    // Memory and disk as one; waits for the disk, so never on the window's thread. With stop() only memory is left.
    [[nodiscard]] const metrics::Querier& longQuerier() const;
    // Prometheus-compatible servers; each waits for a network. They live as long as the engine.
    [[nodiscard]] std::vector<const metrics::QuerySource*> sources() const;
    // Both for charts of the program itself: what targets tell under the same names is left out.
    [[nodiscard]] const metrics::Querier& ownQuerier() const;
    [[nodiscard]] const metrics::Querier& ownLongQuerier() const;
    // The same as samples; and what happened. Both wait for the disk.
    [[nodiscard]] const series::Reader& samples() const;
    [[nodiscard]] const store::HistoryReader& records() const; // empty without a history
    [[nodiscard]] core::Lang lang() const;
    [[nodiscard]] std::vector<Notice> takeNotices();
    [[nodiscard]] const Config& config() const noexcept;
    // Why the endpoint does not listen; empty when it does or is off.
    [[nodiscard]] std::string endpointProblem() const;

    // For programs that embed the pool, and for tests.
    [[nodiscard]] pool::ConnectionPool& pool();
    // Texts of alerts, banners and log lines from now on.
    void setLang(core::Lang lang);
    [[nodiscard]] core::Result<void> startScenario(const std::string& name, const std::map<std::string, double>& values,
                                                   bool consent);
    [[nodiscard]] core::Result<void> stopScenario(const std::string& name);
    void stopAllScenarios();
    // As Machine::poolAdvice: may take a second, so not on the thread the engine lives in.
    [[nodiscard]] metrics::PoolAdvicePtr poolAdvice(core::Nanos window, const std::stop_token& stop = {}) const;
    [[nodiscard]] core::Result<void> configurePool(const std::map<std::string, double>& knobs);
    // Automatic responses by hand; carried out with the next sample, the outcome comes as a notice. Errors by code:
    // parameter, unavailable, busy, nothing.
    [[nodiscard]] core::Result<void> respond(const metrics::ResponseCommand& command);
    // For programs that embed the pool: timed jobs that can wait, and answers that may be a little old.
    [[nodiscard]] respond::JobGate& jobs();
    [[nodiscard]] pool::ResultCache& cache();
    void suspendPool(bool failNewRequests);
    void resumePool();
    void drainPool();
    void recycleSlot(int slot);
    void cancelStatement(int slot);
    void terminateBackend(int slot);
    // Whatever is down is tried again now: server, probe, pool, endpoint, rule files.
    void retryNow();
    void reloadRules();
    // The configuration, read again: what can be changed now is, the log says what needs a restart. Rule files are
    // looked at in any case.
    Reconfigured reconfigure(const Config& wanted);
    // A note of somebody's own, seen in all charts at that moment. One line, 200 characters at most.
    void addNote(core::WallTime at, const std::string& text);
    // Marks and notes of the past; lives as long as the engine.
    [[nodiscard]] metrics::Diary& diary();
    // Channels by which people are told; save and test check what can be checked at once, the outcome comes as a notice.
    // `secrets`: setting → value, kept in the key ring or in secrets.yml; secretPlace() says which.
    [[nodiscard]] std::vector<metrics::ChannelSetup> channels() const;
    [[nodiscard]] core::Result<void> saveChannel(const metrics::ChannelSetup& setup,
                                                 const std::map<std::string, std::string>& secrets);
    void removeChannel(const std::string& name);
    [[nodiscard]] metrics::SecretPlace secretPlace() const;
    void testChannel(const metrics::ChannelSetup& setup, const std::map<std::string, std::string>& secrets);
    [[nodiscard]] core::Result<metrics::ChannelPreview> previewChannel(const metrics::ChannelSetup& setup) const;
    // Other people's pools: those that are known; a first look at one, which waits for it and so is not for the thread the
    // engine lives in; changes of the window's own list. What was done comes as a notice that offers to undo it, `done` on
    // a thread of the engine's: why not, in one line; empty when it is done.
    [[nodiscard]] std::vector<metrics::TargetSetup> targets() const;
    [[nodiscard]] metrics::TargetFinding probeTarget(const metrics::TargetSetup& setup, const std::string& secret,
                                                     const std::stop_token& stop) const;
    void editTarget(metrics::TargetEdit edit, std::function<void(const std::string& problem)> done);
    void undoTarget();
    // Who shows notes on the desktop, called on a thread of its own; an empty one: nobody.
    void setDesktop(notify::DesktopSink sink);
    // What people say about alerts. Errors say why in one line; `incident` is AlertRow::incidentId.
    [[nodiscard]] core::Result<void> acknowledge(const std::string& incident, const std::string& by,
                                                 const std::string& note);
    [[nodiscard]] core::Result<void> snooze(const std::string& incident, core::Nanos span); // 0 ends it
    [[nodiscard]] core::Result<std::string> silence(metrics::SilenceRow silence); // its id
    [[nodiscard]] core::Result<void> expireSilence(const std::string& id);
    [[nodiscard]] std::vector<metrics::SilenceRow> silences() const;
    // Other people's Alertmanagers; null: none is configured.
    [[nodiscard]] metrics::ClusterViewPtr clusterView() const;
    // `done` once, on a thread of the engine's: to whom it was told.
    void clusterSilence(metrics::SilenceRow silence, cluster::Client::Done done);
    void clusterExpire(const std::string& id, cluster::Client::Done done);
    // A silence kept up while what it hides fires; and the end of all that acknowledge what has these labels.
    void clusterAcknowledge(cluster::AckWish wish, cluster::Client::Done done);
    void clusterWithdraw(metrics::Labels labels, cluster::Client::Done done);
    void clusterRefresh();
    // What Prometheus-compatible servers watch themselves: rules, alerts, targets.
    [[nodiscard]] metrics::RemoteView remoteView() const;
    void remoteRefresh(); // now, not with the next round
    // The newest thousand, from memory.
    [[nodiscard]] std::vector<metrics::Incident> incidents(const metrics::IncidentFilter& filter) const;
    // All of them, from the history on disk too; `answer` once, on any thread (also at once).
    void searchIncidents(const metrics::IncidentFilter& filter, std::function<void(FoundIncidents)> answer) const;
    // With what was seen when it fired; nullptr when it is gone. As above.
    void readIncident(const metrics::Incident& incident,
                      std::function<void(std::shared_ptr<const metrics::Incident>)> answer) const;
    // Rules written and changed by people, in the background; what was done comes as a notice that offers to undo it.
    // `done` on a thread of the engine's: why not, in one line; empty when it is done.
    void editRule(metrics::RuleEdit edit, std::function<void(const std::string& problem)> done);
    void undoRule(); // the last edit; the outcome comes as a notice
    [[nodiscard]] bool canUndoRule() const;
    // What the edit's draft would have done in the last `window`, in the place of the rule it changes. May take a second: not on the thread the engine lives in.
    [[nodiscard]] metrics::RuleTrial tryRule(const metrics::RuleEdit& edit, core::Nanos window,
                                             const std::stop_token& stop = {}) const;
    // In the background; the outcome comes as a notice. Imported: a Prometheus rule file, checked, copied into the folder
    // "rules" of the data folder and in use at once. Exported: copies of all rule files in use.
    // Or an Alertmanager's configuration: receivers become channels, inhibit_rules changes of rules. `report` on a thread of
    // the engine's: how it ended, then what was not taken, a line each; without it a notice says how it ended.
    void importRules(const std::filesystem::path& file,
                     std::function<void(std::vector<std::string> lines)> report = {});
    // What follows is written on the caller's thread, whole or not at all; code "CANCELED" when it was stopped.
    // The rule files as they are in force, into a folder: how many.
    [[nodiscard]] core::Result<std::size_t> writeRules(const std::filesystem::path& folder,
                                                       const exporting::ExportWatch& watch = {}) const;
    // The ticks in memory.
    [[nodiscard]] core::Result<void> writeCsv(const std::filesystem::path& file,
                                              const exporting::ExportWatch& watch = {}) const;
    // The silences, as Alertmanager has them: how many.
    [[nodiscard]] core::Result<std::size_t> writeSilences(const std::filesystem::path& file,
                                                          const exporting::ExportWatch& watch = {}) const;

    // Recordings. start: from now on; save: what was recorded since start, or the last `span` of the past; in the
    // background, the outcome comes as a notice. Errors say why in one line.
    [[nodiscard]] core::Result<void> startRecording();
    [[nodiscard]] core::Result<void> saveRecording(const std::filesystem::path& file);
    [[nodiscard]] core::Result<void> saveLast(core::Nanos span, const std::filesystem::path& file);
    void cancelRecording();
    [[nodiscard]] record::RecordingState recordingState() const;
    // Whether incidents save their own.
    [[nodiscard]] bool recordsIncidents() const;
    [[nodiscard]] std::filesystem::path recordingFolder() const;

    // Every metric the program can expose, sorted by name.
    [[nodiscard]] static std::vector<const metrics::MetricDef*> catalog();

Q_SIGNALS:
    void snapshotReady();
    void noticesReady();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace engine

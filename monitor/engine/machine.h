// The engine without Qt: owns every part of the program and ties them together. The QObject in engine.h is its face.
#pragma once

#include "monitor/alert/alertmanager_api.h"
#include "monitor/alert/rule_engine.h"
#include "monitor/collect/pg/probe.h"
#include "monitor/collect/sampler.h"
#include "monitor/collect/self/pool_instruments.h"
#include "monitor/collect/self/pool_trace.h"
#include "monitor/core/latest.h"
#include "monitor/core/mutex.h"
#include "monitor/core/ring.h"
#include "monitor/engine/alert_keeper.h"
#include "monitor/engine/boards.h"
#include "monitor/engine/cluster_keeper.h"
#include "monitor/engine/config.h"
#include "monitor/engine/diary.h"
#include "monitor/engine/file_writer.h"
#include "monitor/engine/gap_watch.h"
#include "monitor/engine/history_keeper.h"
#include "monitor/engine/incident_search.h"
#include "monitor/engine/log_keeper.h"
#include "monitor/engine/responder.h"
#include "monitor/engine/rule_desk.h"
#include "monitor/engine/notify_keeper.h"
#include "monitor/engine/server_keeper.h"
#include "monitor/engine/source_keeper.h"
#include "monitor/engine/target_desk.h"
#include "monitor/engine/types.h"
#include "monitor/export/csv_appender.h"
#include "monitor/export/export_watch.h"
#include "monitor/load/runner.h"
#include "monitor/load/workload.h"
#include "monitor/metrics/pool_advice.h"
#include "monitor/net/backend.h"
#include "monitor/net/http_server.h"
#include "monitor/pool/connection_pool.h"
#include "monitor/promql/querier.h"
#include "monitor/record/black_box.h"
#include "monitor/series/head.h"
#include "monitor/series/own_reader.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace engine {

// What the machine tells its face; called on its own threads, must not block.
struct MachineHooks {
    std::function<void()> onSnapshot = {};
    std::function<void(Notice)> onNotice = {};
    std::function<LogFigures()> logFigures = {};
};

// start() and stop() belong to one owner; everything else is thread-safe and returns at once.
class Machine {
public:
    Machine(Config config, MachineHooks hooks);
    ~Machine(); // stop()
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    [[nodiscard]] core::Result<void> start();
    void stop();

    [[nodiscard]] metrics::SnapshotPtr latest() const { return m_latest.get(); }
    [[nodiscard]] std::vector<metrics::SnapshotPtr> history() const;
    [[nodiscard]] const promql::Querier& querier() const noexcept { return m_querier; }
    [[nodiscard]] const metrics::PoolWitness& witness() const noexcept { return m_trace; }
    [[nodiscard]] const promql::Querier& longQuerier() const noexcept
    {
        return m_longQuerier ? *m_longQuerier : m_querier;
    }
    // The same without what targets tell.
    [[nodiscard]] const promql::Querier& ownQuerier() const noexcept { return m_ownQuerier; }
    [[nodiscard]] const promql::Querier& ownLongQuerier() const noexcept
    {
        return m_ownLongQuerier ? *m_ownLongQuerier : m_ownQuerier;
    }
    [[nodiscard]] const store::HistoryReader& records() const noexcept; // history_records.cpp
    [[nodiscard]] std::vector<const metrics::QuerySource*> sources() const { return m_sources.sources(); }
    [[nodiscard]] pool::ConnectionPool& pool() noexcept { return *m_pool; }
    // After start().
    [[nodiscard]] NotifyKeeper& notifications() noexcept { return *m_notify; }
    [[nodiscard]] TargetDesk& targetDesk() noexcept { return *m_targetDesk; }
    [[nodiscard]] load::Runner& scenarios() noexcept { return *m_runner; }
    [[nodiscard]] const Config& config() const noexcept { return m_config; }
    [[nodiscard]] std::string endpointProblem() const;
    [[nodiscard]] core::Lang lang() const noexcept { return m_lang.load(std::memory_order_relaxed); }

    void setLang(core::Lang lang);
    [[nodiscard]] Responder& responder() noexcept { return *m_responder; }
    [[nodiscard]] core::Result<void> configurePool(const std::map<std::string, double>& knobs);
    void retryNow();
    void reloadRules();
    // What differs from the configuration in force is changed if it can be while the program runs (reconfigure.cpp).
    Reconfigured reconfigure(const Config& wanted);
    void addNote(core::WallTime at, const std::string& text);
    // Marks and notes of the past.
    [[nodiscard]] metrics::Diary& diary();
    [[nodiscard]] core::Result<void> writeCsv(const std::filesystem::path& file, const exporting::ExportWatch& watch) const;
    // "What if the pool had n places", from the requests of the last `window` (0 = all that are known). May take a
    // second: not on a thread that somebody waits for. nullptr before start() and when `stop` was requested.
    [[nodiscard]] metrics::PoolAdvicePtr poolAdvice(core::Nanos window, const std::stop_token& stop = {}) const;
    // Before start(): the lines the program has logged since the last call.
    void watchOwnLog(std::function<std::vector<metrics::LogEntry>()> lines) { m_ownLog = std::move(lines); }
    // Alerts and people (machine_alerts.cpp). Errors say why in one line.
    [[nodiscard]] core::Result<void> acknowledge(const std::string& incident, const std::string& by,
                                                 const std::string& note);
    [[nodiscard]] core::Result<void> snooze(const std::string& incident, core::Nanos span); // 0 ends it
    [[nodiscard]] core::Result<std::string> silence(metrics::SilenceRow silence);
    [[nodiscard]] core::Result<void> expireSilence(const std::string& id);
    [[nodiscard]] std::vector<metrics::SilenceRow> silences() const;
    // What Prometheus-compatible servers watch themselves.
    [[nodiscard]] metrics::RemoteView remoteView() const { return m_sources.watched(); }
    void remoteRefresh() { m_sources.lookNow(); }
    // Other people's Alertmanagers; after start().
    [[nodiscard]] ClusterKeeper& cluster() noexcept { return *m_cluster; }
    [[nodiscard]] std::vector<metrics::Incident> incidents(const metrics::IncidentFilter& filter) const;
    void searchIncidents(const metrics::IncidentFilter& filter, std::function<void(FoundIncidents)> answer) const;
    void readIncident(const metrics::Incident& incident,
                      std::function<void(std::shared_ptr<const metrics::Incident>)> answer) const;
    // Rules (machine_rules.cpp), in the background.
    // A Prometheus rule file, or an Alertmanager's configuration. `report` on the file writer's thread: first how it ended,
    // then what was not taken, one line each; without it the first line is told.
    void importRules(const std::filesystem::path& file, std::function<void(std::vector<std::string> lines)> report);
    // All rule files, as they are in force, or none: how many. Any thread, once started.
    [[nodiscard]] core::Result<std::size_t> writeRules(const std::filesystem::path& folder,
                                                       const exporting::ExportWatch& watch) const;
    // `done` on the file writer's thread: why not, empty when it is done; without it a failure is told.
    void editRule(metrics::RuleEdit edit, std::function<void(const std::string& problem)> done);
    void undoRule();
    [[nodiscard]] bool canUndoRule() const noexcept { return m_ruleDesk && m_ruleDesk->canUndo(); }
    [[nodiscard]] metrics::RuleTrial tryRule(const metrics::RuleEdit& edit, core::Nanos window,
                                             const std::stop_token& stop) const;
    // After start(): the last minutes, and recordings that are asked for (recordings.cpp).
    [[nodiscard]] record::BlackBox& blackBox() noexcept { return *m_box; }
    [[nodiscard]] core::Result<void> saveRecording(const std::filesystem::path& file);
    [[nodiscard]] core::Result<void> saveLast(core::Nanos span, const std::filesystem::path& file);
    void mark(metrics::Mark::Kind kind, std::string text) { m_marks.add(kind, std::move(text)); }
    void tell(Notice notice) const;

private:
    [[nodiscard]] core::Result<void> prepareFolder() const;
    void makePool();
    void makeScenarios();
    void makeResponder(); // responses.cpp
    void makeNotifications();
    [[nodiscard]] alert::RuleEngineOptions ruleOptions(); // machine_alerts.cpp, as the next four
    void makeRules();
    void loadAlerts();
    void keepAlerts(const metrics::Snapshot& snapshot);
    template <class Outcome>
    [[nodiscard]] Outcome kept(Outcome outcome);
    [[nodiscard]] net::AlertmanagerBackend alertmanagerBackend();
    [[nodiscard]] std::filesystem::path userRules() const; // machine_rules.cpp, as the next
    void makeRuleDesk();
    void keepEdit(const RuleOutcome& outcome, const std::string& by);
    [[nodiscard]] core::Result<void> loadRules();
    [[nodiscard]] std::vector<std::string> rulePaths() const;
    [[nodiscard]] core::Result<std::string> takeRules(const std::filesystem::path& file);
    [[nodiscard]] std::vector<std::string> takeAlertmanager(const std::string& text);
    void makeSampler();
    [[nodiscard]] std::vector<std::unique_ptr<collect::Collector>> collectors();
    void makeHistory();
    void makeBlackBox(); // recordings.cpp, as the next two
    void recordTick(const metrics::SnapshotPtr& snapshot);
    void recordRules();
    [[nodiscard]] record::BlackBox::Done recordingDone();
    void makeEndpoint();
    void listen();
    void startServer();
    void onServerStarted(const core::Result<void>& started);
    void startAskedScenarios();

    // One tick, on the sampler's thread (tick.cpp).
    void enrich(metrics::Snapshot& snapshot);
    void publish(const metrics::SnapshotPtr& snapshot);
    void appendCsv(const metrics::SnapshotPtr& snapshot); // files.cpp
    void watchServer(const metrics::Snapshot& snapshot);
    void raiseServer();
    void watchRuleFiles();
    void watchNotifications();
    void onTransition(const alert::Transition& transition);

    [[nodiscard]] std::string say(core::Text text) const { return std::string(text.in(lang())); }

    Config m_config;
    const MachineHooks m_hooks;
    const core::Clock& m_clock = core::SystemClock::instance();
    std::atomic<core::Lang> m_lang;
    BannerBoard m_banners{m_clock};
    MarkBook m_marks{m_clock};
    series::Head m_head{{.maxSeries = m_config.memorySeries}};
    promql::Querier m_querier{m_head};
    SourceKeeper m_sources{m_config.servers, m_config.remoteWrite, m_querier};
    series::OwnReader m_ownSeries{m_head};
    promql::Querier m_ownQuerier{m_ownSeries};
    core::Latest<metrics::Snapshot> m_latest;
    mutable core::Mutex m_mutex; // guards what follows; nothing slow under it
    core::Ring<metrics::SnapshotPtr> m_history GUARDED_BY(m_mutex){60};
    std::string m_endpointProblem GUARDED_BY(m_mutex);
    std::vector<std::filesystem::path> m_ruleFiles GUARDED_BY(m_mutex); // beside the defaults
    std::map<std::string, std::string> m_sections GUARDED_BY(m_mutex);  // of the configuration file, last read
    std::function<std::vector<metrics::LogEntry>()> m_ownLog;
    std::atomic<bool> m_rulesWanted{false};
    std::atomic<bool> m_targetRules{false}; // those on targets are in force
    metrics::ServerView::State m_serverState = metrics::ServerView::State::Unknown; // sampler's thread only
    core::SteadyTime m_nextRaise = {};                                              // sampler's thread only
    core::SteadyTime m_nextRuleLook = {};                                           // sampler's thread only

    // In the order in which they are made; destroyed the other way round.
    collect::PoolInstruments m_instruments;
    collect::PoolTrace m_trace;
    std::unique_ptr<ServerKeeper> m_server; // null: a server given by --dsn
    std::unique_ptr<pool::ConnectionPool> m_pool;
    std::unique_ptr<AlertKeeper> m_alertKeeper;
    std::unique_ptr<alert::RuleEngine> m_rules;
    std::unique_ptr<RuleDesk> m_ruleDesk; // the file writer's thread only
    std::unique_ptr<alert::AlertmanagerApi> m_alertmanager;
    std::unique_ptr<exporting::CsvAppender> m_appender; // null unless asked for; the file writer's thread only
    std::unique_ptr<LogKeeper> m_logs;
    std::unique_ptr<Responder> m_responder; // uses the pool
    std::unique_ptr<NotifyKeeper> m_notify;
    std::unique_ptr<TargetDesk> m_targetDesk; // uses the secrets of m_notify
    std::unique_ptr<ClusterKeeper> m_cluster;
    std::unique_ptr<FileWriter> m_files; // its jobs use what stands above
    std::unique_ptr<HistoryKeeper> m_store; // not started: memory only
    std::unique_ptr<promql::Querier> m_longQuerier;
    std::unique_ptr<series::OwnReader> m_ownPast;
    std::unique_ptr<promql::Querier> m_ownLongQuerier;
    std::unique_ptr<EngineDiary> m_diary;
    GapWatch m_gaps{m_config.interval}; // sampler's thread only
    std::unique_ptr<record::BlackBox> m_box; // reads the store
    std::unique_ptr<net::HttpServer> m_http;
    std::unique_ptr<collect::PgProbe> m_probe;
    std::unique_ptr<load::Runner> m_runner;
    respond::JobGate::Registration m_timedSteps; // of scenarios, that pause with the other jobs
    std::unique_ptr<load::Workloads> m_workloads;
    std::unique_ptr<collect::Sampler> m_sampler; // its thread calls everything above: stopped first
};

} // namespace engine

#include "monitor/engine/machine.h"

#include "monitor/collect/catalog.h"
#include "monitor/collect/self/pool_texts.h"
#include "monitor/core/format.h"
#include "monitor/engine/log_collector.h"
#include "monitor/engine/pool_knobs.h"
#include "monitor/engine/target_keeper.h"
#include "monitor/load/request.h"
#include "monitor/net/endpoint.h"
#include "monitor/net/token.h"
#include "monitor/pool/config_changes.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace engine {

namespace texts = collect::texts;

namespace {

constexpr core::Text kStartingServer{"The private PostgreSQL is starting …", "私有 PostgreSQL 正在启动…"};

void announce(std::initializer_list<std::string_view> lines)
{
    for (const std::string_view line : lines) {
        spdlog::info("{}", line);
    }
}

std::function<core::Result<void>(const std::string&, const std::map<std::string, double>&)>
scenarioStarter(load::Runner& runner)
{
    return [&runner](const std::string& name, const std::map<std::string, double>& values) {
        load::Parameters parameters = values;
        const auto consent = parameters.find("consent");
        const bool given = consent != parameters.end() && consent->second != 0;
        if (consent != parameters.end()) {
            parameters.erase(consent);
        }
        return runner.start(name, parameters, given ? load::Consent::Given : load::Consent::NotGiven);
    };
}

load::Workload workloadOf(net::Workload workload)
{
    switch (workload) {
    case net::Workload::Normal:
        return load::Workload::Normal;
    case net::Workload::Slow:
        return load::Workload::Slow;
    case net::Workload::LongConnection:
        break;
    }
    return load::Workload::LongConnection;
}

} // namespace

Machine::Machine(Config config, MachineHooks hooks)
    : m_config(std::move(config))
    , m_hooks(std::move(hooks))
    , m_lang(m_config.lang)
    , m_ruleFiles(m_config.ruleFiles)
    , m_sections(m_config.sections)
    , m_instruments(nullptr, m_config.lang)
    , m_trace(m_instruments, [this] { return m_pool ? m_pool->autopsies() : std::vector<pool::AutopsyPtr>(); })
{
    makeHistory(); // here: charts are given its reader before anything starts
    m_diary = std::make_unique<EngineDiary>(m_marks, m_config.history.on ? m_store.get() : nullptr);
}

Machine::~Machine()
{
    stop();
}

core::Result<void> Machine::start()
{
    if (auto folder = prepareFolder(); !folder) {
        return folder;
    }
    announce({texts::kRule.in(lang()), texts::kStarted.in(lang()), texts::kRule.in(lang())});
    if (m_config.csvAppend && !m_config.csvFile.empty()) {
        m_appender = std::make_unique<exporting::CsvAppender>(m_config.csvFile);
    }
    m_files = std::make_unique<FileWriter>();
    collect::LogWatcherOptions logs;
    logs.files = m_config.logs;
    logs.ownLog = m_ownLog;
    m_logs = std::make_unique<LogKeeper>(m_config.dataDir, std::move(logs));
    if (m_config.history.on) {
        m_store->start();
    }
    makeBlackBox();
    makePool();
    if (m_store) {
        m_store->keepStart(m_pool->config());
    }
    makeNotifications();
    makeRules();
    makeScenarios();
    makeResponder();
    if (auto rules = loadRules(); !rules) {
        return rules;
    }
    loadAlerts();
    makeSampler();
    makeEndpoint();
    startServer();
    m_logs->start();
    m_sources.start();
    m_responder->start();
    m_sampler->start();
    announce({texts::kTaskStarted.in(lang())});
    return {};
}

void Machine::stop()
{
    if (!m_sampler) {
        return;
    }
    m_runner->stopAll();
    (void)m_runner->waitIdle(std::chrono::seconds(3));
    if (m_server) {
        m_server->quiesce(); // it would tell parts that are about to go
    }
    m_sampler->stop();
    m_sources.stop();
    m_responder->stop();
    m_files.reset(); // its jobs use the endpoint, the pool and the logs
    m_notify->barrier()(); // what the states speak of as told is in the journal first
    if (const auto saved = m_alertKeeper->flush(*m_rules); !saved) {
        spdlog::error("{}", saved.error().message);
    }
    m_logs->stop();
    m_box->stop();   // writes an incident's recording that waits
    m_store->stop(); // flushes; the endpoint finds memory only from here on
    m_http.reset();
    m_notify.reset();
    m_cluster->watch({});
    m_workloads.reset();
    m_runner.reset();
    m_sampler.reset();
    m_probe.reset();
    m_responder.reset();
    m_pool.reset();
    m_server.reset();
    announce({texts::kRule.in(lang()), texts::kStopped.in(lang()), texts::kRule.in(lang())});
}

core::Result<void> Machine::prepareFolder() const
{
    std::error_code error;
    std::filesystem::create_directories(m_config.dataDir, error);
    if (error || access(m_config.dataDir.c_str(), W_OK | X_OK) != 0) {
        const std::string reason = error ? error.message() : std::system_category().message(errno);
        return core::fail(fmt::format("the data folder {} cannot be written ({}); name another one with --data-dir",
                                      m_config.dataDir.string(), reason),
                          "data_dir");
    }
    return {};
}

void Machine::makePool()
{
    pg::ConnInfo info = m_config.server;
    if (m_config.embedded) {
        pg::EmbeddedOptions options;
        options.dataDir = m_config.dataDir;
        options.lang = lang();
        options.onProgress = [this](std::string_view, double progress) {
            m_banners.raise({"server", false, {}, fmt::format("{} {:.0f} %", kStartingServer.in(lang()), progress * 100),
                             "", core::Nanos(0)});
        };
        m_server = std::make_unique<ServerKeeper>(std::move(options),
                                                  [this](const core::Result<void>& started) { onServerStarted(started); });
        info = m_server->connInfo();
    }
    m_pool = std::make_unique<pool::ConnectionPool>(m_config.pool, info, &m_instruments);
    m_pool->setLang(lang());
    collect::ProbeOptions probe;
    probe.interval = std::max(m_config.interval, core::Nanos(std::chrono::seconds(1)));
    probe.lang = [this] { return lang(); };
    m_probe = std::make_unique<collect::PgProbe>(std::move(probe));
}

void Machine::makeScenarios()
{
    load::RunnerOptions options;
    options.lang = [this] { return lang(); };
    options.connInfo = [this] { return m_server ? m_server->connInfo() : m_config.server; };
    if (m_server) {
        options.server = {[this] { return m_server->stop(); }, [this] { return m_server->start(); }};
    }
    options.consentNeeded = !m_server;
    options.folders = {m_config.dataDir / "scenarios"};
    options.onMark = [this](const metrics::Mark& mark) { m_marks.add(mark.kind, mark.text); };
    options.firingAlerts = [this] { return m_rules->firing(); };
    m_runner = std::make_unique<load::Runner>(*m_pool, std::move(options));
    for (const std::string& problem : m_runner->problems()) {
        spdlog::warn("{}", problem);
    }
    load::WorkloadOptions workloads;
    workloads.lang = [this] { return lang(); };
    workloads.connInfo = [this] { return m_server ? m_server->connInfo() : m_config.server; };
    workloads.ownServer = m_server != nullptr;
    m_workloads = std::make_unique<load::Workloads>(*m_pool, std::move(workloads));
}

std::vector<std::unique_ptr<collect::Collector>> Machine::collectors()
{
    collect::Sources sources;
    sources.poolStats = [this] { return m_pool->stats(metrics::WaiterQueue::kMostQueued); };
    sources.trace = &m_trace;
    sources.instruments = &m_instruments;
    sources.probe = m_probe.get();
    sources.logs = &m_logs->watcher();
    sources.process.droppedEvents = [this] { return m_hooks.logFigures ? m_hooks.logFigures().dropped : 0; };
    sources.process.serverTime = [this] { return m_probe->figures().serverTime; };
    auto all = collect::makeAllCollectors(sources);
    all.push_back(std::make_unique<LogCollector>(m_hooks.logFigures));
    all.push_back(std::make_unique<ResponseCollector>(*m_responder));
    all.push_back(m_notify->collector());
    all.push_back(std::make_unique<TargetKeeper>(m_config.dataDir, m_head, *m_targetDesk));
    all.push_back(m_sources.collector());
    all.push_back(std::make_unique<HistoryCollector>(
        m_config.history.on ? [this] { return m_store->status(); } : std::function<store::StoreStatus()>()));
    return all;
}

void Machine::makeSampler()
{
    collect::SamplerOptions options;
    options.interval = m_config.interval;
    options.enrich = [this](metrics::Snapshot& snapshot) { enrich(snapshot); };
    options.publish = [this](const metrics::SnapshotPtr& snapshot) { publish(snapshot); };
    options.liveVersion = [this] { return m_pool->version(); };
    m_sampler = std::make_unique<collect::Sampler>(collectors(), std::move(options));
}

void Machine::makeHistory()
{
    store::StoreOptions options; // switched off, it has no file and is never started
    options.file = !m_config.history.on ? std::filesystem::path()
                   : m_config.history.file.empty() ? m_config.dataDir / "history.db" : m_config.history.file;
    options.retention = m_config.history.retention;
    m_store = std::make_unique<HistoryKeeper>(std::move(options), m_head, m_banners, [this] { return lang(); });
    if (m_config.history.on) {
        m_longQuerier = std::make_unique<promql::Querier>(m_store->reader());
        m_ownPast = std::make_unique<series::OwnReader>(m_store->reader());
        m_ownLongQuerier = std::make_unique<promql::Querier>(*m_ownPast);
    }
    m_marks.observe([this](const metrics::Mark& mark) { m_store->keepMark(mark); });
    m_store->onPast([this](const metrics::Mark& mark) { m_marks.put(mark); });
    m_instruments.onSlowStatement(
        [this](const pool::StatementInfo& statement) { m_store->keepSlowStatement(statement); });
}

void Machine::makeEndpoint()
{
    if (!m_config.listen) {
        return;
    }
    net::Backend backend;
    backend.fresh = [this] { return m_sampler->fresh(); };
    backend.latest = [this] { return latest(); };
    backend.history = [this] { return history(); };
    backend.querier = &longQuerier();
    backend.advice = [this](core::Nanos window) { return poolAdvice(window); };
    backend.witness = &m_trace;
    backend.alertmanager = alertmanagerBackend();
    backend.lang = lang();
    backend.langNow = [this] { return lang(); };
    backend.startScenario = scenarioStarter(*m_runner);
    backend.stopScenario = [this](const std::string& name) { return m_runner->stop(name); };
    backend.carryOut = [this](const metrics::ResponseCommand& command) { return m_responder->carryOut(command); };
    backend.runWorkload = [this](net::Workload workload, std::function<void(net::WorkloadResult)> answer) {
        m_workloads->run(workloadOf(workload), [answer = std::move(answer)](const load::WorkloadOutcome& outcome) {
            answer({outcome.ok, outcome.count, outcome.error});
        });
    };
    backend.testNotifier = [this](const std::string& name, std::function<void(const core::Result<void>&)> answer) {
        m_notify->service().test(name, std::move(answer));
    };
    net::ServerOptions options;
    options.host = m_config.listen->host;
    options.port = m_config.listen->port;
    options.allowedHosts = m_config.allowedHosts;
    options.lang = lang();
    options.langNow = [this] { return lang(); };
    const auto tokenFile = m_config.tokenFile.empty() ? m_config.dataDir / "token" : m_config.tokenFile;
    if (auto token = net::loadOrMakeToken(tokenFile); token) {
        options.token = std::move(*token);
    } else {
        m_banners.raise({"token", false, {}, token.error().message, "", core::Nanos(0)});
    }
    m_http = std::make_unique<net::HttpServer>(net::makeRouter(std::move(backend)), std::move(options));
    listen();
}

void Machine::listen()
{
    if (!m_http || m_http->running()) {
        return;
    }
    const auto listening = m_http->start();
    if (listening) {
        spdlog::info("{} {}", core::Text{"listening on", "监听"}.in(lang()), m_http->address());
        m_banners.clear("http");
    } else {
        spdlog::error("{}", listening.error().message);
        m_banners.raise({"http", false, {}, listening.error().message, "", core::Nanos(0)});
    }
    const core::MutexLock lock(m_mutex);
    m_endpointProblem = listening ? std::string() : listening.error().message;
}

void Machine::startServer()
{
    if (m_server) {
        m_banners.raise({"server", false, {}, say(kStartingServer), "", core::Nanos(0)});
        m_server->startSoon();
    } else {
        m_probe->start(m_config.server);
        startAskedScenarios();
    }
}

void Machine::onServerStarted(const core::Result<void>& started)
{
    if (!started) {
        spdlog::error("{}", started.error().message);
        m_banners.raise({"server", true, {}, started.error().message, "", core::Nanos(0)});
        return;
    }
    m_banners.clear("server");
    m_probe->start(m_server->connInfo(), "embedded");
    m_probe->retryNow();
    m_pool->retryNow();
    startAskedScenarios();
}

void Machine::startAskedScenarios()
{
    for (const std::string& text : std::exchange(m_config.scenarios, {})) {
        const auto request = load::parse(text, lang());
        const core::Result<void> started =
            request ? m_runner->start(request->name, request->parameters,
                                      m_config.scenarioConsent ? load::Consent::Given : load::Consent::NotGiven)
                    : core::Result<void>(core::Unexpected<core::Error>{request.error()});
        if (!started) {
            tell({true, started.error().message});
        }
    }
}

std::vector<metrics::SnapshotPtr> Machine::history() const
{
    const core::MutexLock lock(m_mutex);
    return m_history.toVector();
}

std::string Machine::endpointProblem() const
{
    const core::MutexLock lock(m_mutex);
    return m_endpointProblem;
}

void Machine::setLang(core::Lang lang)
{
    m_lang.store(lang, std::memory_order_relaxed);
    m_instruments.setLang(lang);
    m_pool->setLang(lang);
    m_rules->setLang(lang);
}

core::Result<void> Machine::configurePool(const std::map<std::string, double>& knobs)
{
    const pool::PoolConfig before = m_pool->config();
    auto wanted = withKnobs(before, knobs);
    if (!wanted) {
        return core::Unexpected<core::Error>{wanted.error()};
    }
    const std::string difference = pool::changesOf(before, *wanted);
    if (difference.empty()) {
        return {};
    }
    if (auto configured = m_pool->configure(*wanted); !configured) {
        return configured;
    }
    m_marks.add(metrics::Mark::Kind::SettingChanged, difference);
    m_store->keepSettings(before, *wanted);
    return {};
}

void Machine::retryNow()
{
    if (m_server && m_server->pid() == 0) {
        m_server->startSoon();
    }
    m_probe->retryNow();
    m_pool->retryNow();
    m_store->retryNow();
    (void)m_files->post([this] { listen(); }); // binding may have to look a name up
    reloadRules();
}

metrics::Diary& Machine::diary()
{
    return *m_diary;
}

void Machine::addNote(core::WallTime at, const std::string& text)
{
    m_marks.note(std::min(at, m_clock.wallNow()), core::oneLine(text, 200));
}

void Machine::reloadRules()
{
    m_rulesWanted = true; // carried out by the next tick: rules belong to the sampler's thread
}

void Machine::tell(Notice notice) const
{
    if (m_hooks.onNotice) {
        m_hooks.onNotice(std::move(notice));
    }
}

} // namespace engine

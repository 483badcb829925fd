#include "monitor/engine/engine.h"

#include "monitor/collect/catalog.h"
#include "monitor/collect/metric_list.h"
#include "monitor/engine/engine_impl.h"
#include "monitor/engine/history_keeper.h"
#include "monitor/engine/log_collector.h"
#include "monitor/engine/target_keeper.h"

#include <utility>

namespace engine {

Engine::Engine(Config config, std::function<LogFigures()> logFigures, QObject* parent)
    : QObject(parent)
    , m_impl(std::make_unique<Impl>(*this, std::move(config), std::move(logFigures)))
{
}

Engine::~Engine() = default;

core::Result<void> Engine::start()
{
    return m_impl->machine.start();
}

void Engine::watchOwnLog(std::function<std::vector<metrics::LogEntry>()> lines)
{
    m_impl->machine.watchOwnLog(std::move(lines));
}

void Engine::stop()
{
    m_impl->machine.stop();
}

metrics::SnapshotPtr Engine::latest() const
{
    return m_impl->machine.latest();
}

std::vector<metrics::SnapshotPtr> Engine::history() const
{
    return m_impl->machine.history();
}

const metrics::Querier& Engine::querier() const
{
    return m_impl->machine.querier();
}

const metrics::PoolWitness& Engine::witness() const
{
    return m_impl->machine.witness();
}

const metrics::Querier& Engine::ownQuerier() const
{
    return m_impl->machine.ownQuerier();
}

const metrics::Querier& Engine::ownLongQuerier() const
{
    return m_impl->machine.ownLongQuerier();
}

const series::Reader& Engine::samples() const
{
    return m_impl->machine.longQuerier().reader();
}

const store::HistoryReader& Engine::records() const
{
    return m_impl->machine.records();
}

core::Lang Engine::lang() const
{
    return m_impl->machine.lang();
}

const metrics::Querier& Engine::longQuerier() const
{
    return m_impl->machine.longQuerier();
}

std::vector<const metrics::QuerySource*> Engine::sources() const
{
    return m_impl->machine.sources();
}

std::vector<Notice> Engine::takeNotices()
{
    const core::MutexLock lock(m_impl->mutex);
    return std::exchange(m_impl->notices, {});
}

const Config& Engine::config() const noexcept
{
    return m_impl->machine.config();
}

std::string Engine::endpointProblem() const
{
    return m_impl->machine.endpointProblem();
}

pool::ConnectionPool& Engine::pool()
{
    return m_impl->machine.pool();
}

void Engine::setLang(core::Lang lang)
{
    m_impl->machine.setLang(lang);
}

core::Result<void> Engine::startScenario(const std::string& name, const std::map<std::string, double>& values,
                                         bool consent)
{
    return m_impl->machine.scenarios().start(name, values,
                                             consent ? load::Consent::Given : load::Consent::NotGiven);
}

core::Result<void> Engine::stopScenario(const std::string& name)
{
    return m_impl->machine.scenarios().stop(name);
}

void Engine::stopAllScenarios()
{
    m_impl->machine.scenarios().stopAll();
}

metrics::PoolAdvicePtr Engine::poolAdvice(core::Nanos window, const std::stop_token& stop) const
{
    return m_impl->machine.poolAdvice(window, stop);
}

core::Result<void> Engine::configurePool(const std::map<std::string, double>& knobs)
{
    return m_impl->machine.configurePool(knobs);
}

core::Result<void> Engine::respond(const metrics::ResponseCommand& command)
{
    return m_impl->machine.responder().carryOut(command);
}

respond::JobGate& Engine::jobs()
{
    return m_impl->machine.responder().jobs();
}

pool::ResultCache& Engine::cache()
{
    return m_impl->machine.responder().cache();
}

void Engine::suspendPool(bool failNewRequests)
{
    pool().suspend(failNewRequests ? pool::SuspendMode::Fail : pool::SuspendMode::Hold);
}

void Engine::resumePool()
{
    pool().resume();
}

void Engine::drainPool()
{
    pool().drain();
}

void Engine::recycleSlot(int slot)
{
    (void)pool().recycle(slot);
}

void Engine::cancelStatement(int slot)
{
    (void)pool().cancelStatement(slot);
}

void Engine::terminateBackend(int slot)
{
    (void)pool().terminateBackend(slot);
}

void Engine::retryNow()
{
    m_impl->machine.retryNow();
}

void Engine::addNote(core::WallTime at, const std::string& text)
{
    m_impl->machine.addNote(at, text);
}

metrics::Diary& Engine::diary()
{
    return m_impl->machine.diary();
}

Reconfigured Engine::reconfigure(const Config& wanted)
{
    return m_impl->machine.reconfigure(wanted);
}

void Engine::reloadRules()
{
    m_impl->machine.reloadRules();
}

core::Result<void> Engine::writeCsv(const std::filesystem::path& file, const exporting::ExportWatch& watch) const
{
    return m_impl->machine.writeCsv(file, watch);
}

core::Result<void> Engine::startRecording()
{
    return m_impl->machine.blackBox().start();
}

core::Result<void> Engine::saveRecording(const std::filesystem::path& file)
{
    return m_impl->machine.saveRecording(file);
}

core::Result<void> Engine::saveLast(core::Nanos span, const std::filesystem::path& file)
{
    return m_impl->machine.saveLast(span, file);
}

void Engine::cancelRecording()
{
    m_impl->machine.blackBox().cancel();
}

record::RecordingState Engine::recordingState() const
{
    return m_impl->machine.blackBox().state();
}

bool Engine::recordsIncidents() const
{
    return m_impl->machine.blackBox().savesIncidents();
}

std::filesystem::path Engine::recordingFolder() const
{
    return m_impl->machine.blackBox().folder();
}

std::vector<const metrics::MetricDef*> Engine::catalog()
{
    collect::MetricList all = collect::allMetrics();
    for (const auto& more : {collect::pointersTo(LogCollector({}).metrics()),
                             collect::pointersTo(HistoryCollector({}).metrics()),
                             collect::pointersTo(notify::figureDefs()),
                             collect::pointersTo(alert::RuleEngine::metrics()),
                             collect::pointersTo(TargetKeeper::defs()),
                             collect::pointersTo(Responder::metrics()),
                             collect::pointersTo(SourceKeeper::metrics())}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return collect::sortedByName(std::move(all));
}

} // namespace engine

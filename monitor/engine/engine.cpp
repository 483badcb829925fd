#include "monitor/engine/engine.h"

#include "monitor/collect/catalog.h"
#include "monitor/collect/metric_list.h"
#include "monitor/core/mutex.h"
#include "monitor/engine/history_keeper.h"
#include "monitor/engine/log_collector.h"
#include "monitor/engine/machine.h"
#include "monitor/engine/target_keeper.h"

#include <QMetaObject>

#include <atomic>
#include <utility>

namespace engine {

namespace {

core::Text saidOf(metrics::TargetEdit::Kind kind)
{
    using Kind = metrics::TargetEdit::Kind;
    switch (kind) {
    case Kind::Add:
        return {"Target added", "目标已添加"};
    case Kind::Change:
        return {"Target changed", "目标已更改"};
    case Kind::Remove:
        return {"Target removed", "目标已移除"};
    case Kind::Pause:
        return {"Target paused", "目标已暂停"};
    case Kind::Resume:
        break;
    }
    return {"Target resumed", "目标已恢复"};
}

} // namespace

// The machine's hooks run on its threads; here they become queued signals without a payload, at most one under way.
struct Engine::Impl {
    Impl(Engine& face, Config config, std::function<LogFigures()> logFigures)
        : machine(std::move(config),
                  {[this, &face] { wake(face, snapshotPending, &Engine::snapshotReady); },
                   [this, &face](Notice notice) {
                       {
                           const core::MutexLock lock(mutex);
                           notices.push_back(std::move(notice));
                       }
                       wake(face, noticePending, &Engine::noticesReady);
                   },
                   std::move(logFigures)})
    {
    }

    // "Channel saved: ops", or what went wrong.
    notify::Service::Done noticeOf(core::Text done, std::string name)
    {
        return [this, done, name = std::move(name)](const core::Result<void>& outcome) {
            machine.tell(outcome ? Notice{false, std::string(done.in(machine.lang())) + ": " + name}
                                 : Notice{true, name + ": " + outcome.error().message});
        };
    }

    static void wake(Engine& face, std::atomic<bool>& pending, void (Engine::*signal)())
    {
        if (!pending.exchange(true)) {
            QMetaObject::invokeMethod(
                &face,
                [&face, &pending, signal] {
                    pending = false;
                    Q_EMIT(face.*signal)();
                },
                Qt::QueuedConnection);
        }
    }

    std::atomic<bool> snapshotPending{false};
    std::atomic<bool> noticePending{false};
    core::Mutex mutex; // guards notices
    std::vector<Notice> notices GUARDED_BY(mutex);
    Machine machine; // last: its threads use the above
};

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

std::vector<metrics::ChannelSetup> Engine::channels() const
{
    return m_impl->machine.notifications().service().setups();
}

core::Result<void> Engine::saveChannel(const metrics::ChannelSetup& setup,
                                       const std::map<std::string, std::string>& secrets)
{
    return m_impl->machine.notifications().service().save(
        setup, secrets, m_impl->noticeOf({"Channel saved", "通道已保存"}, setup.name));
}

metrics::SecretPlace Engine::secretPlace() const
{
    return m_impl->machine.notifications().service().secretPlace();
}

void Engine::removeChannel(const std::string& name)
{
    m_impl->machine.notifications().service().remove(name, m_impl->noticeOf({"Channel removed", "通道已删除"}, name));
}

void Engine::testChannel(const metrics::ChannelSetup& setup, const std::map<std::string, std::string>& secrets)
{
    m_impl->machine.notifications().service().test(
        setup, secrets, m_impl->noticeOf({"Test message sent", "测试消息已发送"}, setup.name));
}

core::Result<metrics::ChannelPreview> Engine::previewChannel(const metrics::ChannelSetup& setup) const
{
    return m_impl->machine.notifications().service().preview(setup);
}

std::vector<metrics::TargetSetup> Engine::targets() const
{
    return m_impl->machine.targetDesk().setups();
}

metrics::TargetFinding Engine::probeTarget(const metrics::TargetSetup& setup, const std::string& secret,
                                           const std::stop_token& stop) const
{
    return m_impl->machine.targetDesk().probe(setup, secret, stop);
}

void Engine::editTarget(metrics::TargetEdit edit, std::function<void(const std::string& problem)> done)
{
    const core::Text said = saidOf(edit.kind);
    const std::string fresh = edit.setup.name.empty() ? edit.setup.url : edit.setup.name;
    const std::string name = edit.name.empty() ? fresh : edit.name;
    m_impl->machine.targetDesk().edit(std::move(edit), [this, done = std::move(done), said, name](const std::string& problem) {
        Machine& machine = m_impl->machine;
        if (problem.empty()) {
            machine.tell({false, std::string(said.in(machine.lang())) + ": " + name, false, Notice::Offer::UndoTarget});
        } else if (!done) {
            machine.tell({true, problem});
        }
        if (done) {
            done(problem);
        }
    });
}

void Engine::undoTarget()
{
    m_impl->machine.targetDesk().undo([this](const std::string& problem) {
        const core::Text undone{"Undone", "已撤销"};
        Machine& machine = m_impl->machine;
        machine.tell({!problem.empty(), problem.empty() ? std::string(undone.in(machine.lang())) : problem});
    });
}

void Engine::setDesktop(notify::DesktopSink sink)
{
    m_impl->machine.notifications().setDesktop(std::move(sink));
}

core::Result<void> Engine::acknowledge(const std::string& incident, const std::string& by, const std::string& note)
{
    return m_impl->machine.acknowledge(incident, by, note);
}

core::Result<void> Engine::snooze(const std::string& incident, core::Nanos span)
{
    return m_impl->machine.snooze(incident, span);
}

core::Result<std::string> Engine::silence(metrics::SilenceRow silence)
{
    return m_impl->machine.silence(std::move(silence));
}

core::Result<void> Engine::expireSilence(const std::string& id)
{
    return m_impl->machine.expireSilence(id);
}

std::vector<metrics::SilenceRow> Engine::silences() const
{
    return m_impl->machine.silences();
}

std::vector<metrics::Incident> Engine::incidents(const metrics::IncidentFilter& filter) const
{
    return m_impl->machine.incidents(filter);
}

void Engine::searchIncidents(const metrics::IncidentFilter& filter, std::function<void(FoundIncidents)> answer) const
{
    m_impl->machine.searchIncidents(filter, std::move(answer));
}

void Engine::readIncident(const metrics::Incident& incident,
                          std::function<void(std::shared_ptr<const metrics::Incident>)> answer) const
{
    m_impl->machine.readIncident(incident, std::move(answer));
}

void Engine::editRule(metrics::RuleEdit edit, std::function<void(const std::string& problem)> done)
{
    m_impl->machine.editRule(std::move(edit), std::move(done));
}

void Engine::undoRule()
{
    m_impl->machine.undoRule();
}

metrics::ClusterViewPtr Engine::clusterView() const
{
    return m_impl->machine.cluster().view();
}

void Engine::clusterSilence(metrics::SilenceRow silence, cluster::Client::Done done)
{
    m_impl->machine.cluster().silence(std::move(silence), std::move(done));
}

void Engine::clusterExpire(const std::string& id, cluster::Client::Done done)
{
    m_impl->machine.cluster().expire(id, std::move(done));
}

void Engine::clusterRefresh()
{
    m_impl->machine.cluster().refresh();
}

bool Engine::canUndoRule() const
{
    return m_impl->machine.canUndoRule();
}

metrics::RuleTrial Engine::tryRule(const metrics::RuleDraft& draft, core::Nanos window, const std::stop_token& stop) const
{
    return m_impl->machine.tryRule(draft, window, stop);
}

void Engine::importRules(const std::filesystem::path& file, std::function<void(std::vector<std::string> lines)> report)
{
    m_impl->machine.importRules(file, std::move(report));
}

void Engine::exportRules(const std::filesystem::path& folder)
{
    m_impl->machine.exportRules(folder);
}

void Engine::exportCsv(const std::filesystem::path& file)
{
    m_impl->machine.exportCsv(file);
}

core::Result<void> Engine::writeCsv(const std::filesystem::path& file) const
{
    return m_impl->machine.writeCsv(file);
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

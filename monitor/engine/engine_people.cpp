// Engine: what people say and set: channels, targets, alerts, silences, rules, other people's Alertmanagers.
#include "monitor/alert/silence.h"
#include "monitor/engine/engine_impl.h"
#include "monitor/export/atomic_file.h"

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
    m_impl->machine.notifications().service().remove(
        name, m_impl->noticeOf({"Channel removed", "通道已删除"}, name));
}

void Engine::testChannel(const metrics::ChannelSetup& setup,
                         const std::map<std::string, std::string>& secrets)
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
    m_impl->machine.targetDesk().edit(
        std::move(edit), [this, done = std::move(done), said, name](const std::string& problem) {
            Machine& machine = m_impl->machine;
            if (problem.empty()) {
                machine.tell({false, std::string(said.in(machine.lang())) + ": " + name, false,
                              Notice::Offer::UndoTarget});
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

core::Result<void> Engine::acknowledge(const std::string& incident, const std::string& by,
                                       const std::string& note)
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

void Engine::searchIncidents(const metrics::IncidentFilter& filter,
                             std::function<void(FoundIncidents)> answer) const
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

void Engine::clusterAcknowledge(cluster::AckWish wish, cluster::Client::Done done)
{
    m_impl->machine.cluster().acknowledge(std::move(wish), std::move(done));
}

void Engine::clusterWithdraw(metrics::Labels labels, cluster::Client::Done done)
{
    m_impl->machine.cluster().withdraw(std::move(labels), std::move(done));
}

void Engine::clusterRefresh()
{
    m_impl->machine.cluster().refresh();
}

metrics::RemoteView Engine::remoteView() const
{
    return m_impl->machine.remoteView();
}

void Engine::remoteRefresh()
{
    m_impl->machine.remoteRefresh();
}

bool Engine::canUndoRule() const
{
    return m_impl->machine.canUndoRule();
}

metrics::RuleTrial Engine::tryRule(const metrics::RuleEdit& edit, core::Nanos window,
                                   const std::stop_token& stop) const
{
    return m_impl->machine.tryRule(edit, window, stop);
}

void Engine::importRules(const std::filesystem::path& file,
                         std::function<void(std::vector<std::string> lines)> report)
{
    m_impl->machine.importRules(file, std::move(report));
}

core::Result<std::size_t> Engine::writeRules(const std::filesystem::path& folder,
                                             const exporting::ExportWatch& watch) const
{
    return m_impl->machine.writeRules(folder, watch);
}

core::Result<std::size_t> Engine::writeSilences(const std::filesystem::path& file,
                                                const exporting::ExportWatch& watch) const
{
    const auto rows = silences();
    const auto written = exporting::writeAtomically(
        file, alert::silencesJson(rows, core::SystemClock::instance().wallNow()) + '\n', watch);
    return written ? core::Result<std::size_t>(rows.size()) : core::Unexpected{written.error()};
}

} // namespace engine

// One tick: what is added to the collectors' picture, and where the finished one goes.
#include "monitor/engine/machine.h"

#include "monitor/core/format.h"
#include "monitor/engine/elsewhere.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace engine {

namespace {

using metrics::Mark;
using metrics::ServerView;

constexpr auto kRuleLook = std::chrono::seconds(2); // how often rule files are looked at for changes

constexpr auto kRaiseEvery = std::chrono::seconds(5);    // between two starts of a private server that falls

constexpr core::Text kFallen{"The private PostgreSQL has ended unexpectedly; starting it again",
                             "私有 PostgreSQL 意外退出，正在重新启动"};
constexpr core::Text kServerAway{"The database is away", "数据库不可用"};
constexpr core::Text kServerBack{"The database is back", "数据库已恢复"};

} // namespace

void Machine::enrich(metrics::Snapshot& snapshot)
{
    if (const auto gap = m_gaps.tick(readClocks())) {
        m_marks.put(*gap);
        if (gap->until > gap->at) {
            m_head.interrupt(snapshot.interval);
        }
    }
    watchRuleFiles();
    watchServer(snapshot);
    raiseServer();
    m_logs->remember(m_clock.steadyNow(), *m_files);
    snapshot.scenarios = m_runner->rows(lang());
    snapshot.endpoint = m_http ? m_http->address() : std::string();
    m_head.append(snapshot);
    m_rules->evaluate(snapshot);
    markSaid(snapshot.otherAlerts, m_cluster->view());
    tellOwners(m_banners, snapshot.rules, lang());
    m_responder->evaluate(snapshot);
    m_rules->addSeen({m_probe ? m_probe->takeBlocking() : std::vector<metrics::Evidence::Session>(),
                      &snapshot.responses});
    m_notify->fill(snapshot);
    watchNotifications();
    m_cluster->tell(m_banners, lang());
    keepAlerts(snapshot);
    m_store->onTick(); // with what the rules have added
    m_sources.onTick(m_head);
    m_sources.tell(m_banners, lang());
    m_store->keepScenarios(snapshot.scenarios);
    snapshot.marks = m_marks.all();
    snapshot.banners = m_banners.all();
}

void Machine::publish(const metrics::SnapshotPtr& snapshot)
{
    m_latest.set(snapshot);
    {
        const core::MutexLock lock(m_mutex);
        m_history.push(snapshot);
    }
    appendCsv(snapshot);
    recordTick(snapshot);
    if (m_hooks.onSnapshot) {
        m_hooks.onSnapshot();
    }
}

void Machine::watchServer(const metrics::Snapshot& snapshot)
{
    const ServerView& server = snapshot.server;
    if (server.state == ServerView::State::Down) {
        const std::string cause = server.sqlstate.empty() ? server.error : fmt::format("{} ({})", server.error, server.sqlstate);
        m_banners.raise({"database", true, {}, fmt::format("{}: {}", kServerAway.in(lang()), cause), server.target,
                         server.nextTryIn});
    } else if (server.state == ServerView::State::Up) {
        m_banners.clear("database");
    }
    if (server.state == m_serverState) {
        return;
    }
    if (server.state == ServerView::State::Down) {
        m_marks.add(Mark::Kind::ServerDown, say(kServerAway));
    } else if (server.state == ServerView::State::Up && m_serverState == ServerView::State::Down) {
        m_marks.add(Mark::Kind::ServerUp, say(kServerBack));
    }
    if (server.state == ServerView::State::Up && m_store) {
        m_store->keepServer(server);
    }
    m_serverState = server.state;
}

// A private server that was killed is started again: nobody else would.
void Machine::raiseServer()
{
    const core::SteadyTime now = m_clock.steadyNow();
    if (!m_server || now < m_nextRaise || !m_server->fallen()) {
        return;
    }
    m_nextRaise = now + kRaiseEvery;
    spdlog::warn("{}", kFallen.in(lang()));
    m_server->startSoon();
}

void Machine::watchRuleFiles()
{
    const core::SteadyTime now = m_clock.steadyNow();
    const bool wanted = m_rulesWanted.exchange(false);
    if (!wanted && now < m_nextRuleLook) {
        return;
    }
    m_nextRuleLook = now + kRuleLook;
    if (const bool watched = !m_targetDesk->setups().empty(); m_targetRules.exchange(watched) != watched) {
        (void)m_files->post([this] { // rules on targets come with the first of them, and go with the last
            if (const auto loaded = m_rules->load(rulePaths()); !loaded) {
                tell({true, loaded.error().text()});
            }
            recordRules();
        });
    }
    if (m_rules->reloadIfChanged()) {
        recordRules();
    }
    if (const auto problem = m_rules->problem()) {
        m_banners.raise({"rules", false, {}, *problem, "", core::Nanos(0)});
    } else {
        m_banners.clear("rules");
    }
}

void Machine::watchNotifications()
{
    if (const std::string problem = m_notify->service().problem(); !problem.empty()) {
        m_banners.raise({"notify", false, {}, problem, "", core::Nanos(0)});
    } else {
        m_banners.clear("notify");
    }
}

} // namespace engine

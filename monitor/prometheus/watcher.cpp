#include "monitor/prometheus/watcher.h"

#include <utility>

namespace prometheus {

using metrics::RemoteServer;

namespace {

template <class Row>
void nameServer(std::vector<Row>& rows, const std::string& name)
{
    for (Row& row : rows) {
        row.server = name;
    }
}

} // namespace

Watcher::Watcher(Client& client, const core::Clock& clock)
    : m_client(client)
    , m_clock(clock)
{
    RemoteServer first;
    first.name = m_client.spec().name;
    first.url = m_client.spec().url;
    first.match = m_client.spec().match;
    first.takeOver = m_client.spec().takeOver;
    first.since = m_clock.wallNow();
    m_view.set(std::make_shared<const RemoteServer>(std::move(first)));
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Watcher::~Watcher()
{
    m_thread.request_stop();
    m_thread.join();
}

void Watcher::refresh()
{
    {
        const core::MutexLock lock(m_mutex);
        m_wanted = true;
    }
    m_asked.notify_one();
}

void Watcher::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        look(stop);
        core::MutexLock lock(m_mutex);
        m_asked.wait_for(lock, stop, m_client.spec().watch, [this] { return m_wanted; });
        m_wanted = false;
    }
}

bool Watcher::isAway(const core::Error& error) const
{
    return error.code == "strange" || m_client.state().away;
}

void Watcher::look(const std::stop_token& stop)
{
    RemoteServer next = *m_view.get();
    auto rules = m_client.rules(stop);
    auto targets = rules || !isAway(rules.error())
                       ? m_client.targets(stop)
                       : core::Result<std::vector<metrics::RemoteTarget>>(core::Unexpected{rules.error()});
    if (stop.stop_requested()) {
        return;
    }
    const bool away = (!rules && isAway(rules.error())) || (!targets && isAway(targets.error()));
    const RemoteServer::State state = away ? RemoteServer::State::Away : RemoteServer::State::Up;
    next.since = state == next.state ? next.since : m_clock.wallNow();
    next.state = state;
    next.error = !away ? std::string() : !rules ? rules.error().message : targets.error().message;
    if (!away) {
        next.heard = m_clock.wallNow();
        next.rulesNote = rules ? std::string() : rules.error().message;
        next.targetsNote = targets ? std::string() : targets.error().message;
        next.rules = rules ? std::move(rules->rules) : std::vector<metrics::RemoteRule>();
        next.alerts = rules ? std::move(rules->alerts) : std::vector<metrics::RemoteAlert>();
        next.targets = targets ? std::move(*targets) : std::vector<metrics::RemoteTarget>();
        nameServer(next.rules, next.name);
        nameServer(next.alerts, next.name);
        nameServer(next.targets, next.name);
    }
    m_view.set(std::make_shared<const RemoteServer>(std::move(next)));
}

} // namespace prometheus

#include "monitor/alert/remote_index.h"

#include <algorithm>
#include <utility>

namespace alert {

using metrics::RemoteAlert;
using metrics::RemoteRule;
using metrics::RemoteServer;

namespace {

RemoteIndex::Server read(const std::shared_ptr<const RemoteServer>& server)
{
    RemoteIndex::Server made{server, {}};
    for (const RemoteRule& rule : server->rules) {
        if (!rule.recording) {
            made.named[rule.name].rules.push_back(&rule);
        }
    }
    for (const RemoteAlert& alert : server->alerts) {
        if (sameAlert(server->match, alert.labels)) {
            made.named[alert.name].alerts.push_back(&alert);
        }
    }
    return made;
}

} // namespace

bool sameAlert(const metrics::Labels& ours, const metrics::Labels& theirs) noexcept
{
    return std::ranges::all_of(ours, [&](const auto& label) {
        return std::ranges::all_of(theirs, [&](const auto& other) {
            return other.first != label.first || other.second == label.second;
        });
    });
}

void RemoteIndex::look(const metrics::RemoteView& view)
{
    std::vector<Server> next;
    next.reserve(view.size());
    for (const auto& server : view) {
        const auto before =
            std::ranges::find_if(m_servers, [&](const Server& one) { return one.server == server; });
        next.push_back(before != m_servers.end() ? std::move(*before) : read(server));
    }
    m_servers = std::move(next);
}

NamedThere RemoteIndex::of(const Server& server, const LiveRule& live)
{
    const auto at = server.named.find(live.rule->name);
    if (at == server.named.end()) {
        return {};
    }
    NamedThere found = at->second;
    if (std::ranges::any_of(found.rules, [&](const auto* rule) { return rule->group == live.group; })) {
        std::erase_if(found.rules, [&](const auto* rule) { return rule->group != live.group; });
    }
    std::erase_if(found.alerts, [&](const RemoteAlert* alert) {
        return std::ranges::none_of(found.rules,
                                    [&](const auto* rule) { return rule->group == alert->group; });
    });
    return found;
}

std::vector<const RemoteAlert*> RemoteIndex::alertsThere(const LiveRule& live) const
{
    std::vector<const RemoteAlert*> found;
    for (const Server& server : m_servers) {
        const NamedThere there = of(server, live);
        found.insert(found.end(), there.alerts.begin(), there.alerts.end());
    }
    return found;
}

} // namespace alert

// What servers say of rules, found by the rule's name.
#pragma once

#include "monitor/alert/rule_rows.h"
#include "monitor/metrics/remote_rows.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace alert {

// Of one server: the alerting rules of one name and their alerts, as it tells them.
struct NamedThere {
    std::vector<const metrics::RemoteRule*> rules;
    std::vector<const metrics::RemoteAlert*> alerts;
};

// Each look of a server is read once, however many rules ask. Alerts that are another instance's (a label of
// RemoteServer::match says something else) are left out; one without such a label is of all. Not thread-safe;
// what is returned is valid until the next look().
class RemoteIndex {
public:
    struct Server {
        std::shared_ptr<const metrics::RemoteServer> server;
        std::unordered_map<std::string_view, NamedThere> named; // the names are the server's
    };

    // Reads those that have been asked again since.
    void look(const metrics::RemoteView& view);
    [[nodiscard]] const std::vector<Server>& servers() const noexcept { return m_servers; }
    // What stands for this rule at that server: of its group too, where the server has one there.
    [[nodiscard]] static NamedThere of(const Server& server, const LiveRule& live);
    // Of all servers; of those that are away what was heard last.
    [[nodiscard]] std::vector<const metrics::RemoteAlert*> alertsThere(const LiveRule& live) const;

private:
    std::vector<Server> m_servers;
};

// Whether both speak of the same thing: no label that both have says something else. (A server adds instance,
// job and its own labels to what it scrapes here.)
[[nodiscard]] bool sameAlert(const metrics::Labels& ours, const metrics::Labels& theirs) noexcept;

} // namespace alert

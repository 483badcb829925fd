// Rules that are not ours alone: who tells of what they find, and where it is shown.
#include "monitor/alert/live_group.h"
#include "monitor/alert/rule_engine.h"

#include <algorithm>
#include <set>
#include <utility>

namespace alert {

using metrics::AlertRow;
using metrics::AlertState;
using metrics::RuleOwner;
using metrics::RuleStanding;

namespace {

std::string keyOf(const LiveRule& live)
{
    return live.file + '\n' + live.group + '\n' + live.rule->name + '\n' + std::to_string(live.rule->number);
}

bool isAway(const metrics::RemoteView& view, const std::string& server)
{
    return std::ranges::any_of(view, [&](const auto& one) {
        return one->name == server && one->state != metrics::RemoteServer::State::Up;
    });
}

bool hasSame(const std::vector<AlertRow>& rows, const LiveRule& live, const metrics::RemoteAlert& alert)
{
    return std::ranges::any_of(rows, [&](const AlertRow& row) {
        return row.name == live.rule->name && row.group == live.group && row.source.empty() &&
               row.state != AlertState::Resolved && sameAlert(row.labels, alert.labels);
    });
}

} // namespace

// After the rules are evaluated, for shadows are compared as they are now.
void RuleEngine::standRules()
{
    m_elsewhere = m_options.elsewhere ? m_options.elsewhere() : metrics::RemoteView();
    m_ownership.look(m_elsewhere, m_lang.load(std::memory_order_relaxed));
    for (const auto& group : m_groups) {
        for (LiveRule& live : group->rules) {
            if (live.rule->kind == Rule::Kind::Alerting && !live.rule->extras.disabled) {
                live.standing = m_ownership.stand(keyOf(live), live, m_now);
            } else {
                live.standing = {};
            }
        }
    }
    m_ownership.forgetRest();
}

// What others tell of is no event here, unless it began as one: then its end is. What fires already and has
// become ours to tell begins now.
void RuleEngine::settleOwners(const Rows& rows, std::vector<Event>& events)
{
    const auto& open = m_chronicle.open();
    std::set<std::string> begun;
    for (const Event& event : events) {
        if (event.change.to == AlertState::Firing) {
            begun.insert(event.row.incidentId);
        }
    }
    std::erase_if(
        events, [&](const Event& event) { return event.row.quiet && !open.contains(event.row.incidentId); });
    for (const AlertRow& row : rows.alerts) {
        const bool missing = !row.quiet && metrics::isOpen(row.state) && !row.incidentId.empty() &&
                             !open.contains(row.incidentId) && !begun.contains(row.incidentId);
        if (missing) {
            events.push_back({row, {row.labels, AlertState::Pending, AlertState::Firing, Cause::TakenOver}});
        }
    }
}

// Rows that are ours to tell, and the others: what shadows see, what a server says of rules it owns, and what
// we see of those while nobody watches them.
void RuleEngine::part(Rows& rows, const std::vector<Event>& events)
{
    std::set<std::string> ended; // just now: still ours
    for (const Event& event : events) {
        ended.insert(event.row.incidentId);
    }
    std::vector<AlertRow> ours;
    for (std::size_t i = 0; i < rows.alerts.size(); ++i) {
        AlertRow& row = rows.alerts[i];
        const bool known = !row.incidentId.empty() &&
                           (m_chronicle.open().contains(row.incidentId) || ended.contains(row.incidentId));
        if (!row.quiet || known) {
            ours.push_back(std::move(row));
        } else if (rows.ruleOf[i]->standing.watch != RuleStanding::Watch::There &&
                   row.state != AlertState::Resolved) {
            rows.others.push_back(std::move(row));
        }
    }
    rows.alerts = std::move(ours);
    const core::Lang lang = m_lang.load(std::memory_order_relaxed);
    for (const auto& group : m_groups) {
        for (const LiveRule& live : group->rules) {
            const bool theirs = live.rule->extras.owner == RuleOwner::Prometheus &&
                                !live.rule->extras.disabled &&
                                live.standing.watch != RuleStanding::Watch::TakenOver;
            for (const metrics::RemoteAlert* alert :
                 theirs ? m_ownership.there().alertsThere(live) : std::vector<const metrics::RemoteAlert*>()) {
                if (!hasSame(rows.alerts, live, *alert) && !hasSame(rows.others, live, *alert)) {
                    rows.others.push_back(
                        rowOf(*alert, m_now.wall, isAway(m_elsewhere, alert->server), lang));
                }
            }
        }
    }
}

} // namespace alert

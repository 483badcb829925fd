#include "monitor/alert/ownership.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace alert {

using metrics::AlertState;
using metrics::RemoteAlert;
using metrics::RemoteRule;
using metrics::RemoteServer;
using metrics::RuleDifference;
using metrics::RuleOwner;
using metrics::RuleStanding;

namespace {

constexpr core::Nanos kTakeOver = std::chrono::minutes(2); // where no server says otherwise

int rankOf(AlertState state) noexcept
{
    return state == AlertState::Firing ? 2 : state == AlertState::Pending ? 1 : 0;
}

constexpr core::Text kNotAsked{"not asked yet", "尚未查询"};
constexpr core::Text kNoRule{"it has no rule of this name", "该处没有同名规则"};
constexpr core::Text kFails{"it cannot evaluate the rule", "该处无法计算此规则"};
constexpr core::Text kNoServer{"no Prometheus is configured", "未配置 Prometheus"};

// Of one server: with labels of our own instance its alerts count, for the rule's state is of all instances.
AlertState stateOf(const RemoteServer& server, const NamedThere& there)
{
    AlertState state = AlertState::Inactive;
    const auto rise = [&](AlertState other) { state = rankOf(other) > rankOf(state) ? other : state; };
    if (server.match.empty()) {
        std::ranges::for_each(there.rules, [&](const RemoteRule* rule) { rise(rule->state); });
    } else {
        std::ranges::for_each(there.alerts, [&](const RemoteAlert* alert) { rise(alert->state); });
    }
    return state;
}

// Why a server that has the rule does not watch it; empty: it does.
std::string troubleOf(const RemoteServer& server, const std::vector<const RemoteRule*>& rules,
                      core::Lang lang)
{
    if (server.state == RemoteServer::State::Unknown) {
        return std::string(kNotAsked.in(lang));
    }
    if (server.state == RemoteServer::State::Away) {
        return server.error;
    }
    if (rules.empty()) {
        return server.rulesNote.empty() ? std::string(kNoRule.in(lang)) : server.rulesNote;
    }
    for (const RemoteRule* rule : rules) {
        if (rule->health == "err") {
            return rule->lastError.empty() ? std::string(kFails.in(lang)) : rule->lastError;
        }
    }
    return {};
}

core::Nanos least(core::Nanos one, core::Nanos other)
{
    return one == core::Nanos(0) || other == core::Nanos(0) ? std::max(one, other) : std::min(one, other);
}

std::string annotation(const RemoteAlert& alert, const std::string& name, core::Lang lang)
{
    const auto english = alert.annotations.find(name + "_en");
    if (lang == core::Lang::English && english != alert.annotations.end()) {
        return english->second;
    }
    const auto at = alert.annotations.find(name);
    return at != alert.annotations.end() ? at->second : std::string();
}

const RuleDifference* differenceIn(const std::vector<RuleDifference>& list, const RuleDifference& wanted)
{
    const auto at = std::ranges::find_if(list, [&](const RuleDifference& one) {
        return one.here == wanted.here && one.labels == wanted.labels;
    });
    return at == list.end() ? nullptr : &*at;
}

} // namespace

metrics::AlertRow rowOf(const RemoteAlert& alert, core::WallTime now, bool stale, core::Lang lang)
{
    metrics::AlertRow row;
    row.name = alert.name;
    row.group = alert.group;
    row.labels = alert.labels;
    row.annotations = alert.annotations;
    row.state = alert.state;
    row.severity = alert.severity;
    row.value = alert.value;
    row.activeSince = alert.activeAt;
    row.firedAt = alert.state == AlertState::Firing ? alert.activeAt : core::WallTime{};
    row.activeFor = std::max(core::Nanos(0), core::Nanos(now - alert.activeAt));
    row.overlay = stale ? metrics::Overlay::NoData : metrics::Overlay::None;
    row.summary = annotation(alert, "summary", lang);
    row.description = annotation(alert, "description", lang);
    row.owner = RuleOwner::Prometheus;
    row.quiet = true;
    row.source = alert.server;
    return row;
}

void Ownership::judge(RuleStanding& standing, Known& known, core::Nanos takeOver, const Moment& now)
{
    using Watch = RuleStanding::Watch;
    if (standing.reason.empty()) {
        known.unwatched.reset();
        standing.watch = Watch::There;
    } else {
        known.unwatched = known.unwatched.value_or(now);
        const core::Nanos left = takeOver - core::Nanos(now.steady - known.unwatched->steady);
        const bool over = takeOver > core::Nanos(0) && left <= core::Nanos(0);
        standing.watch = over ? Watch::TakenOver : Watch::Nobody;
        standing.takesOverIn = over ? core::Nanos(0) : std::max(core::Nanos(0), left);
    }
    if (known.watch != standing.watch || !known.since) {
        known.watch = standing.watch;
        known.since = now.wall;
    }
    standing.since = *known.since;
}

// What fires at one side only; a difference keeps the moment it was first seen.
void Ownership::compare(RuleStanding& standing, Known& known, const LiveRule& live, const Moment& now) const
{
    std::vector<const RemoteAlert*> theirs = m_index.alertsThere(live);
    std::erase_if(theirs, [](const RemoteAlert* alert) { return alert->state != AlertState::Firing; });
    std::vector<RuleDifference> found;
    for (const auto& [labels, instance] : live.instances) {
        const bool both = std::ranges::any_of(
            theirs, [&](const RemoteAlert* alert) { return sameAlert(labels, alert->labels); });
        if (instance.open() && !both) {
            found.push_back({labels, true, now.wall});
        }
    }
    for (const RemoteAlert* alert : theirs) {
        const bool both = std::ranges::any_of(live.instances, [&](const auto& entry) {
            return entry.second.open() && sameAlert(entry.first, alert->labels);
        });
        if (!both) {
            found.push_back({alert->labels, false, now.wall});
        }
    }
    for (RuleDifference& one : found) {
        if (const RuleDifference* before = differenceIn(known.differences, one)) {
            one.since = before->since;
        }
    }
    known.differences = found;
    standing.differences = std::move(found);
}

void Ownership::look(const metrics::RemoteView& view, core::Lang lang)
{
    m_lang = lang;
    m_index.look(view);
}

RuleStanding Ownership::stand(const std::string& key, const LiveRule& live, const Moment& now)
{
    RuleStanding standing;
    std::optional<core::Nanos> takeOver;
    std::string trouble = m_index.servers().empty() ? std::string(kNoServer.in(m_lang)) : std::string();
    bool watched = false;
    for (const RemoteIndex::Server& one : m_index.servers()) {
        const auto& server = one.server;
        const NamedThere found = RemoteIndex::of(one, live);
        const auto& rules = found.rules;
        const std::string reason = troubleOf(*server, rules, m_lang);
        takeOver = takeOver ? least(*takeOver, server->takeOver) : server->takeOver;
        standing.known |= !rules.empty();
        const AlertState state = stateOf(*server, found);
        standing.there = rankOf(state) > rankOf(standing.there) ? state : standing.there;
        if (reason.empty() && !watched) {
            watched = true;
            standing.server = server->name;
        } else if (!watched && (standing.server.empty() || !rules.empty())) {
            standing.server = server->name;
            trouble = reason;
        }
    }
    standing.reason = watched ? std::string() : trouble;
    const RuleOwner owner = live.rule->extras.owner;
    if (owner == RuleOwner::Local) {
        standing.reason.clear();
        return standing;
    }
    Known& known = m_known[key];
    known.seen = true;
    if (owner == RuleOwner::Shadow) {
        known.unwatched.reset();
        known.since.reset();
        if (watched) {
            compare(standing, known, live, now);
        }
        return standing;
    }
    known.differences.clear();
    judge(standing, known, takeOver.value_or(kTakeOver), now);
    return standing;
}

void Ownership::forgetRest()
{
    std::erase_if(m_known, [](const auto& entry) { return !entry.second.seen; });
    for (auto& [key, known] : m_known) {
        known.seen = false;
    }
}

} // namespace alert

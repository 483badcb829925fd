// Which rules are in use, and what goes over from those before: after a reload, after a restart.
#include "monitor/alert/live_group.h"
#include "monitor/alert/rule_log.h"
#include "monitor/series/label_ops.h"

#include <algorithm>
#include <map>
#include <utility>

namespace alert {

using metrics::AlertState;

namespace {

// A change of the rule as such makes its states void; the same rule read again keeps them.
std::string identityOf(const RuleGroup& group, const Rule& rule)
{
    return (rule.extras.disabled ? "disabled\n" : "") + group.name + '\n' + rule.name + '\n' + rule.exprText + '\n' +
           std::to_string(rule.holdFor.count()) + '\n' + series::labelsText(rule.plainLabels);
}

LiveRule liveRule(const Rule& rule, const std::string& group, const std::string& file, core::Nanos interval)
{
    LiveRule live;
    live.rule = &rule;
    live.group = group;
    live.file = file;
    live.interval = interval;
    live.comparison = comparisonOf(*rule.expr);
    return live;
}

} // namespace

core::Result<void, RuleFileError> RuleEngine::load(std::vector<std::string> paths)
{
    const core::MutexLock lock(m_mutex);
    auto loaded = m_set.load(std::move(paths));
    if (loaded) {
        adopt();
    } else {
        logProblem(loaded.error().text());
    }
    return loaded;
}

bool RuleEngine::reloadIfChanged()
{
    const core::MutexLock lock(m_mutex);
    const auto before = m_set.problem() ? m_set.problem()->text() : std::string();
    const bool changed = m_set.reloadIfChanged();
    if (changed) {
        adopt();
    } else if (m_set.problem() && m_set.problem()->text() != before) {
        logProblem(m_set.problem()->text());
    }
    return changed;
}

std::optional<std::string> RuleEngine::problem() const
{
    const core::MutexLock lock(m_mutex);
    return m_set.problem() ? std::optional(m_set.problem()->text()) : std::nullopt;
}

EditedRule RuleEngine::find(const metrics::RuleKey& key) const
{
    const core::MutexLock lock(m_mutex);
    for (const auto& group : m_groups) {
        for (const LiveRule& live : group->rules) {
            if (live.file == key.file && live.group == key.group && live.rule->name == key.name &&
                live.rule->number == key.number) {
                return {live.own, live.rule->draft, live.rule->shipped};
            }
        }
    }
    return {};
}

RuleSet::Files RuleEngine::files() const
{
    const core::MutexLock lock(m_mutex);
    return m_files;
}

// Takes the set's rules; states go over to rules that are the same as before, alerts of the others end.
void RuleEngine::adopt()
{
    std::multimap<std::string, LiveRule*> known;
    for (const auto& group : m_groups) {
        for (std::size_t i = 0; i < group->rules.size(); ++i) {
            known.emplace(group->identities[i], &group->rules[i]);
        }
    }
    const RuleSet::Files files = m_set.files();
    std::vector<std::unique_ptr<LiveGroup>> groups;
    std::map<std::pair<std::string, std::string>, bool> names; // whether it is evaluated
    for (const RuleFile& file : *files) {
        for (const RuleGroup& group : file.groups) {
            auto live = std::make_unique<LiveGroup>();
            live->interval = group.interval.count() > 0 ? group.interval : m_options.interval;
            live->limit = group.limit;
            for (const Rule& rule : group.rules) {
                LiveRule added = liveRule(rule, group.name, file.path, live->interval);
                added.own = !m_options.userRules.empty() && file.path == m_options.userRules;
                live->identities.push_back(identityOf(group, rule));
                names[{group.name, rule.name}] |= !rule.extras.disabled;
                if (const auto old = known.find(live->identities.back()); old != known.end()) {
                    added.instances = std::move(old->second->instances);
                    added.overlays = std::move(old->second->overlays);
                    added.outage = old->second->outage;
                    added.recorded = std::move(old->second->recorded);
                    known.erase(old);
                }
                live->rules.push_back(std::move(added));
            }
            groups.push_back(std::move(live));
        }
    }
    for (const auto& [identity, lost] : known) {
        const auto left = names.find({lost->group, lost->rule->name});
        endAlerts(*lost, left == names.end() ? Cause::RuleRemoved
                         : left->second      ? Cause::RuleUpdated
                                             : Cause::RuleDisabled);
    }
    m_groups = std::move(groups);
    m_files = files;
}

void RuleEngine::endAlerts(LiveRule& live, Cause cause)
{
    metrics::Snapshot now;
    now.steady = m_now.steady;
    for (Instances* instances : {&live.instances, &live.overlays}) {
        const Instances before = *instances;
        for (Change& change : endAll(*instances, cause, m_now)) {
            const auto left = instances->find(change.labels);
            const Instance& instance = left != instances->end() ? left->second : before.at(change.labels);
            Event event{alertRow(live, change.labels, instance, now, m_lang.load(std::memory_order_relaxed)),
                        std::move(change)};
            event.row.state = event.change.to;
            m_ended.push_back(std::move(event));
        }
    }
}

AlertMemory RuleEngine::memory() const
{
    AlertMemory memory;
    const core::MutexLock lock(m_mutex);
    if (m_restoring) { // nothing was evaluated yet: all is as it was
        memory = *m_restoring;
        memory.attention = m_attention.saved();
        return memory;
    }
    memory.savedAt = m_now.wall;
    for (const auto& group : m_groups) {
        if (group->evaluated && !group->identities.empty()) {
            memory.paces.push_back({group->identities.front(), m_now.wall - std::chrono::duration_cast<core::WallTime::duration>(
                                                                               m_now.steady - *group->evaluated)});
        }
        for (std::size_t i = 0; i < group->rules.size(); ++i) {
            const LiveRule& live = group->rules[i];
            for (const Instances* instances : {&live.instances, &live.overlays}) {
                for (const auto& [labels, instance] : *instances) {
                    memory.instances.push_back(savedInstance(group->identities[i], labels, instance));
                    memory.instances.back().overlay = instances == &live.overlays;
                }
            }
        }
    }
    for (const auto& [incident, telling] : m_teller.tellings()) {
        memory.tellings.push_back(
            {telling.last.row, telling.told, telling.owed, telling.severity, telling.count, telling.at.wall});
    }
    for (const auto& [id, incident] : m_chronicle.open()) {
        memory.open.push_back(incident);
    }
    memory.attention = m_attention.saved();
    return memory;
}

void RuleEngine::restore(AlertMemory memory)
{
    const core::MutexLock lock(m_mutex);
    m_attention.restore(memory.attention);
    m_restoring = std::move(memory);
}

std::uint64_t RuleEngine::memoryVersion() const
{
    const core::MutexLock lock(m_mutex);
    return m_version + m_attention.version();
}

// Instances go back to the rules they belong to; what has no rule any more is over.
void RuleEngine::takeUp()
{
    if (!m_restoring) {
        return;
    }
    AlertMemory memory = std::move(*m_restoring);
    m_restoring.reset();
    std::multimap<std::string, LiveRule*> known;
    for (const auto& group : m_groups) {
        const auto pace = std::find_if(memory.paces.begin(), memory.paces.end(), [&group](const SavedPace& one) {
            return !group->identities.empty() && one.rule == group->identities.front();
        });
        if (memory.continuity == Continuity::Seamless && pace != memory.paces.end() && pace->at <= m_now.wall) {
            group->evaluated = m_now.steady - core::Nanos(m_now.wall - pace->at);
        }
        for (std::size_t i = 0; i < group->rules.size(); ++i) {
            known.emplace(group->identities[i], &group->rules[i]);
        }
    }
    std::set<std::string> alive;
    for (const SavedInstance& saved : memory.instances) {
        const auto [first, last] = known.equal_range(saved.rule);
        const auto place = std::find_if(first, last, [&](const auto& entry) {
            return !(saved.overlay ? entry.second->overlays : entry.second->instances).contains(saved.labels);
        });
        auto instance = place == last ? std::nullopt
                        : memory.continuity == Continuity::Seamless
                            ? std::optional(resumed(saved, m_now))
                            : restored(saved, memory.savedAt, *place->second->rule, m_now);
        if (instance) {
            if (instance->open()) {
                alive.insert(instance->incident);
            }
            (saved.overlay ? place->second->overlays : place->second->instances)
                .emplace(saved.labels, std::move(*instance));
        }
    }
    takeUpRest(std::move(memory), alive);
}

// Incidents of which nothing is alive any more end now: their rule is gone, or the outage was too long.
void RuleEngine::takeUpRest(AlertMemory memory, const std::set<std::string>& alive)
{
    const bool longAway = m_now.wall - memory.savedAt > kOutageTolerance;
    for (const metrics::Incident& incident : memory.open) {
        if (alive.contains(incident.id)) {
            continue;
        }
        Event event{{},
                    {incident.labels, AlertState::Firing, AlertState::Resolved,
                     longAway ? Cause::Condition : Cause::RuleRemoved}};
        event.row.name = incident.rule;
        event.row.group = incident.group;
        event.row.labels = incident.labels;
        event.row.severity = incident.severity;
        event.row.state = AlertState::Resolved;
        event.row.summary = incident.summary;
        event.row.description = incident.description;
        event.row.firedAt = incident.firedAt;
        event.row.resolvedAt = m_now.wall;
        event.row.firingFor = m_now.wall - incident.firedAt;
        event.row.peak = incident.peak;
        event.row.returns = incident.returns;
        event.row.incidentId = incident.id;
        m_ended.push_back(std::move(event));
    }
    std::map<std::string, Teller::Telling> tellings;
    for (SavedTelling& saved : memory.tellings) {
        Teller::Telling telling;
        telling.told = saved.told;
        telling.owed = saved.owed;
        telling.severity = saved.severity;
        telling.count = saved.count;
        telling.at = {saved.at, m_now.steady - std::max(core::Nanos(0), core::Nanos(m_now.wall - saved.at))};
        telling.last.row = std::move(saved.row);
        tellings[telling.last.row.incidentId] = std::move(telling);
    }
    m_teller.restore(std::move(tellings));
    m_chronicle.restore(std::move(memory.open));
}

} // namespace alert

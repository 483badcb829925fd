#include "monitor/alert/rule_engine.h"

#include "monitor/alert/live_group.h"
#include "monitor/alert/rule_evaluation.h"
#include "monitor/alert/rule_exposition.h"
#include "monitor/alert/rule_log.h"
#include "monitor/metrics/fingerprint.h"
#include "monitor/series/label_ops.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace alert {

using metrics::AlertRow;
using metrics::AlertState;
using metrics::Labels;
using metrics::MetricDef;
using metrics::RuleRow;

struct RuleEngine::Found {
    LiveRule* live = nullptr;
    Change change;
};

namespace {

// Unique for ever: the same labels of the same group never begin to fire twice at one time, for time does not
// step back.
std::string newIncident(const std::string& group, Labels labels, core::WallTime fired)
{
    labels.emplace_back("poolscope_group", group);
    return fmt::format("{}-{:x}", metrics::fingerprintText(metrics::fingerprintOf(labels)),
                       fired.time_since_epoch().count());
}

Instance* instanceIn(LiveRule& live, const Labels& labels)
{
    for (Instances* instances : {&live.instances, &live.overlays}) {
        if (const auto at = instances->find(labels); at != instances->end()) {
            return &at->second;
        }
    }
    return nullptr;
}

bool turns(const Change& change)
{
    return change.from != change.to && change.to != AlertState::Pending && change.to != AlertState::Inactive;
}

Subject subjectOf(const AlertRow& row, const LiveRule& live)
{
    return {row, live.rule->exprText, live.rule->extras.response, live.rule->extras.repeatEvery,
            metrics::ResolveReason::Condition, row.quiet};
}

} // namespace

RuleEngine::RuleEngine(series::Head& head, const promql::Querier& querier, RuleEngineOptions options)
    : m_head(head)
    , m_querier(querier)
    , m_options(std::move(options))
    , m_lang(m_options.lang)
    , m_set(m_options.userRules)
    , m_chronicle(m_options.history, m_options.evidence)
{
}

RuleEngine::~RuleEngine() = default;

std::span<const MetricDef> RuleEngine::metrics() noexcept
{
    return ruleMetricDefs();
}

// Both clocks; what is written down never runs backwards: while the wall's clock is behind, time goes on by
// the steady one.
Moment RuleEngine::momentOf(const metrics::Snapshot& snapshot) const
{
    Moment now{snapshot.at, snapshot.steady};
    if (m_restoring) { // nor over a restart; a clock that was a day ahead is not believed
        const core::WallTime before = m_restoring->savedAt;
        if (now.wall <= before && before - now.wall < std::chrono::hours(24)) {
            now.wall = before + std::chrono::microseconds(1);
        }
    } else if (now.wall < m_now.wall) {
        now.wall =
            m_now.wall + std::chrono::duration_cast<std::chrono::microseconds>(now.steady - m_now.steady);
    }
    return now;
}

void RuleEngine::evaluate(metrics::Snapshot& snapshot)
{
    std::vector<Event> events;
    std::vector<metrics::AlertEvent> told;
    {
        const core::MutexLock lock(m_mutex);
        m_now = momentOf(snapshot);
        takeUp();
        events = std::exchange(m_ended, {});
        std::vector<Found> found = evaluateGroups(snapshot);
        standRules();
        Rows rows = makeRows(snapshot);
        for (Event& event : eventsOf(std::move(found), rows)) {
            events.push_back(std::move(event));
        }
        attend(rows, events, snapshot);
        const bool news = !events.empty();
        settleOwners(rows, events);
        told = chronicle(rows, events, snapshot);
        m_version += !news && events.empty() && told.empty() ? 0 : 1;
        part(rows, events);
        snapshot.alerts = rows.alerts;
        snapshot.otherAlerts = rows.others;
        snapshot.rules = rows.rules;
        rows.ruleOf.clear();
        m_rows.set(std::make_shared<const Rows>(std::move(rows)));
    }
    expose(snapshot);
    tell(events, told);
}

std::vector<RuleEngine::Found> RuleEngine::evaluateGroups(const metrics::Snapshot& snapshot)
{
    std::vector<Found> found;
    const std::int64_t at = core::epochMillis(snapshot.at);
    for (const auto& group : m_groups) {
        // Half a tick early is on time: ticks come with a little jitter.
        const bool due = !group->evaluated ||
                         snapshot.steady - *group->evaluated >= group->interval - snapshot.interval / 2;
        if (!due) {
            continue;
        }
        group->evaluated = snapshot.steady;
        for (LiveRule& live : group->rules) {
            if (live.rule->extras.disabled) {
                continue;
            }
            if (live.rule->kind == Rule::Kind::Alerting) {
                evaluateAlert(live, group->limit, at, found);
            } else {
                evaluateRecording(live, group->limit, at);
            }
        }
    }
    return found;
}

const promql::Querier& RuleEngine::querierOf(const LiveRule& live) const
{
    return m_options.own != nullptr && m_options.isOwn && m_options.isOwn(live.file) ? *m_options.own : m_querier;
}

void RuleEngine::evaluateAlert(LiveRule& live, int limit, std::int64_t at, std::vector<Found>& found)
{
    const Terms terms = termsOf(live);
    const Findings findings = findAlerts(live, querierOf(live), at);
    std::vector<Change> changes;
    if (limit > 0) { // what goes beyond it leaves no trace
        Instances next = live.instances;
        changes = advance(next, findings, terms, m_now);
        const auto active =
            std::count_if(next.begin(), next.end(), [](const auto& entry) { return entry.second.alive(); });
        if (active > limit) {
            live.error = fmt::format("exceeded limit of {} with {} alerts", limit, active);
            changes = endAll(live.instances, Cause::LimitExceeded, m_now);
        } else {
            live.instances = std::move(next);
        }
    } else {
        changes = advance(live.instances, findings, terms, m_now);
    }
    (void)follow(live.outage, findings.data, terms, m_now);
    const Findings overlays{Data::There, overlayAlerts(live)};
    for (Change& change : advance(live.overlays, overlays, {}, m_now)) {
        changes.push_back(std::move(change));
    }
    for (Change& change : changes) {
        found.push_back({&live, std::move(change)});
    }
}

void RuleEngine::evaluateRecording(LiveRule& live, int limit, std::int64_t at)
{
    const std::vector<series::NamedSample> samples = recordSamples(live, querierOf(live), at, limit);
    std::set<Labels> fresh;
    for (const series::NamedSample& sample : samples) {
        fresh.insert(sample.labels);
    }
    std::erase_if(live.recorded, [&](const Labels& labels) { return fresh.contains(labels); });
    m_head.append(at, samples);
    m_head.markStale(at, live.recorded);
    live.recorded.assign(fresh.begin(), fresh.end());
}

RuleEngine::Rows RuleEngine::makeRows(const metrics::Snapshot& snapshot) const
{
    const core::Lang lang = m_lang.load(std::memory_order_relaxed);
    Rows rows;
    for (const auto& group : m_groups) {
        for (const LiveRule& live : group->rules) {
            if (live.rule->kind != Rule::Kind::Alerting) {
                continue;
            }
            rows.rules.push_back(ruleRow(live, snapshot));
            for (const Instances* instances : {&live.instances, &live.overlays}) {
                for (const auto& [labels, instance] : *instances) {
                    rows.alerts.push_back(alertRow(live, labels, instance, snapshot, lang));
                    rows.ruleOf.push_back(&live);
                }
            }
        }
    }
    return rows;
}

// Gives each change the row it belongs to, and each new incident its name.
std::vector<Event> RuleEngine::eventsOf(std::vector<Found> found, const Rows& rows)
{
    std::vector<Event> events;
    std::map<std::pair<const LiveRule*, Labels>, std::size_t> places;
    for (std::size_t i = 0; !found.empty() && i < rows.alerts.size(); ++i) {
        places.emplace(std::pair(rows.ruleOf[i], rows.alerts[i].labels), i);
    }
    for (Found& one : found) {
        Event event{{}, std::move(one.change)};
        if (const auto at = places.find({one.live, event.change.labels}); at != places.end()) {
            event.row = rows.alerts[at->second];
        } else {
            event.row.name = one.live->rule->name;
            event.row.group = one.live->group;
            event.row.labels = event.change.labels;
            event.row.state = event.change.to;
            event.row.quiet = isQuiet(*one.live);
        }
        Instance* instance = instanceIn(*one.live, event.change.labels);
        if (event.change.to == AlertState::Firing && event.change.cause == Cause::Condition &&
            instance != nullptr) {
            instance->incident = newIncident(one.live->group, event.change.labels, m_now.wall);
            event.row.incidentId = instance->incident;
        }
        events.push_back(std::move(event));
    }
    return events;
}

// The flags beside the states: inhibited, acknowledged, snoozed, silenced, flapping.
void RuleEngine::attend(Rows& rows, const std::vector<Event>& events, const metrics::Snapshot& snapshot)
{
    for (const Event& event : events) {
        if (turns(event.change)) {
            m_flaps.note(event.row.group, event.change.labels, m_now.steady);
        }
        if (event.change.cause == Cause::SeverityRose) {
            m_attention.breakAck(event.row.incidentId);
        }
    }
    m_flaps.expire(m_now.steady);
    for (std::size_t i = 0; i < rows.alerts.size(); ++i) {
        AlertRow& row = rows.alerts[i];
        row.flapping = m_flaps.flapping(row.group, row.labels, m_now.steady);
        if (row.incidentId.empty() && metrics::isOpen(row.state)) { // it began just now
            for (const Instances* instances : {&rows.ruleOf[i]->instances, &rows.ruleOf[i]->overlays}) {
                if (const auto at = instances->find(row.labels); at != instances->end()) {
                    row.incidentId = at->second.incident;
                }
            }
        }
    }
    inhibit(rows.alerts, rows.ruleOf);
    m_attention.mark(rows.alerts, snapshot.at);
}

// What is written down and what is to be told of this evaluation.
std::vector<metrics::AlertEvent> RuleEngine::chronicle(const Rows& rows, const std::vector<Event>& events,
                                                       const metrics::Snapshot& snapshot)
{
    for (const Event& event : events) {
        m_chronicle.changed(event, snapshot, m_now);
        if (event.change.to == AlertState::Resolved && event.change.cause != Cause::Condition) {
            m_teller.end(event.row, reasonOf(event.change.cause));
        }
    }
    m_chronicle.attend(rows.alerts, m_now);
    std::vector<Subject> subjects;
    for (std::size_t i = 0; i < rows.alerts.size(); ++i) {
        if (!rows.alerts[i].incidentId.empty()) {
            subjects.push_back(subjectOf(rows.alerts[i], *rows.ruleOf[i]));
        }
    }
    const std::size_t known = subjects.size();
    m_teller.addVanished(subjects, m_now);
    for (std::size_t i = known; i < subjects.size(); ++i) {
        m_attention.markSilenced(subjects[i].row, snapshot.at);
    }
    return m_teller.step(subjects, m_now);
}

// ALERTS and what the rules compare, for /metrics; ALERTS also into the history.
void RuleEngine::expose(metrics::Snapshot& snapshot)
{
    const std::int64_t at = core::epochMillis(snapshot.at);
    std::vector<series::NamedSample> samples = exposeRules(snapshot);
    m_head.append(at, samples);
    std::set<Labels> active;
    for (series::NamedSample& sample : samples) {
        active.insert(std::move(sample.labels));
    }
    std::erase_if(m_exposed, [&](const Labels& labels) { return active.contains(labels); });
    m_head.markStale(at, m_exposed);
    m_exposed.assign(active.begin(), active.end());
}

void RuleEngine::tell(const std::vector<Event>& events, const std::vector<metrics::AlertEvent>& told)
{
    const core::Lang lang = m_lang.load(std::memory_order_relaxed);
    for (const Event& event : events) {
        const Change& change = event.change;
        if (m_options.logging == RuleEngineOptions::Logging::On && change.from != change.to &&
            change.cause != Cause::Returned) {
            logChange(event.row, change.to, lang);
        }
        if (m_options.onTransition) {
            m_options.onTransition({event.row, change.from, change.to, change.cause});
        }
    }
    for (const metrics::AlertEvent& event : told) {
        if (m_options.onEvent) {
            m_options.onEvent(event);
        }
    }
}

void RuleEngine::addSeen(const Seen& seen)
{
    const core::MutexLock lock(m_mutex);
    m_chronicle.add(seen, m_now);
}

std::vector<AlertRow> RuleEngine::alerts() const
{
    const auto rows = m_rows.get();
    return rows ? rows->alerts : std::vector<AlertRow>();
}

std::vector<RuleRow> RuleEngine::rules() const
{
    const auto rows = m_rows.get();
    return rows ? rows->rules : std::vector<RuleRow>();
}

std::vector<std::string> RuleEngine::firing() const
{
    std::set<std::string> names;
    for (const AlertRow& row : alerts()) {
        if (metrics::isOpen(row.state)) {
            names.insert(row.name);
        }
    }
    return {names.begin(), names.end()};
}

} // namespace alert

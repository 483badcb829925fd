// The machine and its alerts: what rules tell, what is kept of it, what people say about it.
#include "monitor/engine/machine.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace engine {

namespace {

using metrics::Mark;

constexpr core::Text kNotKept{"it holds until the program ends, for it cannot be saved: {}",
                              "无法保存，仅在程序运行期间有效：{}"};
constexpr core::Text kNotSaved{"Alerts cannot be saved: {}", "告警状态无法保存：{}"};

} // namespace

alert::RuleEngineOptions Machine::ruleOptions()
{
    alert::RuleEngineOptions options;
    options.lang = lang();
    options.userRules = userRules().string();
    options.own = &m_ownQuerier;
    options.isOwn = [ours = m_config.defaultRules.string()](const std::string& file) { return file == ours; };
    options.onTransition = [this](const alert::Transition& transition) { onTransition(transition); };
    options.onEvent = [this](const metrics::AlertEvent& event) { m_notify->service().push(event); };
    options.history = m_alertKeeper->sink();
    // The book of lines, and the history.
    options.history.incident = [book = options.history.incident,
                                past = m_store->alertSink().incident](const metrics::Incident& incident) {
        book(incident);
        past(incident);
    };
    options.history.transition = [book = options.history.transition,
                                  past = m_store->alertSink().transition](const metrics::AlertTransition& change) {
        book(change);
        past(change);
    };
    options.evidence = evidenceOf;
    options.elsewhere = [this] { return m_sources.watched(); };
    return options;
}

void Machine::makeRules()
{
    m_alertKeeper = std::make_unique<AlertKeeper>(m_config.dataDir / "alerts", *m_files);
    m_rules = std::make_unique<alert::RuleEngine>(m_head, m_querier, ruleOptions());
    makeRuleDesk();
    m_alertmanager =
        std::make_unique<alert::AlertmanagerApi>(m_rules->attention(), [this] { return m_rules->alerts(); });
}

void Machine::makeNotifications()
{
    NotifyOptions options;
    options.lang = [this] { return lang(); };
    options.endpoint = [this] {
        const metrics::SnapshotPtr snapshot = latest();
        return snapshot ? snapshot->endpoint : std::string();
    };
    m_notify = std::make_unique<NotifyKeeper>(m_config, std::move(options));
    m_targetDesk = std::make_unique<TargetDesk>(m_config.dataDir, &m_notify->service().secrets());
    m_targetDesk->setConfigured(m_config.targets, m_config.targetNames);
    m_cluster = std::make_unique<ClusterKeeper>(m_config.dataDir, m_config.notify.useKeyRing
                                                                      ? ClusterKeeper::Ring::Used
                                                                      : ClusterKeeper::Ring::NotUsed);
    m_cluster->watch(m_config.alertmanager);
}

// After the rules: states go back to them with the first evaluation.
void Machine::loadAlerts()
{
    for (const std::string& problem : m_alertKeeper->load(*m_rules)) {
        spdlog::warn("{}", problem);
    }
    std::set<std::string> told;
    for (const alert::SavedTelling& telling : m_rules->memory().tellings) {
        if (telling.told) {
            told.insert(telling.row.incidentId);
        }
    }
    m_notify->service().setKnown(std::move(told));
}

void Machine::keepAlerts(const metrics::Snapshot& snapshot)
{
    m_alertKeeper->afterTick(*m_rules, snapshot.steady, m_notify->barrier());
    if (const std::string problem = m_alertKeeper->problem(); !problem.empty()) {
        m_banners.raise({"alerts",
                         false,
                         {},
                         fmt::format(fmt::runtime(kNotSaved.in(lang())), problem),
                         "",
                         core::Nanos(0)});
    } else {
        m_banners.clear("alerts");
    }
}

void Machine::onTransition(const alert::Transition& transition)
{
    if (transition.to == metrics::AlertState::Firing && (transition.cause == alert::Cause::Condition || transition.cause == alert::Cause::TakenOver)) {
        m_marks.add(Mark::Kind::AlertFired, transition.row.name);
        m_runner->noteAlert(transition.row.name);
        if (m_probe) {
            m_probe->wantBlocking(); // comes with one of the next ticks, see enrich()
        }
        m_box->incident(transition.row.name, transition.row.firedAt);
    } else if (transition.to == metrics::AlertState::Resolved && transition.from != transition.to) {
        m_marks.add(Mark::Kind::AlertResolved, transition.row.name);
    }
}

// Nothing is called done that a kill -9 would take back.
template <class Outcome>
Outcome Machine::kept(Outcome outcome)
{
    if (!outcome) {
        return outcome;
    }
    const auto saved = m_alertKeeper->keepSaid(m_rules->attention());
    return saved ? outcome
                 : core::fail(fmt::format(fmt::runtime(kNotKept.in(lang())), saved.error().message), "unavailable");
}

net::AlertmanagerBackend Machine::alertmanagerBackend()
{
    return {[this](const net::AlertmanagerQuery& query) {
                return m_alertmanager->alerts({query.filters, query.receiver, query.show.active,
                                               query.show.silenced, query.show.inhibited, true});
            },
            [this](const std::vector<std::string>& filters) { return m_alertmanager->silences(filters); },
            [this](const std::string& id) { return m_alertmanager->silence(id); },
            [this](std::string_view json) { return kept(m_alertmanager->post(json)); },
            [this](const std::string& id) { return kept(m_alertmanager->expire(id)); }};
}

core::Result<void> Machine::acknowledge(const std::string& incident, const std::string& by,
                                        const std::string& note)
{
    return kept(m_rules->attention().acknowledge(incident, {by, note, m_clock.wallNow()}));
}

core::Result<void> Machine::snooze(const std::string& incident, core::Nanos span)
{
    const auto until = m_clock.wallNow() + std::chrono::duration_cast<std::chrono::microseconds>(span);
    return kept(m_rules->attention().snooze(incident, until));
}

core::Result<std::string> Machine::silence(metrics::SilenceRow silence)
{
    return kept(m_rules->attention().putSilence(std::move(silence), m_clock.wallNow()));
}

core::Result<void> Machine::expireSilence(const std::string& id)
{
    return kept(m_rules->attention().expireSilence(id, m_clock.wallNow()));
}

std::vector<metrics::SilenceRow> Machine::silences() const
{
    return m_rules->attention().silences(m_clock.wallNow());
}

std::vector<metrics::Incident> Machine::incidents(const metrics::IncidentFilter& filter) const
{
    return m_alertKeeper->book().find(filter);
}

void Machine::searchIncidents(const metrics::IncidentFilter& filter, std::function<void(FoundIncidents)> answer) const
{
    metrics::IncidentFilter all; // also those that no longer fit: they stand for what the disk still says of them
    all.limit = alert::IncidentBook::kKept;
    if (m_store) {
        engine::searchIncidents(m_store->records(), filter, incidents(all), std::move(answer));
        return;
    }
    FoundIncidents found{incidents(filter), false};
    found.more = found.rows.size() == filter.limit;
    answer(std::move(found));
}

void Machine::readIncident(const metrics::Incident& incident,
                           std::function<void(std::shared_ptr<const metrics::Incident>)> answer) const
{
    metrics::IncidentFilter filter;
    filter.rule = incident.rule;
    filter.from = filter.to = incident.firedAt;
    for (const metrics::Incident& one : incidents(filter)) {
        if (one.id == incident.id) {
            answer(std::make_shared<const metrics::Incident>(one));
            return;
        }
    }
    if (m_store) {
        readIncidentOf(m_store->records(), incident, std::move(answer));
    } else {
        answer(nullptr);
    }
}

} // namespace engine

// What happened, as the history keeps it.
#include "monitor/engine/history_keeper.h"

#include "monitor/alert/incident_json.h"
#include "monitor/engine/machine.h"
#include "monitor/engine/pool_knobs.h"
#include "monitor/metrics/diary.h"
#include "monitor/pg/fingerprint.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace engine {

namespace {

bool goesOn(metrics::ScenarioState state) noexcept
{
    return state == metrics::ScenarioState::Running || state == metrics::ScenarioState::Stopping;
}

store::ScenarioRun runOf(const metrics::ScenarioRow& row)
{
    nlohmann::json parameters = nlohmann::json::object();
    for (const metrics::ScenarioParameter& parameter : row.parameters) {
        parameters[parameter.name] = parameter.value;
    }
    std::string alerts;
    for (const std::string& alert : row.seenAlerts) {
        alerts += (alerts.empty() ? "" : ",") + alert;
    }
    const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(row.elapsed);
    return {row.startedAt,     row.startedAt + elapsed,
            row.name,          metrics::scenarioStateName(row.state),
            parameters.dump(), row.requests,
            row.failures,      std::move(alerts),
            row.message};
}

class NoRecords final : public store::HistoryReader {
public:
    void fetch(const store::PageRequest&, std::function<void(store::Page)> answer) const override { answer({}); }
};

} // namespace

const store::HistoryReader& Machine::records() const noexcept
{
    static const NoRecords kNone;
    return m_store ? m_store->records() : kNone;
}

void HistoryKeeper::keepMark(const metrics::Mark& mark)
{
    const auto until = mark.until == core::WallTime{} ? std::nullopt : std::optional(mark.until);
    keep(store::Annotation{mark.at, until, std::string(metrics::markKindName(mark.kind)), mark.text, ""});
}

void HistoryKeeper::keepSlowStatement(const pool::StatementInfo& statement)
{
    const pg::Fingerprint fingerprint = pg::fingerprint(statement.sql);
    keep(store::SlowStatement{core::SystemClock::instance().wallNow(), fingerprint.id, fingerprint.text,
                              core::seconds(statement.duration), std::string(statement.tag),
                              statement.backendPid, std::string(statement.sqlstate)});
}

void HistoryKeeper::keepSettings(const pool::PoolConfig& before, const pool::PoolConfig& after)
{
    const core::WallTime now = core::SystemClock::instance().wallNow();
    for (const PoolKnob& knob : poolKnobs()) {
        if (knob.get(before) != knob.get(after)) {
            keep(store::SettingChange{now, "pool", std::string(knob.name),
                                      fmt::format("{:g}", knob.get(before)),
                                      fmt::format("{:g}", knob.get(after)), ""});
        }
    }
}

void HistoryKeeper::keepStart(const pool::PoolConfig& config)
{
    const core::WallTime now = core::SystemClock::instance().wallNow();
    for (const PoolKnob& knob : poolKnobs()) {
        keep(store::SettingChange{now, "pool", std::string(knob.name), "", fmt::format("{:g}", knob.get(config)), ""});
    }
}

void HistoryKeeper::keepServer(const metrics::ServerView& server)
{
    const core::WallTime now = core::SystemClock::instance().wallNow();
    keep(store::SettingChange{now, "server", "target", "", server.target, ""});
    keep(store::SettingChange{now, "server", "version", "", server.version, ""});
}

metrics::IncidentSink HistoryKeeper::alertSink()
{
    metrics::IncidentSink sink;
    sink.incident = [this](const metrics::Incident& incident) {
        keep(store::Incident{incident.firedAt, incident.id, incident.rule, incident.labels,
                             metrics::severityName(incident.severity),
                             incident.open() ? std::nullopt : std::optional(incident.resolvedAt),
                             incident.peak, incident.summary, alert::incidentLine(incident)});
    };
    sink.transition = [this](const metrics::AlertTransition& change) {
        keep(store::AlertTransition{change.at, change.rule, change.labels,
                                    metrics::alertStateName(change.from), metrics::alertStateName(change.to),
                                    change.incidentId, change.value, change.reason});
    };
    return sink;
}

void HistoryKeeper::keepScenarios(const std::vector<metrics::ScenarioRow>& rows)
{
    for (const metrics::ScenarioRow& row : rows) {
        metrics::ScenarioState& before = m_scenarios[row.name];
        if (goesOn(before) && !goesOn(row.state)) {
            keep(runOf(row));
        }
        before = row.state;
    }
}

} // namespace engine

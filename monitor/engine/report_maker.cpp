#include "monitor/engine/report_maker.h"

#include "monitor/alert/incident_json.h"
#include "monitor/engine/past.h"
#include "monitor/report/times.h"

#include <array>
#include <utility>

#include <unistd.h>

namespace engine {

namespace {

using store::RecordKind;

constexpr std::size_t kMost = 10'000;
constexpr core::WallTime kEver{};

metrics::Incident incidentOf(const store::Incident& kept)
{
    if (auto whole = alert::readIncident(kept.details)) {
        return *std::move(whole);
    }
    metrics::Incident incident;
    incident.id = kept.key;
    incident.rule = kept.name;
    incident.labels = kept.labels;
    incident.severity = alert::severityNamed(kept.severity);
    incident.summary = kept.summary;
    incident.activeSince = incident.firedAt = kept.at;
    incident.resolvedAt = kept.ended.value_or(core::WallTime{});
    incident.peak = kept.peak;
    return incident;
}

template <class T, class Take>
void each(const store::HistoryReader& reader, RecordKind kind, core::WallTime from, core::WallTime to,
          Take take)
{
    for (const store::Record& record : recordsOf(reader, kind, from, to, kMost)) {
        if (const T* one = std::get_if<T>(&record)) {
            take(*one);
        }
    }
}

std::string hostName()
{
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

// What the program wrote down of the server it watched.
void describeServer(const store::HistoryReader& reader, report::Request& request)
{
    std::string target;
    std::string version;
    each<store::SettingChange>(reader, RecordKind::SettingChange, kEver, report::wallOf(request.to),
                               [&](const store::SettingChange& change) {
                                   if (change.scope == "server") {
                                       (change.name == "target" ? target : version) = change.after;
                                   }
                               });
    request.target = request.target.empty() ? target : request.target;
    request.serverVersion = request.serverVersion.empty() ? version : request.serverVersion;
}

} // namespace

report::Records reportRecords(const store::HistoryReader& reader, core::WallTime from, core::WallTime to)
{
    report::Records records;
    each<store::Incident>(reader, RecordKind::Incident, kEver, to, [&](const store::Incident& kept) {
        if (!kept.ended || *kept.ended >= from) {
            records.incidents.push_back(incidentOf(kept));
        }
    });
    each<store::SlowStatement>(
        reader, RecordKind::SlowStatement, from, to, [&](const store::SlowStatement& one) {
            records.slow.push_back({one.at, one.text, one.seconds, one.tag, one.sqlstate});
        });
    // A run that began before the range may reach into it.
    each<store::ScenarioRun>(
        reader, RecordKind::ScenarioRun, from - std::chrono::hours(24), to,
        [&](const store::ScenarioRun& run) {
            if (run.ended >= from) {
                records.runs.push_back({run.at, run.ended, run.name, run.state, run.requests, run.failures});
            }
        });
    each<store::Annotation>(reader, RecordKind::Annotation, from, to, [&](const store::Annotation& note) {
        records.notes.push_back({note.at, note.kind, note.text, note.until.value_or(core::WallTime{})});
    });
    each<store::SettingChange>(reader, RecordKind::SettingChange, kEver, to,
                               [&](const store::SettingChange& change) {
                                   if (change.scope == "pool") {
                                       records.changes.push_back({change.at, change.name, change.before,
                                                                  change.after, change.author});
                                   }
                               });
    return records;
}

core::Result<report::Document> makeReport(const metrics::Querier& querier,
                                          const store::HistoryReader& records, report::Request request,
                                          const report::GatherWatch& watch)
{
    request.made = core::SystemClock::instance().wallNow();
    request.version = POOLSCOPE_VERSION;
    if (request.host.empty()) {
        request.host = hostName();
    }
    describeServer(records, request);
    report::Records known = reportRecords(records, report::wallOf(request.from), report::wallOf(request.to));
    const auto facts = report::gather(querier, std::move(request), std::move(known), watch);
    if (!facts) {
        return core::Unexpected{facts.error()};
    }
    return report::compose(*facts);
}

} // namespace engine

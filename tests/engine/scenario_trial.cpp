#include "tests/engine/scenario_trial.h"

#include "monitor/record/scene.h"
#include "monitor/record/tape.h"
#include "monitor/record/timeline.h"

#include <QStringList>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

using namespace std::chrono_literals;

namespace support {
namespace {

constexpr core::Nanos kAfterwards = 4s; // a run sees alerts until 3 s after its end
constexpr std::uint64_t kFirstTicks = 3; // rates need a past

const std::set<std::string> kOfTheHost{"HighMemoryUsage", "LowDiskSpace", "HighCpuLoad"};

engine::Config configOf(const PgServer* server, const QTemporaryDir& folder)
{
    engine::Config config;
    config.embedded = server == nullptr;
    if (server) {
        config.server = server->connInfo();
    }
    config.dataDir = folder.path().toStdString();
    config.defaultRules = POOLSCOPE_SOURCE_DIR "/resources/rules/default.yml";
    config.listen.reset();
    return config;
}

std::set<std::string> withoutHost(const std::vector<std::string>& alerts)
{
    std::set<std::string> rest(alerts.begin(), alerts.end());
    std::erase_if(rest, [](const std::string& name) { return kOfTheHost.contains(name); });
    return rest;
}

QString joined(const std::set<std::string>& names)
{
    QStringList list;
    for (const std::string& name : names) {
        list << QString::fromStdString(name);
    }
    return list.isEmpty() ? QStringLiteral("none") : list.join(' ');
}

} // namespace

ScenarioTrial::ScenarioTrial(ScenarioPlan plan, const PgServer* server)
    : m_plan(std::move(plan)), m_engine(configOf(server, m_folder), [] { return engine::LogFigures{}; })
{
}

QString ScenarioTrial::bringUp()
{
    const auto started = m_engine.start();
    return started ? QString() : QString::fromStdString(started.error().message);
}

QString ScenarioTrial::start()
{
    const auto ready = [this] {
        const metrics::SnapshotPtr snapshot = m_engine.latest();
        return snapshot && snapshot->tick >= kFirstTicks && snapshot->server.state == metrics::ServerView::State::Up;
    };
    if (!QTest::qWaitFor(ready, 20'000)) {
        return QStringLiteral("the engine does not come up");
    }
    const auto started = m_engine.startScenario(m_plan.name, m_plan.parameters, true);
    return started ? QString() : QString::fromStdString(started.error().message);
}

std::optional<metrics::ScenarioRow> ScenarioTrial::row() const
{
    const metrics::SnapshotPtr snapshot = m_engine.latest();
    const auto at = std::find_if(snapshot->scenarios.begin(), snapshot->scenarios.end(),
                                 [this](const metrics::ScenarioRow& row) { return row.name == m_plan.name; });
    return at == snapshot->scenarios.end() ? std::nullopt : std::optional(*at);
}

bool ScenarioTrial::over()
{
    const auto now = row();
    const bool ended = now && (now->state == metrics::ScenarioState::Done || now->state == metrics::ScenarioState::Failed);
    if (ended && !m_endSeen) {
        m_endSeen = m_engine.latest()->at;
    }
    return m_endSeen && m_engine.latest()->at - *m_endSeen >= kAfterwards;
}

QString ScenarioTrial::verdict() const
{
    const auto end = row();
    if (!end || end->state != metrics::ScenarioState::Done) {
        return QString("%1 did not end well: %2\n").arg(m_plan.name.c_str(), end ? end->message.c_str() : "no such scenario");
    }
    const std::set<std::string> expected = withoutHost(end->expectedAlerts);
    const std::set<std::string> seen = withoutHost(end->seenAlerts);
    if (expected == seen) {
        return {};
    }
    return QString("%1 (%2 s): expected %3; seen %4\n")
        .arg(m_plan.name.c_str()).arg(core::seconds(end->duration)).arg(joined(expected), joined(seen));
}

QString ScenarioTrial::replayed()
{
    const std::string file = m_folder.filePath("trial.poolscope").toStdString();
    static_cast<void>(m_engine.takeNotices());
    const auto asked = m_engine.saveLast(15min, file);
    std::vector<engine::Notice> notices;
    const auto told = [&] {
        for (engine::Notice& notice : m_engine.takeNotices()) {
            notices.push_back(std::move(notice));
        }
        return std::filesystem::exists(file) ||
               std::any_of(notices.begin(), notices.end(), [](const auto& notice) { return notice.failed; });
    };
    if (!asked || !QTest::qWaitFor(told, 30'000)) {
        return QString("%1: no recording\n").arg(m_plan.name.c_str());
    }
    const auto tape = record::Tape::open(file);
    const auto recorded = tape ? record::recordedTimeline(**tape) : core::Unexpected<core::Error>{tape.error()};
    if (!recorded) {
        return QString("%1: %2\n").arg(m_plan.name.c_str(), recorded.error().message.c_str());
    }
    const std::vector<const metrics::MetricDef*> metrics = engine::Engine::catalog();
    record::Scene scene(**tape, {metrics, core::Lang::English});
    auto snapshot = core::Result<metrics::SnapshotPtr>(nullptr);
    if (scene.seek((*tape)->info().from)) {
        for (snapshot = scene.step(); snapshot && *snapshot; snapshot = scene.step()) {
        }
    }
    QString wrong = snapshot ? QString() : QString::fromStdString(snapshot.error().message) + '\n';
    for (const record::TimelineDifference& difference : record::differencesOf(*recorded, scene.timeline(), 1500)) {
        const bool lost = difference.side == record::TimelineDifference::Side::RecordedOnly;
        wrong += QString("%1: %2 %3 is in the %4 only\n")
                     .arg(m_plan.name.c_str(), difference.entry.rule.c_str(), record::whatName(difference.entry.what),
                          lost ? "recording" : "replay");
    }
    const auto end = row();
    if (end && !end->seenAlerts.empty() && recorded->empty()) {
        wrong += QString("%1: its alerts are not in the recording\n").arg(m_plan.name.c_str());
    }
    return wrong;
}

QString startAll(ScenarioTrials& trials, const std::vector<ScenarioPlan>& plans, const PgServer* server)
{
    for (const ScenarioPlan& plan : plans) {
        trials.push_back(std::make_unique<ScenarioTrial>(plan, server));
        if (const QString problem = trials.back()->bringUp(); !problem.isEmpty()) {
            return problem;
        }
    }
    for (const auto& trial : trials) {
        if (const QString problem = trial->start(); !problem.isEmpty()) {
            return problem;
        }
    }
    return {};
}

QString verdictsOf(ScenarioTrials& trials, core::Nanos atMost)
{
    const auto allOver = [&trials] {
        return std::all_of(trials.begin(), trials.end(), [](const auto& trial) { return trial->over(); });
    };
    if (!QTest::qWaitFor(allOver, int(std::chrono::duration_cast<core::Millis>(atMost).count()))) {
        return QStringLiteral("a scenario does not end\n");
    }
    QString verdicts;
    for (const auto& trial : trials) {
        verdicts += trial->verdict() + trial->replayed();
    }
    return verdicts;
}

} // namespace support

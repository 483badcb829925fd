// Whatever happens to alerts: what must be true all the time. Seeded, on clocks moved by hand.
#include "monitor/alert/rule_engine.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <set>

using metrics::AlertRow;
using metrics::AlertState;
using metrics::AlertTold;
using namespace std::chrono_literals;

namespace {

constexpr metrics::MetricDef kLoad{"load", metrics::Kind::Gauge, core::Unit::None, "", {}};
constexpr std::int64_t kEpoch = 1'700'000'000;

constexpr const char* kRules = R"(groups:
- name: g
  rules:
  - {alert: Plain, expr: load > 0.5, for: 3s, labels: {severity: warning}}
  - alert: Levels
    expr: load > 0.6
    keep_firing_for: 5s
    labels: {severity: warning}
    annotations: {poolscope_clear: '< 0.4', poolscope_critical: '> 0.9', poolscope_critical_clear: '< 0.7', poolscope_inhibited_by: Master}
  - {alert: Master, expr: load > 0.95, labels: {severity: critical}}
  - alert: Missing
    expr: load > 0.5
    for: 2s
    annotations: {poolscope_no_data: alert, poolscope_no_data_ticks: '2', poolscope_repeat: 20s}
)";

// Everything that lives for one run, with a rule engine that can be killed and started again.
struct World {
    explicit World(const QString& rules)
        : file(rules)
    {
        start();
    }

    void start()
    {
        alert::RuleEngineOptions options;
        options.onEvent = [this](const metrics::AlertEvent& event) { events.push_back(event); };
        options.history.incident = [this](const metrics::Incident& incident) { take(incident); };
        options.history.transition = [this](const metrics::AlertTransition& one) { take(one); };
        engine = std::make_unique<alert::RuleEngine>(head, querier, std::move(options));
        QVERIFY(engine->load({file.toStdString()}).has_value());
    }

    // kill -9 after the state was written, and a new start.
    void restart()
    {
        auto memory = alert::readMemory(alert::memoryJson(engine->memory()));
        QVERIFY(memory.has_value());
        start();
        engine->restore(std::move(*memory));
    }

    void take(const metrics::Incident& incident)
    {
        const auto key = std::pair(incident.group + incident.rule, incident.labels);
        const auto known = open.find(key);
        if (incident.open()) {
            QVERIFY2(known == open.end() || known->second == incident.id,
                     "two incidents of one alert are open");
            open[key] = incident.id;
            incidents.insert(incident.id);
        } else {
            QVERIFY2(known != open.end() && known->second == incident.id,
                     "an incident ends that is not open");
            open.erase(known);
        }
    }

    void take(const metrics::AlertTransition& one)
    {
        QVERIFY2(one.at >= last, "time ran backwards");
        last = one.at;
        transitions << QStringLiteral("%1 %2 %3>%4 %5")
                           .arg(second)
                           .arg(QString::fromStdString(one.rule),
                                QLatin1String(metrics::alertStateName(one.from)),
                                QLatin1String(metrics::alertStateName(one.to)),
                                QString::fromStdString(one.reason));
    }

    void tick(std::optional<double> a, std::optional<double> b)
    {
        snapshot = metrics::Snapshot();
        snapshot.at = core::WallTime(std::chrono::seconds(kEpoch + second) + wallShift);
        snapshot.steady = core::SteadyTime(std::chrono::seconds(second));
        snapshot.interval = 1s;
        metrics::SampleBuilder builder(snapshot);
        if (a) {
            builder.push(kLoad, *a, {{"pool", "a"}});
        }
        if (b) {
            builder.push(kLoad, *b, {{"pool", "b"}});
        }
        head.append(snapshot);
        events.clear();
        engine->evaluate(snapshot);
        judge();
        ++second;
    }

    // What was told in this tick, against the flags of the same tick.
    void judge()
    {
        for (const metrics::AlertEvent& event : events) {
            QVERIFY2(ids.insert(event.id).second, "an event was told twice");
            for (const AlertRow& row : snapshot.alerts) {
                QVERIFY2(row.incidentId != event.incidentId || !row.muted(), "a muted alert was told");
            }
            AlertTold before = AlertTold::Resolved;
            const bool known = lastTold.contains(event.incidentId);
            before = known ? lastTold[event.incidentId] : before;
            QVERIFY2(known != (event.told == AlertTold::Fired),
                     "fired must be the first that is told, and only once");
            QVERIFY2(!known || before != AlertTold::Resolved, "something was told after the end");
            lastTold[event.incidentId] = event.told;
            fired += event.told == AlertTold::Fired ? 1 : 0;
            resolved += event.told == AlertTold::Resolved ? 1 : 0;
            repeated += event.told == AlertTold::Repeated ? 1 : 0;
            rose += event.told == AlertTold::SeverityRose ? 1 : 0;
        }
    }

    series::Head head;
    promql::Querier querier{head};
    QString file;
    std::unique_ptr<alert::RuleEngine> engine;
    metrics::Snapshot snapshot;
    int second = 0;
    std::chrono::seconds wallShift{0};
    core::WallTime last = {};
    std::vector<metrics::AlertEvent> events; // of the last tick
    std::set<std::string> ids;
    std::set<std::string> incidents;
    std::map<std::string, AlertTold> lastTold;
    std::map<std::pair<std::string, metrics::Labels>, std::string> open;
    QStringList transitions;
    int fired = 0, resolved = 0, repeated = 0, rose = 0;
};

// People, at random.
void meddle(World& world, std::mt19937& random)
{
    const auto alerts = world.engine->alerts();
    if (alerts.empty()) {
        return;
    }
    const AlertRow& row = alerts[random() % alerts.size()];
    alert::Attention& attention = world.engine->attention();
    const core::WallTime now = world.snapshot.at;
    switch (random() % 5) {
    case 0:
        (void)attention.acknowledge(row.incidentId, {"ann", "looking", now});
        break;
    case 1:
        (void)attention.snooze(row.incidentId, now + std::chrono::seconds(random() % 30));
        break;
    case 2: {
        metrics::SilenceRow silence;
        silence.matchers = {{"alertname", row.name, false, true}};
        silence.startsAt = now;
        silence.endsAt = now + std::chrono::seconds(1 + random() % 40);
        (void)attention.putSilence(silence, now);
        break;
    }
    default:
        break;
    }
}

} // namespace

class TstAlertLife final : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_rules;

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));
        m_rules = m_folder.filePath(QStringLiteral("rules.yml"));
        QFile file(m_rules);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(kRules);
    }

    void invariantsHold_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 12; ++seed) {
            QTest::newRow(qPrintable(QStringLiteral("seed %1").arg(seed))) << seed;
        }
    }

    // A random walk with gaps, people who meddle, restarts, a clock that steps; then quiet.
    void invariantsHold()
    {
        QFETCH(unsigned, seed);
        std::mt19937 random(seed);
        std::uniform_real_distribution<double> step(-0.15, 0.15);
        World world(m_rules);
        double a = 0.5, b = 0.5;
        for (int i = 0; i < 600 && !QTest::currentTestFailed(); ++i) {
            a = std::clamp(a + step(random), 0.0, 1.0);
            b = std::clamp(b + step(random), 0.0, 1.0);
            const bool gap = i % 100 > 90;
            world.tick(gap ? std::nullopt : std::optional(a),
                       random() % 20 == 0 || gap ? std::nullopt : std::optional(b));
            meddle(world, random);
            if (random() % 60 == 0) {
                world.restart();
            }
            if (random() % 80 == 0) {
                world.wallShift -= std::chrono::seconds(random() % 30); // as when a clock is set right
            }
        }
        for (int i = 0; i < 120 && !QTest::currentTestFailed(); ++i) {
            world.tick(0.0, 0.0);
        }
        QVERIFY(!QTest::currentTestFailed());
        QVERIFY(world.fired > 5);
        QCOMPARE(world.resolved, world.fired);
        QVERIFY2(world.open.empty(), "an incident is open for ever");
        QVERIFY(world.engine->firing().empty());
    }

    // The same samples make the same transitions: replay is history.
    void replayReproducesTheTransitions()
    {
        QStringList first;
        for (int run = 0; run < 2; ++run) {
            std::mt19937 random(99);
            std::uniform_real_distribution<double> step(-0.2, 0.2);
            World world(m_rules);
            double a = 0.5;
            for (int i = 0; i < 300; ++i) {
                a = std::clamp(a + step(random), 0.0, 1.0);
                world.tick(a, std::nullopt);
            }
            QVERIFY(world.transitions.size() > 20);
            first = run == 0 ? world.transitions : first;
            QCOMPARE(world.transitions, first);
        }
    }

    // A sine of ±5 round a threshold of 80 with a clear level of 70: an hour of it is one alert, not sixty.
    void hysteresisMakesOneAlertOfAWave()
    {
        World world(m_rules);
        for (int i = 0; i < 3600; ++i) {
            world.tick(0.6 + 0.05 * std::sin(i * 0.1), std::nullopt);
        }
        for (int i = 0; i < 20; ++i) {
            world.tick(0.1, std::nullopt);
        }
        const QStringList levels = world.transitions.filter(QStringLiteral(" Levels "));
        QCOMPARE(levels.filter(QStringLiteral(">firing condition")).size(), 1);
        QCOMPARE(levels.filter(QStringLiteral(">resolved condition")).size(), 1);
    }

    void aRiseOfTheSeverityBreaksTheAcknowledgement()
    {
        World world(m_rules);
        world.tick(0.7, std::nullopt);
        const auto row = [&](const char* name) {
            for (const AlertRow& one : world.snapshot.alerts) {
                if (one.name == name) {
                    return one;
                }
            }
            return AlertRow();
        };
        QVERIFY(world.engine->attention().acknowledge(row("Levels").incidentId,
                                                      {"ann", "on it", world.snapshot.at}));
        world.tick(0.7, std::nullopt);
        QCOMPARE(row("Levels").ackedBy, std::string("ann"));
        world.tick(0.92, std::nullopt);
        QVERIFY(row("Levels").ackedBy.empty());
        QVERIFY(row("Levels").severity == metrics::Severity::Critical);
        QCOMPARE(world.rose, 1); // told at once
        world.tick(0.65, std::nullopt);
        QVERIFY(row("Levels").severity == metrics::Severity::Warning);
        QCOMPARE(world.rose, 1); // a fall is not told
    }

    void whatIsLostWithItsRuleIsOver()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("r.yml"));
        const auto write = [&](const QByteArray& text) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        write("groups: [{name: g, rules: [{alert: A, expr: load > 0.1}, {alert: B, expr: load > 0.1}]}]\n");
        World world(path);
        world.tick(0.5, std::nullopt);
        QCOMPARE(world.fired, 2);
        write("groups: [{name: g, rules: [{alert: A, expr: load > 0.2}]}]\n");
        QVERIFY(world.engine->reloadIfChanged());
        world.tick(0.5, std::nullopt);
        QCOMPARE(world.transitions.filter(QStringLiteral("A firing>resolved rule_updated")).size(), 1);
        QCOMPARE(world.transitions.filter(QStringLiteral("B firing>resolved rule_removed")).size(), 1);
        QCOMPARE(world.resolved, 2);
        QCOMPARE(world.fired, 3); // A anew, as another incident
        QCOMPARE(world.incidents.size(), std::size_t{3});
    }

    void pendingAndFiringSurviveARestart()
    {
        World world(m_rules);
        world.tick(0.55, std::nullopt); // Plain is pending
        world.tick(0.55, std::nullopt);
        world.restart();
        world.second += 600; // ten minutes away do not count
        world.tick(0.55, std::nullopt);
        QVERIFY(world.engine->firing().empty());
        QVERIFY(world.snapshot.alerts.front().activeSince == core::WallTime(std::chrono::seconds(kEpoch)));
        world.tick(0.55, std::nullopt);
        world.tick(0.55, std::nullopt);
        QVERIFY(!world.engine->firing().empty());
        const int before = world.fired;
        world.restart();
        world.tick(std::nullopt, std::nullopt); // no data yet: what fired still does
        world.tick(0.55, std::nullopt);
        QCOMPARE(world.fired, before); // told once only
        world.restart();
        world.second += 7200; // too long: it is over, and said so
        world.tick(0.1, std::nullopt);
        QCOMPARE(world.resolved, world.fired);
        QVERIFY(world.open.empty());
    }

    void hostileMemoryCostsNothingElse_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("readable");
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("cut off") << QByteArray(R"({"version":1,"instances":[{)") << false;
        QTest::newRow("another version") << QByteArray(R"({"version":99})") << false;
        QTest::newRow("deep") << QByteArray(200'000, '[') << false;
        QTest::newRow("nothing") << QByteArray(R"({"version":1})") << true;
        QTest::newRow("wrong kinds")
            << QByteArray(
                   R"({"version":1,"savedAt":"x","instances":[7,null,{"state":"firing"},{"state":"pending"}],)"
                   R"("tellings":[{}],"attention":[1],"open":[3,"{}","no json"]})")
            << true;
        QTest::newRow("huge numbers")
            << QByteArray(R"({"version":1,"savedAt":99999999999999999999,"instances":[{"state":"pending",)"
                          R"("active":9223372036854775807,"returns":-9223372036854775808}]})")
            << true;
    }

    void hostileMemoryCostsNothingElse()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, readable);
        const auto memory = alert::readMemory(text.toStdString());
        QCOMPARE(memory.has_value(), readable);
        if (memory) {
            QVERIFY(memory->instances.empty() && memory->open.empty());
        }
    }

    void flappingIsNoticed()
    {
        World world(m_rules);
        bool flapping = false;
        for (int i = 0; i < 60; ++i) {
            world.tick(i % 12 < 6 ? 0.97 : 0.1, std::nullopt);
            for (const metrics::AlertEvent& event : world.events) {
                flapping = flapping || event.flapping;
            }
        }
        QVERIFY(flapping);
    }
};

QTEST_GUILESS_MAIN(TstAlertLife)
#include "tst_alert_life.moc"

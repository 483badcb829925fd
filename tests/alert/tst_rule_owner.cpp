// Rules that a Prometheus may own: who tells, who takes over, what is only compared.
#include "monitor/alert/rule_engine.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using metrics::AlertState;
using State = metrics::RemoteServer::State;
using Watch = metrics::RuleStanding::Watch;

namespace {

constexpr metrics::MetricDef kUsage{"db_pool_usage", metrics::Kind::Gauge, core::Unit::Ratio, "", {}};
constexpr std::int64_t kEpoch = 1'700'000'000;

// A rule that may be another's, and what a Prometheus says of it.
struct OwnedFlow {
    explicit OwnedFlow(const QByteArray& owner)
        : engine(head, querier, options())
    {
        setOwner(owner);
    }

    alert::RuleEngineOptions options()
    {
        alert::RuleEngineOptions made;
        made.lang = core::Lang::English;
        made.logging = alert::RuleEngineOptions::Logging::Off;
        made.onEvent = [this](const metrics::AlertEvent& event) {
            told << QString::fromLatin1(metrics::alertToldName(event.told));
        };
        made.onTransition = [this](const alert::Transition& change) {
            marks << QString::fromLatin1(metrics::alertStateName(change.to));
        };
        made.elsewhere = [this] { return view; };
        return made;
    }
    void setOwner(const QByteArray& owner)
    {
        QFile file(folder.filePath(QStringLiteral("r.yml")));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write("groups: [{name: g, rules: [{alert: High, expr: 'db_pool_usage > 0.8', labels: {severity: "
                   "warning}, annotations: {poolscope_owner: " +
                   owner + "}}]}]");
        file.close();
        QVERIFY(engine.load({file.fileName().toStdString()}).has_value());
    }
    // The server as it is from now on.
    void say(State state, bool fires)
    {
        metrics::RemoteServer server;
        server.name = "central";
        server.state = state;
        server.error = state == State::Away ? "connection refused" : "";
        server.takeOver = std::chrono::seconds(120);
        server.match = match;
        server.rules.resize(1);
        server.rules[0].name = "High";
        server.rules[0].group = "g";
        server.rules[0].health = "ok";
        server.rules[0].state = fires ? AlertState::Firing : AlertState::Inactive;
        if (fires) {
            server.alerts.resize(1);
            server.alerts[0].server = "central";
            server.alerts[0].group = "g";
            server.alerts[0].name = "High";
            server.alerts[0].labels = {
                {"alertname", "High"}, {"instance", instance}, {"severity", "warning"}};
        }
        view = {std::make_shared<const metrics::RemoteServer>(server)};
    }
    metrics::Snapshot& ticks(int count, double usage)
    {
        for (int i = 0; i < count; ++i, ++second) {
            snapshot = metrics::Snapshot();
            snapshot.at = core::WallTime(std::chrono::seconds(kEpoch + second));
            snapshot.steady = core::SteadyTime(std::chrono::seconds(second));
            snapshot.interval = std::chrono::seconds(1);
            metrics::SampleBuilder(snapshot).push(kUsage, usage);
            head.append(snapshot);
            engine.evaluate(snapshot);
        }
        return snapshot;
    }
    [[nodiscard]] const metrics::RuleStanding& standing() const { return snapshot.rules.at(0).standing; }

    QTemporaryDir folder;
    series::Head head;
    promql::Querier querier{head};
    metrics::RemoteView view;
    metrics::Labels match; // of say()'s server
    std::string instance = "here:1"; // its alert's
    QStringList told, marks;
    alert::RuleEngine engine;
    metrics::Snapshot snapshot;
    int second = 0;
};

} // namespace

class RuleOwnerTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void whatAPrometheusOwnsIsToldThere()
    {
        OwnedFlow flow("prometheus");
        flow.say(State::Up, true);
        flow.ticks(10, 0.9);
        QCOMPARE(flow.standing().watch, Watch::There);
        QVERIFY(flow.told.isEmpty() && flow.marks.isEmpty() && flow.snapshot.alerts.empty());
        QVERIFY(flow.snapshot.find("ALERTS") == nullptr); // nobody who scrapes us tells it a second time
        QCOMPARE(flow.snapshot.otherAlerts.size(), 1U);
        QCOMPARE(flow.snapshot.otherAlerts[0].source, std::string("central"));
        QCOMPARE(flow.snapshot.rules[0].state, AlertState::Firing); // its word counts
        flow.say(State::Up, false);
        flow.ticks(1, 0.9);
        QVERIFY(flow.snapshot.otherAlerts.empty());
        QCOMPARE(flow.snapshot.rules[0].state, AlertState::Inactive);
    }

    void aRuleNobodyWatchesIsTakenOverAndNothingIsToldTwice()
    {
        OwnedFlow flow("prometheus");
        flow.say(State::Up, true);
        flow.ticks(5, 0.9);
        flow.say(State::Away, true);
        flow.ticks(120, 0.9);
        QCOMPARE(flow.standing().watch, Watch::Nobody);
        QCOMPARE(flow.standing().reason, std::string("connection refused"));
        QCOMPARE(flow.standing().takesOverIn, core::Nanos(std::chrono::seconds(1)));
        QVERIFY(flow.told.isEmpty());
        QCOMPARE(flow.snapshot.otherAlerts.size(), 1U); // seen here, not told
        QVERIFY(flow.snapshot.otherAlerts[0].source.empty() && flow.snapshot.otherAlerts[0].quiet);
        flow.ticks(5, 0.9);
        QCOMPARE(flow.standing().watch, Watch::TakenOver);
        QCOMPARE(flow.told, QStringList{QStringLiteral("fired")});
        QCOMPARE(flow.snapshot.alerts.size(), 1U);
        QVERIFY(flow.snapshot.otherAlerts.empty());
        flow.say(State::Up, true); // it is back, and it still fires
        flow.ticks(20, 0.9);
        QCOMPARE(flow.standing().watch, Watch::There);
        QCOMPARE(flow.told, QStringList{QStringLiteral("fired")});
        QVERIFY(flow.snapshot.otherAlerts.empty()); // one row of it, not two
        QCOMPARE(flow.snapshot.alerts.size(), 1U);
        flow.say(State::Away, true); // again, and longer
        flow.ticks(200, 0.9);
        QCOMPARE(flow.told, QStringList{QStringLiteral("fired")});
        flow.say(State::Up, false);
        flow.ticks(5, 0.1); // who was told that it began is told that it is over
        QCOMPARE(flow.told, QStringList({QStringLiteral("fired"), QStringLiteral("resolved")}));
        flow.say(State::Up, true);
        flow.ticks(10, 0.9); // the next one is the server's
        QCOMPARE(flow.told.size(), 2);
        QCOMPARE(flow.marks, QStringList({QStringLiteral("firing"), QStringLiteral("resolved")}));
    }

    void aServerThatNeverIsToBeReplacedLeavesItsRulesUntold()
    {
        OwnedFlow flow("prometheus");
        metrics::RemoteServer server;
        server.name = "central";
        server.state = State::Away;
        server.error = "timeout"; // takeOver 0: never
        flow.view = {std::make_shared<const metrics::RemoteServer>(server)};
        flow.ticks(400, 0.9);
        QCOMPARE(flow.standing().watch, Watch::Nobody);
        QVERIFY(flow.told.isEmpty());
    }

    void anotherOwnerMovesWhatIsTold()
    {
        OwnedFlow flow("local");
        flow.say(State::Up, true);
        flow.ticks(3, 0.9);
        QCOMPARE(flow.told, QStringList{QStringLiteral("fired")});
        flow.setOwner("prometheus");
        flow.ticks(3, 0.9); // told already: its end is ours, nothing else
        QCOMPARE(flow.told.size(), 1);
        flow.say(State::Up, false);
        flow.ticks(3, 0.1);
        QCOMPARE(flow.told, QStringList({QStringLiteral("fired"), QStringLiteral("resolved")}));
        flow.say(State::Up, true);
        flow.ticks(3, 0.9);
        QCOMPARE(flow.told.size(), 2);
        flow.setOwner("local"); // it fires: ours from now on
        flow.ticks(3, 0.9);
        QCOMPARE(flow.told,
                 QStringList({QStringLiteral("fired"), QStringLiteral("resolved"), QStringLiteral("fired")}));
    }

    void aShadowIsComparedAndNeverTold()
    {
        OwnedFlow flow("shadow");
        flow.say(State::Up, true);
        flow.ticks(10, 0.1); // there and not here
        QCOMPARE(flow.standing().differences.size(), 1U);
        QVERIFY(!flow.standing().differences[0].here);
        const core::WallTime since = flow.standing().differences[0].since;
        flow.ticks(10, 0.1);
        QVERIFY(flow.standing().differences[0].since == since); // since it was first seen
        flow.ticks(3, 0.9);
        QVERIFY(flow.standing().differences.empty()); // its instance label is the server's own
        flow.say(State::Up, false);
        flow.ticks(3, 0.9);
        QVERIFY(flow.standing().differences.size() == 1 && flow.standing().differences[0].here);
        QVERIFY(flow.snapshot.alerts.empty() && flow.snapshot.find("ALERTS") == nullptr);
        QVERIFY(flow.snapshot.otherAlerts.size() == 1 && flow.snapshot.otherAlerts[0].quiet);
        flow.say(State::Away, false);
        flow.ticks(400, 0.9); // a shadow is nobody's to take over; what is not known is no difference
        QVERIFY(flow.standing().differences.empty());
        QVERIFY(flow.told.isEmpty() && flow.marks.isEmpty());
        flow.ticks(3, 0.1);
        QVERIFY(flow.told.isEmpty() && flow.marks.isEmpty());
    }

    void anAlertOfAnotherInstanceIsNotOurs()
    {
        OwnedFlow flow("prometheus");
        flow.match = {{"instance", "here:1"}, {"job", "poolscope"}};
        flow.instance = "there:1";
        flow.say(State::Up, true);
        flow.ticks(3, 0.1);
        QCOMPARE(flow.standing().watch, Watch::There); // its rule watches ours, too
        QVERIFY(flow.snapshot.otherAlerts.empty());
        QCOMPARE(flow.snapshot.rules[0].state, AlertState::Inactive); // the rule fires there, not for us
        flow.instance = "here:1"; // an aggregate has no such label and is of all: here none is `job`
        flow.say(State::Up, true);
        flow.ticks(3, 0.1);
        QCOMPARE(flow.snapshot.otherAlerts.size(), 1U);
        QCOMPARE(flow.snapshot.rules[0].state, AlertState::Firing);
        flow.setOwner("shadow");
        flow.instance = "there:1";
        flow.say(State::Up, true);
        flow.ticks(3, 0.1);
        QVERIFY(flow.standing().differences.empty());
        flow.ticks(3, 0.9); // here only
        QVERIFY(flow.standing().differences.size() == 1 && flow.standing().differences[0].here);
    }

    // Every rule is asked every tick; a server may have 20,000.
    void tenThousandRulesThereCostNoTime()
    {
        OwnedFlow flow("prometheus");
        flow.say(State::Up, true);
        metrics::RemoteServer server = *flow.view[0];
        for (int i = 0; i < 10'000; ++i) {
            server.rules.push_back(server.rules[0]);
            server.rules.back().name = "Other" + std::to_string(i);
            server.alerts.push_back(server.alerts[0]);
            server.alerts.back().name = server.rules.back().name;
        }
        flow.view = {std::make_shared<const metrics::RemoteServer>(std::move(server))};
        const auto first = flow.view[0];
        flow.ticks(2, 0.9);
        QVERIFY(first.use_count() <= 4); // ours, the view, the engine's, its index: not a copy a rule
        QCOMPARE(flow.snapshot.otherAlerts.size(), 1U);
        QCOMPARE(flow.standing().watch, Watch::There);
    }

    void anUnknownOwnerIsANote()
    {
        OwnedFlow flow("nobody");
        flow.ticks(3, 0.9);
        QCOMPARE(flow.snapshot.rules[0].notes,
                 std::vector<std::string>{"poolscope_owner must be local, prometheus or shadow"});
        QCOMPARE(flow.told, QStringList{QStringLiteral("fired")});
    }
};

QTEST_MAIN(RuleOwnerTest)
#include "tst_rule_owner.moc"

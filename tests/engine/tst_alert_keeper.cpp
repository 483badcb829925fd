// Alerts on disk: what is written comes back after an end of any kind, what is broken costs nothing else.
#include "monitor/engine/alert_keeper.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace std::chrono_literals;

namespace {

constexpr metrics::MetricDef kLoad{"load", metrics::Kind::Gauge, core::Unit::None, "", {}};
const core::WallTime kStart = core::SystemClock::instance().wallNow();

// One life of the program.
struct Life {
    explicit Life(const QTemporaryDir& folder)
        : keeper(folder.filePath(QStringLiteral("alerts")).toStdString(), *files)
        , rules(head, querier, options())
    {
        QFile file(folder.filePath(QStringLiteral("r.yml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("groups: [{name: g, rules: [{alert: A, expr: load > 0.5}, {alert: P, expr: load > 0.5, "
                   "for: 1h}]}]\n");
        file.close();
        QVERIFY(rules.load({file.fileName().toStdString()}).has_value());
        problems = keeper.load(rules);
    }

    alert::RuleEngineOptions options()
    {
        alert::RuleEngineOptions made;
        made.history = keeper.sink();
        made.evidence = engine::evidenceOf;
        made.onEvent = [this](const metrics::AlertEvent& event) { told.push_back(event.id); };
        return made;
    }

    void tick(double value, std::chrono::seconds at)
    {
        metrics::Snapshot snapshot;
        snapshot.at = kStart + at;
        snapshot.steady = core::SteadyTime(at);
        snapshot.interval = 1s;
        metrics::SlotRow slot;
        slot.slot = 3;
        slot.heldFor = 5s;
        slot.tag = "report";
        snapshot.pool.present = true;
        snapshot.pool.slots = {slot};
        metrics::SampleBuilder(snapshot).push(kLoad, value);
        head.append(snapshot);
        rules.evaluate(snapshot);
        keeper.afterTick(rules, snapshot.steady);
    }

    std::unique_ptr<engine::FileWriter> files = std::make_unique<engine::FileWriter>();
    engine::AlertKeeper keeper;
    series::Head head;
    promql::Querier querier{head};
    std::vector<std::string> told;
    std::vector<std::string> problems;
    alert::RuleEngine rules;
};

void write(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

class TstAlertKeeper final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void whatWasWrittenComesBackWithoutAProperEnd()
    {
        QTemporaryDir folder;
        std::string incident;
        {
            Life life(folder);
            life.tick(0.9, 0s);
            QCOMPARE(life.told.size(), std::size_t{1});
            incident = life.rules.alerts().front().incidentId;
            QVERIFY(life.rules.attention().acknowledge(incident, {"ann", "on it", kStart}).has_value());
            metrics::SilenceRow silence;
            silence.matchers = {{"pool", "x", false, true}};
            silence.startsAt = kStart;
            silence.endsAt = kStart + 1h;
            QVERIFY(life.rules.attention().putSilence(silence, kStart).has_value());
            life.files.reset(); // all that was posted is written; a write under way kept the second one back
            life.files = std::make_unique<engine::FileWriter>();
            QVERIFY(life.keeper.flush(life.rules).has_value());
        }
        Life next(folder);
        QVERIFY(next.problems.empty());
        next.tick(0.9, 60s);
        QVERIFY(next.told.empty()); // nobody is told twice
        const auto rows = next.rules.alerts();
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[0].incidentId, incident);
        QCOMPARE(rows[0].ackedBy, std::string("ann"));
        QVERIFY(rows[1].state == metrics::AlertState::Pending && rows[1].activeSince == kStart);
        QCOMPARE(next.rules.attention().silences(kStart).size(), std::size_t{1});
        const auto kept = next.keeper.book().find({});
        QCOMPARE(kept.size(), std::size_t{1});
        QCOMPARE(kept[0].evidence.holders.front().tag, std::string("report"));
        next.tick(0.1, 61s);
        QCOMPARE(next.told.size(), std::size_t{1});
        QVERIFY(!next.keeper.book().find({})[0].open());
    }

    // A connection that is held without working did not run its last statement when the alert fired.
    void evidenceKeepsApartWhatRunsAndWhatRanLast()
    {
        metrics::Snapshot snapshot;
        for (const auto state : {metrics::SlotState::Active, metrics::SlotState::IdleInTransaction, metrics::SlotState::Held,
                                 metrics::SlotState::Leaked}) {
            metrics::SlotRow slot;
            slot.slot = static_cast<int>(snapshot.pool.slots.size());
            slot.state = state;
            slot.statement = "SELECT ?";
            slot.heldFor = 10s - 1s * slot.slot;
            snapshot.pool.slots.push_back(slot);
        }
        const metrics::Evidence evidence = engine::evidenceOf(snapshot);
        QCOMPARE(evidence.holders.size(), std::size_t{4});
        QCOMPARE(evidence.holders[0].statement, std::string("SELECT ?"));
        QVERIFY(evidence.holders[0].before.empty());
        for (std::size_t i = 1; i < 4; ++i) {
            QVERIFY(evidence.holders[i].statement.empty());
            QCOMPARE(evidence.holders[i].before, std::string("SELECT ?"));
        }
    }

    void aBrokenFileIsPutAsideAndTheOthersHold_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("state") << QStringLiteral("state.json") << QByteArray("{\"version\":1,\"inst");
        QTest::newRow("silences") << QStringLiteral("silences.json") << QByteArray("\0\1", 2);
        QTest::newRow("said") << QStringLiteral("said.json") << QByteArray("{\"version\":1,\"attention");
        QTest::newRow("incidents") << QStringLiteral("incidents.jsonl")
                                   << QByteArray("no json\n{\"id\":\"x\",\"rule\":\"A\"}\n{\"id\":\"y");
    }

    void aBrokenFileIsPutAsideAndTheOthersHold()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("alerts")));
        const QDir alerts(folder.filePath(QStringLiteral("alerts")));
        write(alerts.filePath(QStringLiteral("state.json")), R"({"version":1,"savedAt":0})");
        write(
            alerts.filePath(QStringLiteral("silences.json")),
            R"([{"id":"1","matchers":[{"name":"a","value":"b","isRegex":false}],"startsAt":"2026-11-20T00:00:00Z",)"
            R"("endsAt":"2099-11-20T00:00:00Z","createdBy":"x","comment":"y"}])");
        write(alerts.filePath(QStringLiteral("incidents.jsonl")), "{\"id\":\"x\",\"rule\":\"A\"}\n");
        write(alerts.filePath(name), text);
        Life life(folder);
        QCOMPARE(life.problems.size(), std::size_t{1});
        QCOMPARE(life.keeper.book().find({}).size(), std::size_t{1});
        QCOMPARE(life.rules.attention().silences(kStart).size(),
                 name == QStringLiteral("silences.json") ? std::size_t{0} : std::size_t{1});
        QCOMPARE(alerts.exists(name + QStringLiteral(".broken")), name != QStringLiteral("incidents.jsonl"));
    }

    // A stream opens a folder, and an iterator over it throws when it is read.
    void aFileThatCannotBeReadEndsNothing()
    {
        QTemporaryDir folder;
        for (const char* name : {"state.json", "said.json", "silences.json", "incidents.jsonl"}) {
            QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("alerts/") + QString::fromLatin1(name)));
        }
        Life life(folder);
        QCOMPARE(life.keeper.book().find({}).size(), std::size_t{0});
        life.tick(0.9, 0s);
        QVERIFY(!life.keeper.flush(life.rules).has_value()); // and that nothing is kept is said
    }

    void whatIsSaidIsThereAtOnceAndNewerThanTheStates()
    {
        QTemporaryDir folder;
        const QString said = folder.filePath(QStringLiteral("alerts/said.json"));
        std::string incident;
        {
            Life life(folder);
            life.tick(0.9, 0s);
            incident = life.rules.alerts().front().incidentId;
            QVERIFY(life.keeper.flush(life.rules).has_value()); // the states know of nobody's word
            QVERIFY(life.rules.attention().acknowledge(incident, {"ann", "on it", kStart}).has_value());
            QVERIFY(life.keeper.keepSaid(life.rules.attention()).has_value());
        }
        {
            Life next(folder);
            QVERIFY(next.problems.empty());
            next.tick(0.9, 60s);
            QCOMPARE(next.rules.alerts().front().ackedBy, std::string("ann"));
            next.tick(0.1, 61s); // over, and with it what was said of it
            next.tick(0.1, 62s);
            QVERIFY(next.keeper.flush(next.rules).has_value());
        }
        QFile file(said);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("ann"));
    }

    void anUnwritableFolderIsSaidAndLosesNothing()
    {
        QTemporaryDir folder;
        write(folder.filePath(QStringLiteral("alerts")), "a file where the folder should be");
        Life life(folder);
        life.tick(0.9, 0s);
        QVERIFY(!life.keeper.flush(life.rules).has_value());
        QVERIFY(!life.keeper.keepSaid(life.rules.attention()).has_value());
        QVERIFY(QFile::remove(folder.filePath(QStringLiteral("alerts"))));
        life.files.reset();
        life.files = std::make_unique<engine::FileWriter>();
        QVERIFY(life.keeper.flush(life.rules).has_value());
        QFile incidents(folder.filePath(QStringLiteral("alerts/incidents.jsonl")));
        QVERIFY(incidents.open(QIODevice::ReadOnly));
        QCOMPARE(incidents.readAll().count('\n'), 1);
    }
};

QTEST_GUILESS_MAIN(TstAlertKeeper)
#include "tst_alert_keeper.moc"

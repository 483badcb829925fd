#include "monitor/load/runner.h"

#include "tests/load/load_fixture.h"
#include "tests/support/fake_clock.h"

#include <QRegularExpression>
#include <QTest>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using metrics::ScenarioState;
using support::Stage;

namespace {

int openDescriptors() {
    int count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        ++count;
    }
    return count;
}

int threads() {
    int count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
        ++count;
    }
    return count;
}

} // namespace

class RunnerTest : public QObject {
    Q_OBJECT

    support::PgServer m_server;

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.ok(), m_server.error()); }

    void whatCannotBeStartedIsRefusedWithAReason_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("code");
        QTest::newRow("unknown scenario") << "apocalypse"
                                          << "" << 0.0 << "unknown_scenario";
        QTest::newRow("empty name") << ""
                                    << "" << 0.0 << "unknown_scenario";
        QTest::newRow("hostile name") << "a\nb\x1b[31m"
                                      << "" << 0.0 << "unknown_scenario";
        QTest::newRow("unknown parameter") << "normal"
                                           << "colour" << 1.0 << "unknown_parameter";
        QTest::newRow("too many clients") << "normal"
                                          << "clients" << 1e6 << "out_of_range";
        QTest::newRow("half a client") << "normal"
                                       << "clients" << 1.5 << "out_of_range";
        QTest::newRow("no time") << "normal"
                                 << "duration" << 0.0 << "out_of_range";
        QTest::newRow("beyond the hard cap") << "normal"
                                             << "duration" << 3601.0 << "out_of_range";
        QTest::newRow("not our server") << "server_restart"
                                        << "" << 0.0 << "unavailable";
    }
    void whatCannotBeStartedIsRefusedWithAReason() {
        QFETCH(const QString, name);
        QFETCH(const QString, parameter);
        QFETCH(const double, value);
        QFETCH(const QString, code);
        static const QRegularExpression han("\\p{Han}");
        for (const core::Lang lang : {core::Lang::English, core::Lang::Chinese}) {
            load::RunnerOptions options;
            options.lang = [lang] { return lang; };
            Stage stage(m_server, support::quickPool(), options);
            load::Parameters parameters;
            if (!parameter.isEmpty()) {
                parameters[parameter.toStdString()] = value;
            }
            const auto started = stage.runner.start(name.toStdString(), parameters);
            QVERIFY(!started);
            QCOMPARE(QString::fromStdString(started.error().code), code);
            const QString message = QString::fromStdString(started.error().message);
            QCOMPARE(message.contains(han), lang == core::Lang::Chinese);
            QVERIFY(!message.contains('\n') && !message.contains('\x1b'));
            QVERIFY(!stage.runner.running());
        }
    }
    void theSameOneDoesNotRunTwiceButDifferentOnesRunTogether() {
        Stage stage(m_server);
        QVERIFY(stage.runner.start("normal"));
        const auto again = stage.runner.start("normal");
        QVERIFY(!again);
        QCOMPARE(again.error().code, std::string("running"));
        QVERIFY(stage.runner.start("slow_query"));
        QTRY_VERIFY(stage.row("normal").requests > 10 && stage.row("slow_query").requests > 3);
        QVERIFY(stage.runner.stop("normal"));
        QTRY_COMPARE(stage.row("normal").state, ScenarioState::Stopped);
        QCOMPARE(stage.row("slow_query").state, ScenarioState::Running);
        QVERIFY(stage.runner.start("normal"));
        stage.runner.stopAll();
        QVERIFY(stage.runner.waitIdle(2s));
        QCOMPARE(stage.pool.counts().leased, 0);
        QVERIFY(!support::schemaExists(m_server.connInfo()));
    }
    void stoppingWhatDoesNotRunIsAnError() {
        Stage stage(m_server);
        QCOMPARE(stage.runner.stop("normal").error().code, std::string("not_running"));
        QCOMPARE(stage.runner.stop("nothing").error().code, std::string("unknown_scenario"));
        stage.runner.stopAll();
        QVERIFY(stage.runner.waitIdle(0ns));
    }
    void aForeignServerNeedsConsentEachTime() {
        load::RunnerOptions options;
        options.consentNeeded = true;
        Stage stage(m_server, support::quickPool(), options);
        for (const metrics::ScenarioRow& row : stage.runner.rows(core::Lang::English)) {
            if (row.name == "cpu_load") { // touches no server
                QVERIFY(!row.needsConsent && row.available);
                continue;
            }
            const auto started = stage.runner.start(row.name);
            QVERIFY(!started);
            QCOMPARE(started.error().code, std::string(row.available ? "consent" : "unavailable"));
            QCOMPARE(row.needsConsent, row.available);
        }
        QVERIFY(!support::schemaExists(m_server.connInfo()));
        for (int i = 0; i < 2; ++i) {
            QVERIFY(stage.runner.start("normal", {}, load::Consent::Given));
            stage.runner.stopAll();
            QVERIFY(stage.runner.waitIdle(2s));
            QCOMPARE(stage.runner.start("normal").error().code, std::string("consent"));
        }
        QCOMPARE(stage.runner.start("server_restart", {}, load::Consent::Given).error().code,
                 std::string("unavailable"));
    }
    void aRunEndsByItselfAndSaysSo() {
        support::FakeClock clock;
        load::RunnerOptions options;
        options.clock = &clock;
        Stage stage(m_server, support::quickPool(), options);
        QVERIFY(stage.runner.start("normal", {{"duration", 3600}}));
        QTRY_VERIFY(stage.row("normal").requests > 0);
        QTRY_VERIFY(!stage.row("normal").phase.empty());
        QCOMPARE(stage.row("normal").duration, core::Nanos(3600s));
        clock.advance(1800s);
        QCOMPARE(stage.row("normal").progress, 0.5);
        QCOMPARE(stage.row("normal").state, ScenarioState::Running);
        clock.advance(1800s);
        QTRY_COMPARE(stage.row("normal").state, ScenarioState::Done);
        QCOMPARE(stage.row("normal").progress, 1.0);
        QVERIFY(stage.row("normal").phase.empty() && stage.row("normal").message.empty());
        clock.advance(1h);
        QCOMPARE(stage.row("normal").elapsed, core::Nanos(3600s));
    }
    void startsAndEndsAreMarked() {
        load::RunnerOptions options;
        options.lang = load::alwaysChinese;
        Stage stage(m_server, support::quickPool(), options);
        QVERIFY(stage.runner.start("slow_query"));
        QTRY_COMPARE(stage.marks.all().size(), std::size_t(1));
        QCOMPARE(stage.marks.all()[0].kind, metrics::Mark::Kind::ScenarioStarted);
        QCOMPARE(stage.marks.all()[0].text, std::string("慢查询"));
        QVERIFY(stage.runner.stop("slow_query"));
        QTRY_COMPARE(stage.marks.all().size(), std::size_t(2));
        QCOMPARE(stage.marks.all()[1].kind, metrics::Mark::Kind::ScenarioEnded);
        QVERIFY(stage.marks.all()[1].at >= stage.marks.all()[0].at);
    }
    void textsFollowTheLanguageWhileItRuns() {
        std::atomic<core::Lang> lang{core::Lang::English};
        load::RunnerOptions options;
        options.lang = [&lang] { return lang.load(); };
        Stage stage(m_server, support::quickPool(), options);
        QVERIFY(stage.runner.start("slow_query"));
        QTRY_COMPARE(stage.marks.all().size(), std::size_t(1));
        QCOMPARE(stage.marks.all()[0].text, std::string("Slow queries"));
        QCOMPARE(stage.runner.start("slow_query").error().message,
                 std::string("scenario slow_query is already running"));
        lang = core::Lang::Chinese;
        QCOMPARE(stage.runner.start("slow_query").error().message, std::string("场景 slow_query 正在运行"));
        QVERIFY(stage.runner.stop("slow_query"));
        QTRY_COMPARE(stage.marks.all().size(), std::size_t(2));
        QCOMPARE(stage.marks.all()[1].text, std::string("慢查询"));
    }
    void alertsAreSeenFromTheStartUntilShortlyAfterTheEnd() {
        support::FakeClock clock;
        load::RunnerOptions options;
        options.clock = &clock;
        Stage stage(m_server, support::quickPool(), options);
        stage.runner.noteAlert("TooEarly");
        QVERIFY(stage.runner.start("slow_query"));
        stage.runner.noteAlert("Once");
        stage.runner.noteAlert("Once");
        QVERIFY(stage.runner.stop("slow_query"));
        QVERIFY(stage.runner.waitIdle(5s));
        clock.advance(2s);
        stage.runner.noteAlert("Late");
        clock.advance(2s);
        stage.runner.noteAlert("TooLate");
        QCOMPARE(stage.row("slow_query").seenAlerts, (std::vector<std::string>{"Once", "Late"}));
        QVERIFY(stage.row("normal").seenAlerts.empty());
        QVERIFY(stage.runner.start("slow_query"));
        QVERIFY(stage.row("slow_query").seenAlerts.empty());
    }
    void anExpectedAlertThatFiresAlreadyCountsAsSeen() {
        std::string expected;
        load::RunnerOptions options;
        options.firingAlerts = [&] { return std::vector<std::string>{expected, "SomethingElse"}; };
        Stage stage(m_server, support::quickPool(), options);
        const std::vector<std::string> all = stage.row("exhaustion").expectedAlerts;
        QVERIFY(!all.empty());
        expected = all.front();
        QVERIFY(stage.runner.start("exhaustion"));
        QCOMPARE(stage.row("exhaustion").seenAlerts, std::vector<std::string>{expected});
    }
    void rowsTellEverythingInBothLanguages() {
        Stage stage(m_server);
        const auto english = stage.runner.rows(core::Lang::English);
        const auto chinese = stage.runner.rows(core::Lang::Chinese);
        QCOMPARE(english.size(), std::size_t(12));
        for (std::size_t i = 0; i < english.size(); ++i) {
            QCOMPARE(english[i].name, chinese[i].name);
            QVERIFY(english[i].title != chinese[i].title);
            QVERIFY(english[i].description != chinese[i].description);
            QCOMPARE(english[i].state, ScenarioState::Ready);
            QVERIFY(english[i].duration > 0s);
            for (const metrics::ScenarioParameter& parameter : english[i].parameters) {
                QVERIFY(parameter.minimum <= parameter.value && parameter.value <= parameter.maximum);
                QCOMPARE(parameter.value, parameter.fallback);
            }
            QCOMPARE(english[i].available, english[i].name != "server_restart");
        }
        QVERIFY(stage.runner.start("normal", {{"clients", 7}}));
        const metrics::ScenarioRow row = stage.row("normal");
        QCOMPARE(row.parameters[1].name, std::string("clients"));
        QCOMPARE(row.parameters[1].value, 7.0);
        QCOMPARE(row.parameters[1].fallback, 5.0);
    }
    void aHundredStartsAndStopsLeaveNothingBehind() {
        Stage stage(m_server);
        // Every second round is cut short before it has done anything.
        int number = 0;
        const auto round = [&](const char* name) {
            const bool started = stage.runner.start(name).has_value();
            ++number;
            const bool working = QTest::qWaitFor(
                [&] { return number % 2 == 0 || stage.row(name).requests > 0 || !stage.runner.running(); },
                5000);
            const bool stopped = stage.runner.stop(name).has_value();
            return started && working && stopped && stage.runner.waitIdle(5s);
        };
        for (const char* name :
             {"normal", "exhaustion", "slow_network"}) { // once, so that everything lazy is there
            QVERIFY(round(name));
        }
        stage.pool.drain();
        QTRY_COMPARE(stage.pool.counts().total, 0);
        const int descriptors = openDescriptors();
        const int before = threads();
        const char* const names[] = {"normal", "exhaustion", "leak", "slow_network", "dirty_returns"};
        for (int i = 0; i < 100; ++i) {
            QVERIFY(round(names[i % 5]));
        }
        stage.pool.drain();
        QTRY_COMPARE(stage.pool.counts().total, 0);
        QTRY_VERIFY2(openDescriptors() <= descriptors,
                     qPrintable(QString::number(openDescriptors() - descriptors)));
        QTRY_VERIFY2(threads() <= before, qPrintable(QString::number(threads() - before)));
        const pool::PoolStats stats = stage.pool.stats();
        std::uint64_t outcomes = 0;
        for (const std::uint64_t count : stats.outcomes) {
            outcomes += count;
        }
        QCOMPARE(outcomes, stats.requests);
        QCOMPARE(stats.checkins, stats.checkouts);
        QCOMPARE(stats.config, support::quickPool());
        QVERIFY(!support::schemaExists(m_server.connInfo()));
        QTRY_COMPARE(support::answerOf(m_server.connInfo(),
                                       "SELECT count(*) FROM pg_stat_activity WHERE backend_type = "
                                       "'client backend' AND pid <> pg_backend_pid()"),
                     std::string("0"));
    }
    void theEndOfTheRunnerEndsItsScenarios() {
        pool::ConnectionPool pool(support::quickPool(), m_server.connInfo(), nullptr);
        support::MarkBook marks;
        QElapsedTimer timer;
        {
            load::Runner runner(pool, Stage::filled(m_server, {}, marks));
            QVERIFY(runner.start("exhaustion"));
            QVERIFY(runner.start("normal"));
            QVERIFY(runner.start("leak"));
            QTRY_VERIFY(pool.counts().waiting > 0);
            timer.start();
        }
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(pool.counts().leased, 0);
        QCOMPARE(marks.all().size(), std::size_t(6));
        QVERIFY(!support::schemaExists(m_server.connInfo()));
    }
    void withoutAServerARunFailsWithASentence() {
        m_server.stop();
        Stage stage(m_server);
        QVERIFY(stage.runner.start("normal"));
        QTRY_COMPARE(stage.row("normal").state, ScenarioState::Failed);
        QVERIFY(QString::fromStdString(stage.row("normal").message)
                    .startsWith("the demo schema cannot be made: "));
        QVERIFY2(m_server.start(), m_server.error());
        QVERIFY(stage.runner.start("normal"));
        QTRY_VERIFY(stage.row("normal").requests > stage.row("normal").failures);
        QVERIFY(stage.row("normal").message.empty());
    }
};

QTEST_GUILESS_MAIN(RunnerTest)
#include "tst_runner.moc"

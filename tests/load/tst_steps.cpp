// What each scenario does to pool and server, and that its end undoes it.
#include "monitor/load/runner.h"

#include "tests/load/load_fixture.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <sys/resource.h>

using namespace std::chrono_literals;
using metrics::ScenarioState;
using support::kBaselineWithin;
using support::Stage;

namespace {

pool::PoolConfig smallPool() {
    pool::PoolConfig config = support::quickPool();
    config.size = 3;
    config.maxOverflow = 2;
    return config;
}

bool leasedUnder(const pool::PoolStats& stats, std::string_view tag) {
    return std::any_of(stats.slots.begin(), stats.slots.end(), [tag](const pool::SlotInfo& slot) {
        return slot.phase == pool::SlotPhase::Leased && slot.tag == tag;
    });
}

} // namespace

class StepsTest : public QObject {
    Q_OBJECT

    support::PgServer m_server;

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.ok(), m_server.error()); }

    void normalLoadSucceedsAndCleansUp() {
        Stage stage(m_server);
        QVERIFY(stage.runner.start("normal", {{"clients", 4}, {"rate", 50}}));
        QTRY_VERIFY(stage.row("normal").requests > 100);
        QCOMPARE(stage.row("normal").failures, std::uint64_t(0));
        QVERIFY(support::schemaExists(m_server.connInfo()));
        QVERIFY(stage.pool.stats().peakLeased <= 4);
        const qint64 took = stage.millisToBaseline("normal");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
        QVERIFY(!support::schemaExists(m_server.connInfo()));
    }
    void slowQueriesAreSlowAndCancelledAtOnce() {
        Stage stage(m_server);
        QVERIFY(stage.runner.start("slow_query", {{"clients", 6}, {"query_time", 10'000}}));
        QTRY_VERIFY(support::answerOf(m_server.connInfo(),
                                      "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' "
                                      "AND query LIKE 'SELECT pg_sleep(10.000)%'") == "6");
        const qint64 took = stage.millisToBaseline("slow_query");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
        QTRY_COMPARE(support::answerOf(m_server.connInfo(),
                                       "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' "
                                       "AND query LIKE 'SELECT pg_sleep(10%'"),
                     std::string("0"));
        QCOMPARE(stage.row("slow_query").failures, std::uint64_t(0)); // cancelled by us is no failure
    }
    void longConnectionsAreHeldAndGivenBack() {
        pool::PoolConfig config = support::quickPool();
        config.longUse = 200ms;
        Stage stage(m_server, config);
        QVERIFY(stage.runner.start("long_connection", {{"clients", 3}, {"hold", 600}}));
        QTRY_COMPARE(stage.pool.counts().leased, 3);
        QTRY_VERIFY(std::ranges::all_of(stage.pool.stats().slots, [](const pool::SlotInfo& slot) {
            return slot.phase != pool::SlotPhase::Leased || slot.heldFor > 1500ms;
        }));
        for (const pool::SlotInfo& slot : stage.pool.stats().slots) {
            QVERIFY(!slot.leaked);
            QVERIFY(slot.idleHeldFor < 1500ms); // used now and then
        }
        const qint64 took = stage.millisToBaseline("long_connection");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
    }
    void longConnectionsComeBackWhenTheirTimeIsOver() {
        Stage stage(m_server);
        QVERIFY(stage.runner.start("long_connection", {{"clients", 2}, {"hold", 1}}));
        QTRY_VERIFY(stage.pool.stats().checkins >= 4);
        QCOMPARE(stage.row("long_connection").failures, std::uint64_t(0));
    }
    void exhaustionTakesEveryPlaceAndCallersTimeOut() {
        Stage stage(m_server);
        QVERIFY(stage.runner.start("exhaustion", {{"callers", 12}, {"timeout", 1}}));
        QTRY_COMPARE(stage.pool.counts().leased, 30);
        QTRY_VERIFY(stage.pool.counts().waiting >= 6);
        QTRY_VERIFY(stage.pool.stats().outcomes[static_cast<std::size_t>(pool::Outcome::Timeout)] >= 12);
        QTRY_VERIFY(stage.row("exhaustion").failures >= 12);
        QVERIFY(leasedUnder(stage.pool.stats(), "scenario/exhaustion: holder"));
        QCOMPARE(stage.pool.counts().idle, 0);
        const qint64 took = stage.millisToBaseline("exhaustion");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
        QTRY_VERIFY(stage.pool.counts().total <= 10);
    }
    void exhaustionIsRefusedWhereOthersWouldBeKeptOut() {
        pool::PoolConfig config = support::quickPool();
        config.maxOverflow = 45; // 55 of the server's 60, of which 3 are reserved and 3 are to stay free
        Stage stage(m_server, config);
        QVERIFY(stage.runner.start("exhaustion"));
        QTRY_COMPARE(stage.row("exhaustion").state, ScenarioState::Failed);
        const QString message = QString::fromStdString(stage.row("exhaustion").message);
        // 57, less what others still have: the probe, and sessions of the test before that the server is closing.
        static const QRegularExpression words("the server has only (\\d+) connections left; the pool would take 55 more");
        const QRegularExpressionMatch match = words.match(message);
        QVERIFY2(match.hasMatch(), qPrintable(message));
        QVERIFY2(match.captured(1).toInt() <= 57, qPrintable(message));
        QCOMPARE(stage.pool.counts().total, 0);
    }
    void exhaustionOfAPoolWithoutLimitIsRefused() {
        pool::PoolConfig config = support::quickPool();
        config.maxOverflow = -1;
        Stage stage(m_server, config);
        QVERIFY(stage.runner.start("exhaustion"));
        QTRY_COMPARE(stage.row("exhaustion").state, ScenarioState::Failed);
        QCOMPARE(stage.pool.counts().total, 0);
    }
    void aBurstIsAnOpenLoop() {
        Stage stage(m_server, smallPool());
        QElapsedTimer timer;
        timer.start();
        QVERIFY(stage.runner.start("burst", {{"rate", 200}, {"work", 500}})); // ten a second are served
        QTRY_VERIFY(stage.pool.counts().waiting > 100);
        const double arrived = static_cast<double>(stage.row("burst").requests);
        const double seconds = static_cast<double>(timer.elapsed()) / 1000;
        QVERIFY2(arrived <= 200 * seconds + 2, qPrintable(QString::number(arrived / seconds)));
        const qint64 took = stage.millisToBaseline("burst");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
    }
    void whoMattersLessIsTurnedAwayAndTheOthersWaitNoLonger() {
        Stage stage(m_server, smallPool());
        const int places = stage.pool.config().size + stage.pool.config().maxOverflow;
        QVERIFY(stage.runner.start("mixed_priorities", {{"critical", 1}, {"normal", 1}, {"background", 20}}));
        QTRY_VERIFY_WITH_TIMEOUT(stage.pool.counts().waiting >= 20 - places, 10'000); // it queues
        stage.pool.limit({.normal = -1, .background = 0});
        QTRY_COMPARE_WITH_TIMEOUT(stage.pool.counts().waiting, 0, 10'000);
        const auto shed = [&] {
            return stage.pool.stats().outcomes[static_cast<std::size_t>(pool::Outcome::Shed)];
        };
        QTRY_VERIFY_WITH_TIMEOUT(shed() >= 20, 10'000);
        const auto served = [&] {
            return stage.pool.stats().outcomes[static_cast<std::size_t>(pool::Outcome::Ok)];
        };
        const auto before = served();
        QTRY_VERIFY_WITH_TIMEOUT(served() >= before + 4, 10'000); // the other two go on
        stage.pool.limit({});
        QTRY_VERIFY_WITH_TIMEOUT(stage.pool.counts().waiting > 0, 10'000); // and back
        const qint64 took = stage.millisToBaseline("mixed_priorities");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
    }
    void aThousandWaitersAreQueuedAndSentHome() {
        Stage stage(m_server, smallPool());
        QVERIFY(stage.runner.start("burst", {{"rate", 2000}, {"work", 5000}}));
        QTRY_VERIFY_WITH_TIMEOUT(stage.pool.counts().waiting >= 990, 10'000);
        QTRY_VERIFY(stage.row("burst").failures > 0); // beyond a thousand they are turned away
        const qint64 took = stage.millisToBaseline("burst");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
        const pool::PoolStats stats = stage.pool.stats();
        const auto ended = [&stats](pool::Outcome outcome) {
            return stats.outcomes[static_cast<std::size_t>(outcome)];
        };
        QCOMPARE(ended(pool::Outcome::Ok) + ended(pool::Outcome::Cancelled), stats.requests);
        QVERIFY2(ended(pool::Outcome::Cancelled) > 100,
                 qPrintable(QString::number(ended(pool::Outcome::Cancelled))));
    }
    void aLeakIsSeenAndGivenBackAtTheEnd() {
        Stage stage(m_server);
        QVERIFY(stage.runner.start("leak", {{"count", 4}, {"leak_after", 1}}));
        QTRY_COMPARE(stage.pool.stats().leaked, 4);
        QCOMPARE(stage.pool.config().leakAfter, core::Nanos(1s));
        QCOMPARE(stage.row("leak").requests, std::uint64_t(4));
        const qint64 took = stage.millisToBaseline("leak");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
        QCOMPARE(stage.pool.config().leakAfter, core::Nanos(60s));
        QTRY_COMPARE(stage.pool.stats().leaked, 0);
    }
    void aLeakNeverMakesTheWatchSlower() {
        pool::PoolConfig config = support::quickPool();
        config.leakAfter = 500ms;
        Stage stage(m_server, config);
        QVERIFY(stage.runner.start("leak", {{"leak_after", 30}}));
        QTRY_COMPARE(stage.pool.stats().leaked, 3);
        QCOMPARE(stage.pool.config().leakAfter, core::Nanos(500ms));
    }
    void aKnobTurnedDuringALeakStaysTurned() {
        Stage stage(m_server);
        QVERIFY(stage.runner.start("leak", {{"leak_after", 1}}));
        QTRY_COMPARE(stage.pool.config().leakAfter, core::Nanos(1s));
        pool::PoolConfig mine = stage.pool.config();
        mine.leakAfter = 7s;
        mine.size = 12;
        QVERIFY(stage.pool.configure(mine));
        QVERIFY(stage.millisToBaseline("leak") >= 0);
        QCOMPARE(stage.pool.config(), mine);
    }
    void dirtyReturnsAreCleanedByThePool() {
        Stage stage(m_server);
        QVERIFY(stage.runner.start("dirty_returns", {{"clients", 2}, {"pause", 20}}));
        const auto dirty = [&stage](pool::DirtyState state) {
            return stage.pool.stats().dirtyReturns[static_cast<std::size_t>(state)];
        };
        QTRY_VERIFY(dirty(pool::DirtyState::InTransaction) >= 5 && dirty(pool::DirtyState::InError) >= 5);
        QCOMPARE(support::answerOf(m_server.connInfo(), "SELECT count(*) FROM poolscope_demo.events"),
                 std::string("0"));
        QCOMPARE(stage.row("dirty_returns").failures, std::uint64_t(0));
        const qint64 took = stage.millisToBaseline("dirty_returns");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
        QTRY_COMPARE(support::answerOf(
                         m_server.connInfo(),
                         "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"),
                     std::string("0"));
        QVERIFY(!support::schemaExists(m_server.connInfo()));
    }
    void cpuLoadBurnsAndStops() {
        const auto burnt = [] {
            rusage usage{};
            ::getrusage(RUSAGE_SELF, &usage);
            return static_cast<double>(usage.ru_utime.tv_sec) +
                   static_cast<double>(usage.ru_utime.tv_usec) / 1e6 +
                   static_cast<double>(usage.ru_stime.tv_sec) +
                   static_cast<double>(usage.ru_stime.tv_usec) / 1e6;
        };
        Stage stage(m_server);
        const double before = burnt();
        QVERIFY(stage.runner.start("cpu_load", {{"load", 100}}));
        QTRY_VERIFY(burnt() - before > 0.5);
        const qint64 took = stage.millisToBaseline("cpu_load");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
        QCOMPARE(stage.pool.counts().total, 0);
    }
};

QTEST_GUILESS_MAIN(StepsTest)
#include "tst_steps.moc"

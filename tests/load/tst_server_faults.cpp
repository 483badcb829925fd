// The scenarios that come between pool and server.
#include "monitor/load/runner.h"

#include "tests/load/load_fixture.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <set>
#include <vector>

using namespace std::chrono_literals;
using metrics::ScenarioState;
using support::kBaselineWithin;
using support::Stage;

namespace {

std::set<int> backends(const pool::ConnectionPool& pool) {
    std::set<int> pids;
    for (const pool::SlotInfo& slot : pool.stats().slots) {
        pids.insert(slot.backendPid);
    }
    pids.erase(0);
    return pids;
}

// How long a request through the pool takes, from asking to giving back; -1 when it failed.
qint64 millisOfARequest(pool::ConnectionPool& pool) {
    QElapsedTimer timer;
    timer.start();
    auto lease = pool.acquire();
    const bool good = lease && lease->execute("SELECT 1");
    return good ? timer.elapsed() : -1;
}

bool isQuick(pool::ConnectionPool& pool) {
    const qint64 took = millisOfARequest(pool);
    return took >= 0 && took < 100;
}

} // namespace

class ServerFaultsTest : public QObject {
    Q_OBJECT

    support::PgServer m_server;

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.ok(), m_server.error()); }
    void init() {
        if (!m_server.embedded().running()) {
            QVERIFY2(m_server.start(), m_server.error());
        }
    }

    void aSlowNetworkIsSeenByThePoolItself() {
        Stage stage(m_server);
        QTRY_VERIFY(isQuick(stage.pool));
        QVERIFY(stage.runner.start("slow_network", {{"clients", 3}, {"delay", 200}, {"jitter", 0}}));
        QTRY_COMPARE(stage.row("slow_network").phase, std::string("every round trip takes longer"));
        QTRY_VERIFY(stage.row("slow_network").requests > 5);
        const qint64 during = millisOfARequest(stage.pool);
        QVERIFY2(during >= 199, qPrintable(QString::number(during)));
        QCOMPARE(stage.row("slow_network").failures, std::uint64_t(0));
        const qint64 took = stage.millisToBaseline("slow_network");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
        QTRY_VERIFY(isQuick(stage.pool));
    }
    void aLeaseTakenBeforeSurvivesTheSlowNetwork() {
        Stage stage(m_server);
        auto lease = stage.pool.acquire();
        QVERIFY(lease);
        QVERIFY(stage.runner.start("slow_network", {{"delay", 100}, {"jitter", 0}}));
        QTRY_VERIFY(stage.row("slow_network").requests > 5);
        QVERIFY(lease->execute("SELECT 1"));
        QVERIFY(stage.runner.stop("slow_network"));
        QVERIFY(stage.runner.waitIdle(5s));
        QVERIFY(lease->execute("SELECT 1"));
    }
    void aSlowNetworkThatCannotBePutInLeavesThePoolAlone() {
        support::MarkBook marks;
        pool::ConnectionPool pool(support::quickPool(), m_server.connInfo(), nullptr);
        load::RunnerOptions options = Stage::filled(m_server, {}, marks);
        options.connInfo = [this] {
            pg::ConnInfo info = m_server.connInfo();
            info.set("requirepeer", "postgres");
            return info;
        };
        load::Runner runner(pool, options);
        QVERIFY(runner.start("slow_network"));
        QVERIFY(runner.waitIdle(5s));
        for (const metrics::ScenarioRow& row : runner.rows(core::Lang::English)) {
            if (row.name == "slow_network") {
                QCOMPARE(row.state, ScenarioState::Failed);
                QVERIFY(!row.message.empty());
            }
        }
        QVERIFY(millisOfARequest(pool) >= 0);
    }
    void onlyThePoolsOwnBackendsAreTerminated() {
        pg::ConnInfo info = m_server.connInfo();
        auto bystander = load::openOwnSession(info, 5s);
        QVERIFY(bystander);
        Stage stage(m_server);
        QVERIFY(stage.runner.start("backends_terminated", {{"clients", 4}, {"interval", 1}}));
        QTRY_VERIFY(!backends(stage.pool).empty());
        const std::set<int> first = backends(stage.pool);
        QTRY_VERIFY([&] {
            for (const int pid : backends(stage.pool)) {
                if (first.contains(pid)) {
                    return false;
                }
            }
            return !backends(stage.pool).empty();
        }());
        QVERIFY((*bystander)->execute("SELECT 1"));
        const qint64 took = stage.millisToBaseline("backends_terminated");
        QVERIFY2(took >= 0 && took < kBaselineWithin, qPrintable(QString::number(took)));
        QTRY_VERIFY(millisOfARequest(stage.pool) >= 0); // whole again
        QVERIFY((*bystander)->execute("SELECT 1"));
    }
    void thePoolIsWholeAgainAfterTheServerWasRestarted() {
        support::ServerHand hand(m_server);
        load::RunnerOptions options;
        options.server = hand.control();
        support::FakeClock clock;
        options.clock = &clock;
        Stage stage(m_server, support::quickPool(), options);
        QVERIFY(stage.row("server_restart").available);
        QVERIFY(stage.runner.start("server_restart", {{"duration", 100}, {"down", 50}}));
        QTRY_VERIFY(stage.row("server_restart").requests > 5);
        QCOMPARE(stage.row("server_restart").failures, std::uint64_t(0));
        clock.advance(2s);
        QTRY_COMPARE(stage.row("server_restart").phase, std::string("the server is stopped"));
        QVERIFY(!m_server.embedded().running());
        QTRY_VERIFY(stage.row("server_restart").failures > 0);
        clock.advance(50s);
        QTRY_VERIFY(m_server.embedded().running());
        QTRY_COMPARE(stage.row("server_restart").phase,
                     std::string("the server is back; the pool recovers by itself"));
        QTRY_VERIFY_WITH_TIMEOUT(millisOfARequest(stage.pool) >= 0, 3000);
        clock.advance(48s);
        QTRY_COMPARE(stage.row("server_restart").state, ScenarioState::Done);
        QCOMPARE(stage.pool.counts().leased, 0);
        std::vector<pool::Lease> all; // every place of the pool can be had again
        for (int i = 0; i < 30; ++i) {
            auto lease = stage.pool.acquire();
            QVERIFY2(lease, lease ? "" : lease.error().message.c_str());
            all.push_back(std::move(lease).value());
        }
        QCOMPARE(stage.pool.counts().state, pool::PoolState::Up);
    }
    void stoppingWhileTheServerIsAwayStartsItAtOnce() {
        support::ServerHand hand(m_server);
        load::RunnerOptions options;
        options.server = hand.control();
        Stage stage(m_server, support::quickPool(), options);
        QVERIFY(stage.runner.start("server_restart", {{"duration", 600}, {"down", 600}}));
        QTRY_VERIFY(!m_server.embedded().running());
        QVERIFY(stage.runner.stop("server_restart"));
        QElapsedTimer timer;
        timer.start();
        QTRY_VERIFY(!stage.runner.running());
        QVERIFY2(timer.elapsed() < kBaselineWithin, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(m_server.embedded().running());
        QTRY_VERIFY(millisOfARequest(stage.pool) >= 0);
    }
    void aServerThatDoesNotStartAgainIsSaid() {
        load::RunnerOptions options;
        options.server = {[] { return core::Result<void>(); },
                          [] { return core::Result<void>(core::fail("the disk is full")); }};
        support::FakeClock clock;
        options.clock = &clock;
        Stage stage(m_server, support::quickPool(), options);
        QVERIFY(stage.runner.start("server_restart"));
        QTRY_COMPARE(stage.row("server_restart").phase, std::string("before the stop"));
        clock.advance(2s);
        QTRY_COMPARE(stage.row("server_restart").phase, std::string("the server is stopped"));
        clock.advance(15s);
        QTRY_COMPARE(stage.row("server_restart").state, ScenarioState::Failed);
        QCOMPARE(stage.row("server_restart").message,
                 std::string("the server could not be started again: the disk is full"));
    }
};

QTEST_GUILESS_MAIN(ServerFaultsTest)
#include "tst_server_faults.moc"

// Contract section 4, line by line, against a real server that does as it is told. What a pool promises besides is
// in tst_pool_control.
#include "tests/pool/pool_server.h"
#include "tests/pool/recorder.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <memory>
#include <thread>

using namespace std::chrono_literals;
using pool::Outcome;
using support::take;

namespace {

core::Nanos elapsed(core::SteadyTime since)
{
    return std::chrono::steady_clock::now() - since;
}

} // namespace

class ConnectionPoolTest final : public support::PoolServerTest {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsOpenedAtFirst()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        QCOMPARE(pool.counts().total, 0);
        QCOMPARE(backends(), 0);
    }
    void theGaugesAreRightAtEveryFillingOfTheReferenceTable()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        std::vector<pool::Lease> leases;
        for (const int taken : {0, 1, 5, 10, 17, 18, 19, 24, 25, 27, 28, 30}) {
            for (auto& lease : take(pool, taken - static_cast<int>(leases.size()))) {
                leases.push_back(std::move(lease));
            }
            const pool::PoolCounts counts = pool.counts();
            QCOMPARE(counts.leased, taken);
            QCOMPARE(counts.total, taken);
            QCOMPARE(counts.idle, 0);
            QCOMPARE(counts.maxConnections, 30);
            QCOMPARE(backends(), taken);
        }
    }
    void idleOnesAreTakenFirstInFirstOut()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        auto leases = take(pool, 3);
        const int first = leases[1].backendPid();
        const int second = leases[2].backendPid();
        const int third = leases[0].backendPid();
        leases[1].giveBack();
        leases[2].giveBack();
        leases[0].giveBack();
        leases = take(pool, 3);
        QCOMPARE(leases[0].backendPid(), first);
        QCOMPARE(leases[1].backendPid(), second);
        QCOMPARE(leases[2].backendPid(), third);
    }
    void lifoIsThereForThoseWhoAsk()
    {
        pool::PoolConfig config;
        config.idleOrder = pool::IdleOrder::Lifo;
        pool::ConnectionPool pool(config, m_server->connInfo(), nullptr);
        auto leases = take(pool, 2);
        const int last = leases[0].backendPid();
        leases[1].giveBack();
        leases[0].giveBack();
        QCOMPARE(take(pool, 1)[0].backendPid(), last);
    }
    void thoseGivenBackOverSizeAreClosed()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        auto leases = take(pool, 15);
        leases.clear();
        QCOMPARE(pool.counts().total, 10);
        QCOMPARE(pool.counts().idle, 10);
        QCOMPARE(pool.stats().closed[static_cast<std::size_t>(pool::CloseReason::Overflow)], 5U);
        QTRY_COMPARE(backends(), 10);
    }
    void theThirtyFirstWaitsPoolTimeoutAndFailsInTheReferencesWords()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        const auto leases = take(pool, 30);
        pool::PoolConfig config;
        config.timeout = 300ms;
        QVERIFY(pool.configure(config));
        QCOMPARE(leases.size(), std::size_t(30));
        const auto since = std::chrono::steady_clock::now();
        const auto failed = pool.acquire({.tag = "late"});
        QVERIFY(!failed);
        QVERIFY(elapsed(since) >= 300ms);
        QVERIFY(elapsed(since) < 450ms); // 50 ms by contract, the rest for a loaded machine
        QCOMPARE(failed.error().outcome, Outcome::Timeout);
        QCOMPARE(failed.error().message,
                 std::string(
                     "QueuePool limit of size 10 overflow 20 reached, connection timed out, timeout 0.30"));
        QCOMPARE(failed.error().counts.leased, 30);
        QCOMPARE(failed.error().holders.size(), std::size_t(3));
    }
    void aTimeoutLeavesAnAutopsyOfAllHoldersAndWaiters()
    {
        pool::PoolConfig config;
        config.size = 4;
        config.maxOverflow = 0;
        pool::ConnectionPool pool(config, m_server->connInfo(), nullptr);
        const auto leases = take(pool, 4);
        QVERIFY(pool.autopsies().empty());
        std::stop_source stop;
        std::jthread waiter([&] { (void)pool.acquire({.tag = "patient", .stop = stop.get_token()}); });
        QTRY_COMPARE(pool.counts().waiting, 1);
        QVERIFY(!pool.acquire({.tag = "hasty", .timeout = 20ms}));
        stop.request_stop();
        waiter.join(); // cancelled: no autopsy
        const auto autopsies = pool.autopsies();
        QCOMPARE(autopsies.size(), std::size_t(1));
        const pool::Autopsy& autopsy = *autopsies.front();
        QCOMPARE(autopsy.outcome, Outcome::Timeout);
        QCOMPARE(autopsy.tag, std::string("hasty"));
        QVERIFY(autopsy.waited >= 20ms);
        QVERIFY(autopsy.at.time_since_epoch() > 0s);
        QCOMPARE(autopsy.counts.leased, 4);
        QCOMPARE(autopsy.holders.size(), std::size_t(4));
        QVERIFY(autopsy.holders.front().heldFor >= autopsy.holders.back().heldFor);
        QCOMPARE(autopsy.waiters.size(), std::size_t(1));
        QCOMPARE(autopsy.waiters.front().tag, std::string("patient"));
        QCOMPARE(pool.stats().autopsies, autopsies);
    }
    void aFullQueueLeavesAnAutopsyToo()
    {
        pool::PoolConfig config;
        config.size = 1;
        config.maxOverflow = 0;
        config.maxWaiters = 1;
        pool::ConnectionPool pool(config, m_server->connInfo(), nullptr);
        pool.setLang(core::Lang::Chinese);
        const auto leases = take(pool, 1);
        std::stop_source stop;
        std::jthread waiter([&] { (void)pool.acquire({.stop = stop.get_token()}); });
        QTRY_COMPARE(pool.counts().waiting, 1);
        const auto failed = pool.acquire();
        QVERIFY(!failed);
        QCOMPARE(failed.error().message, std::string("已有 1 个请求在等待，不再接受新请求"));
        QCOMPARE(pool.autopsies().front()->outcome, Outcome::QueueFull);
        stop.request_stop();
    }
    void failuresSpeakTheChosenLanguage()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        pool.suspend(pool::SuspendMode::Fail);
        QCOMPARE(pool.acquire().error().message, std::string("the pool is suspended"));
        pool.setLang(core::Lang::Chinese);
        QCOMPARE(pool.acquire().error().message, std::string("连接池已暂停"));
        pool.close();
        QCOMPARE(pool.acquire().error().message, std::string("连接池已关闭"));
    }
    void aWaiterGetsTheNextOneGivenBack()
    {
        pool::PoolConfig config;
        config.size = 1;
        config.maxOverflow = 0;
        pool::ConnectionPool pool(config, m_server->connInfo(), nullptr);
        auto held = take(pool, 1);
        const int pid = held[0].backendPid();
        int got = 0;
        std::jthread waiter([&] {
            auto lease = pool.acquire({.tag = "waiter"});
            got = lease ? lease->backendPid() : -1;
        });
        QTRY_COMPARE(pool.counts().waiting, 1);
        const pool::PoolStats stats = pool.stats();
        QCOMPARE(stats.waiters[0].tag, std::string("waiter"));
        held.clear();
        waiter.join();
        QCOMPARE(got, pid);
        QCOMPARE(pool.stats().waited, 2U); // the first one waited for its connect
    }
    void anOpenTransactionIsRolledBackWhenGivenBack()
    {
        support::Recorder recorder;
        pool::ConnectionPool pool({}, m_server->connInfo(), &recorder);
        {
            auto lease = pool.acquire();
            QVERIFY(lease);
            QVERIFY(lease->execute("CREATE TABLE ghost (x int)"));
            QVERIFY(lease->execute("BEGIN"));
            QVERIFY(lease->execute("INSERT INTO ghost VALUES (1)"));
        }
        QCOMPARE(number("SELECT count(*) FROM ghost"), 0);
        QCOMPARE(pool.counts().idle, 1); // the same connection, clean
        QCOMPARE(pool.stats().dirtyReturns[static_cast<std::size_t>(pool::DirtyState::InTransaction)], 1U);
        QCOMPARE(recorder.count(pool::EventKind::DirtyReturn), 1);
        QCOMPARE(recorder.count(pool::EventKind::ResetDone), 1);
        (void)m_server->admin().execute("DROP TABLE ghost");
    }
    void whenAllAreTerminatedNoCallerSeesAnError()
    {
        support::Recorder recorder;
        pool::ConnectionPool pool({}, m_server->connInfo(), &recorder);
        take(pool, 10).clear();
        QCOMPARE(number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                        "WHERE application_name = 'poolscope-pool'"),
                 10);
        QTRY_COMPARE(backends(), 0);
        for (int i = 0; i < 10; ++i) {
            auto lease = pool.acquire();
            QVERIFY(lease);
            QVERIFY(lease->execute("SELECT 1"));
        }
        QCOMPARE(recorder.count(pool::EventKind::ValidationFailed), 10);
        QCOMPARE(recorder.acquired(Outcome::Ok), 20);
    }
    void terminatedWhileTakenTheStatementFailsAndThePlaceSurvives()
    {
        support::Recorder recorder;
        pool::PoolConfig config;
        config.size = 1;
        config.maxOverflow = 0;
        pool::ConnectionPool pool(config, m_server->connInfo(), &recorder);
        {
            auto lease = pool.acquire();
            QVERIFY(lease);
            QVERIFY(pool.terminateBackend(lease->slot()));
            QTRY_COMPARE(backends(), 0);
            const auto failed = lease->execute("SELECT 1");
            QVERIFY(!failed);
            QCOMPARE(failed.error().code, std::string("57P01"));
        }
        QCOMPARE(pool.counts().total, 0);
        auto again = pool.acquire();
        QVERIFY(again);
        QVERIFY(again->execute("SELECT 1"));
        QCOMPARE(pool.stats().closed[static_cast<std::size_t>(pool::CloseReason::Broken)], 1U);
    }
    void recycleHappensAtCheckoutOnly()
    {
        support::FakeClock clock;
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr, clock);
        int pid = 0;
        {
            auto lease = pool.acquire();
            QVERIFY(lease);
            pid = lease->backendPid();
        }
        clock.advance(3601s);
        QCOMPARE(pool.counts().idle, 1);
        QCOMPARE(backends(), 1);
        auto lease = pool.acquire();
        QVERIFY(lease);
        QVERIFY(lease->backendPid() != pid);
        QCOMPARE(pool.stats().closed[static_cast<std::size_t>(pool::CloseReason::Lifetime)], 1U);
    }
    void disposeEmptiesThePoolAndClosesTakenOnesWhenTheyComeBack()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        auto leases = take(pool, 3);
        leases[0].giveBack();
        pool.close();
        QCOMPARE(pool.counts().idle, 0);
        QCOMPARE(pool.counts().leased, 2);
        QVERIFY(leases[1].execute("SELECT 1"));
        leases.clear();
        QCOMPARE(pool.counts().total, 0);
        QTRY_COMPARE(backends(), 0);
        const auto refused = pool.acquire();
        QVERIFY(!refused);
        QCOMPARE(refused.error().outcome, Outcome::Closed);
    }
    void aLeaseMayOutliveItsPool()
    {
        std::optional<pool::Lease> lease;
        {
            pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
            auto taken = pool.acquire();
            QVERIFY(taken);
            lease.emplace(std::move(*taken));
        }
        QVERIFY(lease->execute("SELECT 1"));
        lease.reset();
        QTRY_COMPARE(backends(), 0);
    }
    void overflowMinusOneHasNoLimit()
    {
        pool::PoolConfig config;
        config.size = 2;
        config.maxOverflow = -1;
        pool::ConnectionPool pool(config, m_server->connInfo(), nullptr);
        auto leases = take(pool, 40);
        QCOMPARE(pool.counts().leased, 40);
        QCOMPARE(pool.counts().maxConnections, -1);
        leases.clear();
        QCOMPARE(pool.counts().total, 2);
    }
    void sizeZeroLimitsTakenOnesToMaxOverflowAndKeepsAll()
    {
        pool::PoolConfig config;
        config.size = 0;
        config.maxOverflow = 4;
        pool::ConnectionPool pool(config, m_server->connInfo(), nullptr);
        auto leases = take(pool, 4);
        const auto fifth = pool.acquire({.timeout = 50ms});
        QVERIFY(!fifth);
        QCOMPARE(
            fifth.error().message,
            std::string("QueuePool limit of size 0 overflow 4 reached, connection timed out, timeout 0.05"));
        leases.clear();
        QCOMPARE(pool.counts().idle, 4);
    }
};

QTEST_GUILESS_MAIN(ConnectionPoolTest)
#include "tst_connection_pool.moc"

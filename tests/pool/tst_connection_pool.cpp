// Contract section 4, line by line, and what a pool promises besides, against a real server that does as it
// is told.
#include "monitor/pg/connection.h"
#include "monitor/pool/connection_pool.h"
#include "tests/pool/recorder.h"
#include "tests/support/fake_clock.h"
#include "tests/support/pg_server.h"

#include <QTest>

#include <memory>
#include <thread>

using namespace std::chrono_literals;
using pool::Outcome;

namespace {

core::Nanos elapsed(core::SteadyTime since)
{
    return std::chrono::steady_clock::now() - since;
}

} // namespace

class ConnectionPoolTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;
    std::unique_ptr<pg::Connection> m_admin; // outside every pool

    int backends()
    {
        return number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'poolscope-pool'");
    }
    int number(const char* sql)
    {
        auto result = m_admin->execute(sql);
        return result ? std::stoi(std::string(result->text(0, 0))) : -1;
    }
    static std::vector<pool::Lease> take(pool::ConnectionPool& pool, int count)
    {
        std::vector<pool::Lease> leases;
        for (int i = 0; i < count; ++i) {
            auto lease = pool.acquire();
            if (!lease) {
                qWarning("%s", lease.error().message.c_str());
                break;
            }
            leases.push_back(std::move(*lease));
        }
        return leases;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<support::PgServer>();
        QVERIFY2(m_server->ok(), m_server->error());
        pg::ConnInfo info = m_server->connInfo();
        info.set("application_name", "admin");
        auto admin = pg::Connection::open(info, pg::Deadline::in(5s));
        QVERIFY2(admin, admin ? "" : admin.error().message.c_str());
        m_admin = std::move(*admin);
    }

    void init() { QTRY_COMPARE(backends(), 0); } // those of the test before take a moment to leave

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
        (void)m_admin->execute("DROP TABLE ghost");
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

    void failedStatementsAreTimedAndCounted()
    {
        support::Recorder recorder;
        pool::ConnectionPool pool({}, m_server->connInfo(), &recorder);
        auto lease = pool.acquire();
        QVERIFY(lease);
        QCOMPARE(lease->execute("SELECT 1/0").error().code, std::string("22012"));
        QCOMPARE(lease->execute("SELECT pg_sleep(9)", {}, 120ms).error().code, std::string("57014"));
        const std::string params[] = {"41"};
        auto sum = lease->execute("SELECT $1::int + 1", params);
        QVERIFY(sum);
        QCOMPARE(std::string(sum->text(0, 0)), std::string("42"));
        const auto statements = recorder.statements();
        QCOMPARE(statements.size(), std::size_t(3));
        QVERIFY(statements[0].failed && statements[1].failed && !statements[2].failed);
        QVERIFY(statements[1].duration >= 120ms);
        QVERIFY(statements[1].duration < 270ms); // 50 ms by contract, the rest for a loaded machine
    }
    void aMegabyteOfStatementWorks()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        auto lease = pool.acquire();
        QVERIFY(lease);
        auto length = lease->execute("SELECT length('" + std::string(1'000'000, 'x') + "')");
        QVERIFY(length);
        QCOMPARE(std::string(length->text(0, 0)), std::string("1000000"));
        QVERIFY(pool.stats().slots[0].statement.size() <= 200U);
    }
    void theSlotTableShowsStatementsWithoutTheirValues()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        auto lease = pool.acquire({.tag = "reports"});
        QVERIFY(lease);
        QVERIFY(lease->execute("BEGIN"));
        QVERIFY(lease->execute("SELECT 'canary-77' AS secret"));
        const pool::SlotInfo slot = pool.stats().slots.at(0);
        QCOMPARE(slot.tag, std::string("reports"));
        QCOMPARE(slot.activity, pool::LeaseActivity::IdleInTransaction);
        QVERIFY(slot.transactionAge > core::Nanos(0));
        QVERIFY(QByteArray(slot.site.file_name()).endsWith("tst_connection_pool.cpp"));
        QVERIFY(slot.statement.find("SELECT") != std::string::npos);
        QVERIFY(slot.statement.find("canary") == std::string::npos);
    }

    void aHeldButIdleConnectionIsALeakAndABusyOneIsNot()
    {
        support::FakeClock clock;
        support::Recorder recorder;
        pool::ConnectionPool pool({}, m_server->connInfo(), &recorder, clock);
        auto idle = pool.acquire({.tag = "forgotten"});
        auto busy = pool.acquire({.tag = "working"});
        QVERIFY(idle && busy);
        std::jthread worker([&] { (void)busy->execute("SELECT pg_sleep(60)"); });
        QTRY_COMPARE(number("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%' "
                            "AND state = 'active'"),
                     1);
        clock.advance(61s);
        QTRY_COMPARE(recorder.count(pool::EventKind::Leaked), 1);
        QCOMPARE(recorder.events(pool::EventKind::Leaked)[0].tag, std::string("forgotten"));
        QTRY_COMPARE(recorder.count(pool::EventKind::LongUse), 2);
        QCOMPARE(pool.stats().leaked, 1);
        QCOMPARE(pool.stats().leaks, 1U);
        QVERIFY(pool.cancelStatement(busy->slot()));
        worker.join();
        idle->giveBack();
        QCOMPARE(recorder.count(pool::EventKind::Unleaked), 1);
        QCOMPARE(recorder.count(pool::EventKind::LongUseEnded), 1);
        QCOMPARE(pool.stats().leaked, 0);
        QVERIFY(busy->execute("SELECT 1")); // the cancel has hit its statement and nothing after it
    }
    void askingWhileHoldingIsToldWithBothSites()
    {
        support::Recorder recorder;
        pool::ConnectionPool pool({}, m_server->connInfo(), &recorder);
        auto outer = pool.acquire();
        auto inner = pool.acquire();
        QVERIFY(outer && inner);
        QCOMPARE(recorder.count(pool::EventKind::NestedAcquire), 1);
        QVERIFY(recorder.events(pool::EventKind::NestedAcquire)[0].detail.find("tst_connection_pool.cpp") !=
                std::string::npos);
    }

    void everySettingChangesWithoutDroppingALease()
    {
        support::Recorder recorder;
        pool::ConnectionPool pool({}, m_server->connInfo(), &recorder);
        auto leases = take(pool, 6);
        pool::PoolConfig config = pool.config();
        config.size = 2;
        config.maxOverflow = 1;
        config.timeout = 40ms;
        QVERIFY(pool.configure(config));
        QCOMPARE(recorder.events(pool::EventKind::Configured)[0].detail,
                 std::string("pool_size 10 → 2, max_overflow 20 → 1, pool_timeout 30 s → 0.04 s"));
        QCOMPARE(pool.counts().leased, 6);
        QVERIFY(leases[0].execute("SELECT 1"));
        QVERIFY(!pool.acquire());
        leases.clear();
        QCOMPARE(pool.counts().total, 2);
        config.size = -3;
        const auto refused = pool.configure(config);
        QVERIFY(!refused);
        QCOMPARE(refused.error().message, std::string("pool_size must be between 0 and 10000, not -3"));
    }
    void suspendedRequestsWaitOrFailAsAsked()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        take(pool, 1).clear();
        pool.suspend(pool::SuspendMode::Fail);
        QCOMPARE(pool.acquire().error().outcome, Outcome::Suspended);
        pool.suspend(pool::SuspendMode::Hold);
        const auto late = pool.acquire({.timeout = 50ms});
        QCOMPARE(late.error().outcome, Outcome::Suspended);
        bool got = false;
        std::jthread waiter([&] { got = static_cast<bool>(pool.acquire({.timeout = 5s})); });
        QTRY_COMPARE(pool.counts().waiting, 1);
        pool.resume();
        waiter.join();
        QVERIFY(got);
    }
    void drainReplacesEveryConnectionAndKeepsTheLeases()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        auto leases = take(pool, 4);
        leases.pop_back();
        leases.pop_back();
        pool.drain();
        QCOMPARE(pool.counts().idle, 0);
        QCOMPARE(pool.counts().state, pool::PoolState::Draining);
        QVERIFY(leases[0].execute("SELECT 1"));
        leases.clear();
        QCOMPARE(pool.counts().total, 0);
        QCOMPARE(pool.counts().state, pool::PoolState::Up);
    }
    void recycleAllReplacesOneAfterTheOther()
    {
        pool::ConnectionPool pool({}, m_server->connInfo(), nullptr);
        take(pool, 4).clear();
        pool.recycleAll();
        QTRY_COMPARE(pool.stats().closed[static_cast<std::size_t>(pool::CloseReason::Admin)], 4U);
        QTRY_COMPARE(pool.counts().idle, 4);
    }
    void whileBackgroundIsShedCriticalGoesOn()
    {
        pool::PoolConfig config;
        config.size = 3;
        config.maxOverflow = 0;
        pool::ConnectionPool pool(config, m_server->connInfo(), nullptr);
        pool.limit({.background = 0});
        const auto shed = pool.acquire({.tag = "report", .priority = pool::Priority::Background});
        QVERIFY(!shed);
        QCOMPARE(shed.error().outcome, Outcome::Shed);
        QCOMPARE(shed.error().message, std::string("background requests are turned away while the service is degraded"));
        for (int i = 0; i < 20; ++i) {
            auto lease = pool.acquire({.tag = "payment", .priority = pool::Priority::Critical});
            QVERIFY(lease);
            QVERIFY(lease->execute("SELECT 1"));
            QVERIFY(!pool.acquire({.priority = pool::Priority::Background}));
        }
        const pool::PoolStats stats = pool.stats();
        QCOMPARE(stats.outcomes[static_cast<std::size_t>(Outcome::Shed)], 21U);
        QCOMPARE(stats.limits.background, 0);
        pool.limit({});
        QVERIFY(pool.acquire({.priority = pool::Priority::Background}));
    }
    void aCancelledWaitGivesNothingAway()
    {
        pool::PoolConfig config;
        config.size = 1;
        config.maxOverflow = 0;
        pool::ConnectionPool pool(config, m_server->connInfo(), nullptr);
        auto held = take(pool, 1);
        std::stop_source stop;
        Outcome outcome = Outcome::Ok;
        std::jthread waiter([&] { outcome = pool.acquire({.stop = stop.get_token()}).error().outcome; });
        QTRY_COMPARE(pool.counts().waiting, 1);
        stop.request_stop();
        waiter.join();
        QCOMPARE(outcome, Outcome::Cancelled);
        held.clear();
        QCOMPARE(pool.counts().idle, 1);
    }
    void twoHundredThreadsShareTenPlacesAndTheBooksBalance()
    {
        support::Recorder recorder;
        pool::PoolConfig config;
        config.maxOverflow = 0;
        pool::ConnectionPool pool(config, m_server->connInfo(), &recorder);
        std::atomic<int> failures{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 200; ++i) {
                threads.emplace_back([&] {
                    for (int round = 0; round < 5; ++round) {
                        auto lease = pool.acquire();
                        failures += lease && lease->execute("SELECT 1") ? 0 : 1;
                    }
                });
            }
        }
        QCOMPARE(failures.load(), 0);
        const pool::PoolStats stats = pool.stats();
        QCOMPARE(stats.checkouts, 1000U);
        QCOMPARE(stats.checkins, 1000U);
        QVERIFY(stats.opened >= 1U && stats.opened <= 10U); // no more than were worth opening
        QCOMPARE(recorder.acquired(Outcome::Ok), 1000);
        QCOMPARE(recorder.returned(), std::size_t(1000));
        QTRY_COMPARE(backends(), pool.counts().total); // one may just be opening
        QVERIFY(stats.peakWaiting > 0);
        QVERIFY(stats.peakLeased > 0 && stats.peakLeased <= 10);
    }
};

QTEST_GUILESS_MAIN(ConnectionPoolTest)
#include "tst_connection_pool.moc"

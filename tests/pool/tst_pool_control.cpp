// What a pool promises besides the contract's section 4: what it tells while things happen, and what can be done to it
// while it runs. Against a real server.
#include "tests/pool/pool_server.h"
#include "tests/pool/recorder.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <memory>
#include <thread>

using namespace std::chrono_literals;
using pool::Outcome;
using support::take;

class PoolControlTest final : public support::PoolServerTest {
    Q_OBJECT

private Q_SLOTS:
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
        QVERIFY(QByteArray(slot.site.file_name()).endsWith("tst_pool_control.cpp"));
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
        QVERIFY(recorder.events(pool::EventKind::NestedAcquire)[0].detail.find("tst_pool_control.cpp") !=
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
    void allSettingsAtOnceAreToldAndNoLeaseIsDropped()
    {
        support::Recorder recorder;
        pool::ConnectionPool pool({}, m_server->connInfo(), &recorder);
        auto lease = pool.acquire();
        QVERIFY(lease && lease->execute("BEGIN"));
        const pool::PoolConfig other{.size = 3,
                                     .maxOverflow = 4,
                                     .timeout = 5s,
                                     .recycle = 6s,
                                     .prePing = false,
                                     .idleOrder = pool::IdleOrder::Lifo,
                                     .overflowLinger = 7s,
                                     .minIdle = 2,
                                     .maxWaiters = 8,
                                     .reset = pool::ResetMode::DiscardAll,
                                     .connectTimeout = 9s,
                                     .validateAfter = 10s,
                                     .validateTimeout = 11s,
                                     .resetTimeout = 12s,
                                     .slowAcquire = 13s,
                                     .slowQuery = 14s,
                                     .longUse = 15s,
                                     .leakAfter = 16s};
        QVERIFY(pool.configure(other));
        QVERIFY(pool.config() == other);
        QCOMPARE(recorder.count(pool::EventKind::Configured), 1);
        const std::string told = recorder.events(pool::EventKind::Configured)[0].detail;
        for (const char* change :
             {"pool_size 10 → 3", "max_overflow 20 → 4", "pool_timeout 30 s → 5 s", "pool_recycle 3600 s → 6 s",
              "pre_ping on → off", "idle_order fifo → lifo", "overflow_linger 0 s → 7 s", "min_idle 0 → 2", "max_waiters 0 → 8",
              "reset rollback → discard_all", "connect_timeout 5 s → 9 s", "validate_after 1 s → 10 s", "validate_timeout 2 s → 11 s",
              "reset_timeout 2 s → 12 s", "slow_acquire 0.1 s → 13 s", "slow_query 0.1 s → 14 s",
              "long_use 10 s → 15 s", "leak_after 60 s → 16 s"}) {
            QVERIFY2(told.find(change) != std::string::npos, change);
        }
        QTRY_COMPARE(pool.counts().idle, 2); // min_idle, at once
        QVERIFY(lease->execute("COMMIT"));
    }
    void everyControlIsToldOnceWithBeforeAndAfter()
    {
        using pool::EventKind;
        support::Recorder recorder;
        pool::ConnectionPool pool({}, m_server->connInfo(), &recorder);
        auto leases = take(pool, 3);
        std::jthread worker([&] { (void)leases[0].execute("SELECT pg_sleep(60)"); });
        QTRY_COMPARE(number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), 1);
        QVERIFY(pool.cancelStatement(leases[0].slot()));
        worker.join();
        QVERIFY(pool.terminateBackend(leases[1].slot()));
        QTRY_COMPARE(recorder.count(EventKind::BackendTerminated), 1);
        pool.suspend(pool::SuspendMode::Hold);
        pool.suspend(pool::SuspendMode::Fail);
        pool.resume();
        QVERIFY(pool.recycle(leases[2].slot()));
        QVERIFY(!pool.recycle(99)); // what does not happen is not told
        pool.recycleAll();
        pool.drain();
        pool.limit({.normal = 5, .background = 0});
        pool::PoolConfig config = pool.config();
        config.size = 12;
        QVERIFY(pool.configure(config));
        QVERIFY(pool.configure(config)); // nor what changes nothing
        pool.retryNow();

        const auto told = [&](EventKind kind) {
            QStringList details;
            for (const auto& event : recorder.events(kind)) {
                details << QString::fromStdString(event.detail);
            }
            return details.join('|');
        };
        QCOMPARE(told(EventKind::StatementCancelled), QString("by request: running → cancelled"));
        QCOMPARE(told(EventKind::BackendTerminated), QString("by request: open → terminated"));
        QCOMPARE(told(EventKind::Suspended),
                 QString("up → suspended, requests wait|suspended → suspended, requests fail"));
        QCOMPARE(told(EventKind::Resumed), QString("suspended → up"));
        QCOMPARE(told(EventKind::Recycled),
                 QString("in use → replaced when it comes back|open 3 → replaced one after the other"));
        QCOMPARE(told(EventKind::Drained), QString("open 3 → 3")); // all are in use
        QCOMPARE(told(EventKind::Configured),
                 QString("places for background: any → 0, for normal: any → 5|pool_size 10 → 12"));
        QCOMPARE(recorder.count(EventKind::RetryAsked), 0); // all was well
    }
    void whoAsksToTryAgainDuringAnOutageIsTold()
    {
        pg::ConnInfo nowhere = m_server->connInfo();
        nowhere.set("host", "/nonexistent");
        support::Recorder recorder;
        pool::ConnectionPool pool({}, nowhere, &recorder);
        QVERIFY(!pool.acquire());
        pool.retryNow();
        QCOMPARE(recorder.count(pool::EventKind::RetryAsked), 1);
        const std::string detail = recorder.events(pool::EventKind::RetryAsked)[0].detail;
        QVERIFY2(QString::fromStdString(detail).startsWith("down: next try in 0."), detail.c_str());
        QVERIFY2(QString::fromStdString(detail).endsWith(" s → at once"), detail.c_str());
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

QTEST_GUILESS_MAIN(PoolControlTest)
#include "tst_pool_control.moc"

// A server that is there and says no: wrong password, changed password, no connection left, not yet out of
// recovery, sessions ended in mid-work. What is told, to whom, and that all is well again by itself or by
// whom it needs.
#include "monitor/pg/connection.h"
#include "monitor/pool/connection_pool.h"
#include "tests/pool/recorder.h"
#include "tests/support/pg_server.h"

#include <QTest>

#include <csignal>
#include <fstream>
#include <memory>
#include <poll.h>
#include <thread>

using namespace std::chrono_literals;
using pool::EventKind;
using pool::Outcome;
using pool::PoolState;

namespace {

constexpr core::Nanos kPatience = 20s;
constexpr int kMaxConnections = 12;
constexpr int kReserved = 3; // for superusers, PostgreSQL's default

std::vector<std::unique_ptr<pg::Connection>> openUntilFull(const pg::ConnInfo& info)
{
    std::vector<std::unique_ptr<pg::Connection>> all;
    for (;;) {
        auto one = pg::Connection::open(info, pg::Deadline::in(kPatience));
        if (!one) {
            return all;
        }
        all.push_back(std::move(*one));
    }
}

} // namespace

class PoolRefusalsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;
    std::unique_ptr<pg::Connection> m_admin; // outside every pool

    pg::ConnInfo as(const char* role, const char* password = "") const
    {
        pg::ConnInfo info = m_server->connInfo();
        info.set("user", role);
        info.set("dbname", "postgres");
        if (*password != '\0') {
            info.set("password", password);
        }
        return info;
    }
    bool sql(const std::string& text)
    {
        return m_admin->execute(text, {}, pg::Deadline::in(kPatience)).has_value();
    }
    bool connectAdmin()
    {
        auto admin = pg::Connection::open(m_server->connInfo(), pg::Deadline::in(kPatience));
        m_admin = admin ? std::move(*admin) : nullptr;
        return m_admin != nullptr;
    }
    static bool works(pool::ConnectionPool& pool)
    {
        auto lease = pool.acquire({.timeout = 5s});
        return lease && lease->execute("SELECT 1", {}, 5s);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<support::PgServer>(
            support::PgServerOptions{.maxConnections = kMaxConnections, .settings = {"wal_level=replica"}});
        QVERIFY2(m_server->ok(), m_server->error());
        QVERIFY2(m_server->setAccess("local all plain trust\nlocal all keyed scram-sha-256"),
                 m_server->error());
        QVERIFY(connectAdmin());
        QVERIFY(sql("CREATE ROLE plain LOGIN"));
    }
    void init() { QVERIFY(sql("DROP ROLE IF EXISTS keyed; CREATE ROLE keyed LOGIN PASSWORD 'first'")); }

    void aWrongPasswordIsTriedOnceAndSaidInWordsThatDoNotHoldIt()
    {
        support::Recorder recorder;
        pool::ConnectionPool pool({}, as("keyed", "canary-wrong"), &recorder);
        for (int i = 0; i < 20; ++i) {
            const auto failed = pool.acquire({.timeout = kPatience});
            QVERIFY(!failed);
            QCOMPARE(failed.error().outcome, Outcome::Blocked);
            QCOMPARE(failed.error().sqlstate, std::string("28P01"));
            QVERIFY(failed.error().message.find("canary") == std::string::npos);
        }
        QCOMPARE(pool.counts().state, PoolState::Blocked);
        QTRY_COMPARE(recorder.count(EventKind::Blocked), 1);
        QCOMPARE(recorder.count(EventKind::ConnectFailed), 1); // the account is not locked by us
        pool.setConnInfo(as("keyed", "first"));
        QVERIFY(works(pool));
        QCOMPARE(pool.counts().state, PoolState::Up);
    }
    void aPasswordChangedMeanwhileStopsNewConnectionsAndNoOldOne()
    {
        support::Recorder recorder;
        pool::ConnectionPool pool({}, as("keyed", "first"), &recorder);
        auto held = pool.acquire({.timeout = kPatience});
        auto idle = pool.acquire({.timeout = kPatience});
        QVERIFY(held && idle);
        idle->giveBack();
        QVERIFY(sql("ALTER ROLE keyed PASSWORD 'second'"));

        QVERIFY(held->execute("SELECT 1", {}, kPatience));
        auto again = pool.acquire({.timeout = kPatience}); // the idle one
        QVERIFY(again && again->execute("SELECT 1", {}, kPatience));
        const auto refused = pool.acquire({.timeout = kPatience}); // needs a new one
        QVERIFY(!refused);
        QCOMPARE(refused.error().outcome, Outcome::Blocked);
        QCOMPARE(refused.error().sqlstate, std::string("28P01"));
        again->giveBack();
        QVERIFY(works(pool)); // blocked is who needs a new connection, not who finds one
        QCOMPARE(recorder.count(EventKind::ConnectFailed), 1);

        pool.setConnInfo(as("keyed", "second"));
        QVERIFY(held->execute("SELECT 1", {}, kPatience)); // a lease is never dropped
        QVERIFY(works(pool));
        std::vector<pool::Lease> more;
        for (int i = 0; i < 4; ++i) {
            auto lease = pool.acquire({.timeout = kPatience});
            QVERIFY(lease);
            more.push_back(std::move(*lease));
        }
        held->giveBack();
        more.clear();
        QTRY_COMPARE(pool.counts().state, PoolState::Up);
    }
    void aServerFullOfOthersIsSaidAtOnceAndUsedAsSoonAsThereIsRoom()
    {
        auto others = openUntilFull(as("plain"));
        QCOMPARE(others.size(), std::size_t(kMaxConnections - kReserved - 1)); // one is the admin's
        pool::ConnectionPool pool({}, as("plain"), nullptr);
        const auto begin = std::chrono::steady_clock::now();
        const auto failed = pool.acquire();
        QVERIFY(!failed);
        QCOMPARE(failed.error().outcome, Outcome::Down);
        QCOMPARE(failed.error().sqlstate, std::string("53300"));
        QVERIFY(std::chrono::steady_clock::now() - begin <
                2s + 1s); // 2 s by design, the rest for a loaded machine
        others.clear();
        QTRY_VERIFY_WITH_TIMEOUT(works(pool), 5'000);
    }
    void withSomeConnectionsOpenAFullServerOnlyMeansWaitingForThem()
    {
        support::Recorder recorder;
        pool::ConnectionPool pool({}, as("plain"), &recorder);
        auto first = pool.acquire({.timeout = kPatience});
        auto second = pool.acquire({.timeout = kPatience});
        QVERIFY(first && second);
        const auto others = openUntilFull(as("plain"));
        std::atomic<int> served{0};
        std::vector<std::jthread> waiters;
        for (int i = 0; i < 10; ++i) {
            waiters.emplace_back([&] { served += works(pool) ? 1 : 0; });
        }
        QTRY_COMPARE(pool.stats().lastFault.sqlstate, std::string("53300"));
        QVERIFY(first->execute("SELECT 1", {}, kPatience)); // it lives
        first->giveBack();
        waiters.clear();
        QCOMPARE(served.load(), 10);
        QCOMPARE(recorder.count(EventKind::WentDown), 0);
        second->giveBack();
    }
    void terminatedAgainAndAgainOnlyStatementsUnderWayFailAndNoAcquireDoes()
    {
        pool::PoolConfig config;
        config.size = 4;
        config.maxOverflow = 0;
        pool::ConnectionPool pool(config, as("plain"), nullptr);
        std::atomic<int> refused{0};
        std::atomic<int> strange{0};
        std::atomic<int> done{0};
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&](const std::stop_token& stop) {
                while (!stop.stop_requested()) {
                    auto lease = pool.acquire({.timeout = kPatience});
                    if (!lease) {
                        ++refused;
                        continue;
                    }
                    const auto result = lease->execute("SELECT pg_sleep(0.001)", {}, kPatience);
                    done += result ? 1 : 0;
                    strange +=
                        !result && result.error().code != "57P01" && result.error().code != "08006" ? 1 : 0;
                }
            });
        }
        for (int round = 0; round < 20; ++round) {
            const int before = done.load();
            QTRY_VERIFY_WITH_TIMEOUT(done.load() > before + 10, 20'000);
            QVERIFY(
                sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'plain'"));
        }
        threads.clear();
        QCOMPARE(refused.load(), 0);
        QCOMPARE(strange.load(), 0);
        QVERIFY(works(pool));
        QCOMPARE(pool.counts().leased, 0);
    }
    // Last: it restarts the server.
    void aServerInRecoveryIsWaitedForAndFoundWhenItIsThrough()
    {
        support::Recorder recorder;
        pool::ConnectionPool pool({}, as("plain"), &recorder);
        QVERIFY(works(pool));
        m_admin.reset();
        m_server->stop();
        const std::filesystem::path cluster = m_server->embedded().clusterDir();
        std::ofstream(cluster / "standby.signal")
            .close(); // a standby that takes no sessions until it is promoted
        std::ofstream(cluster / "postgresql.auto.conf", std::ios::app) << "hot_standby = off\n";
        std::atomic<bool> up{false};
        std::stop_source finished;
        std::jthread starter([&] { // the server dies with the thread that starts it
            up = m_server->start();
            while (!finished.stop_requested()) {
                (void)poll(nullptr, 0, 20);
            }
        });
        QTRY_COMPARE_WITH_TIMEOUT(pool.acquire({.timeout = 1s}).error().sqlstate, std::string("57P03"),
                                  20'000);
        const auto failed = pool.acquire();
        QVERIFY(!failed);
        QCOMPARE(failed.error().outcome, Outcome::Down);
        QVERIFY(!failed.error().message.empty());

        std::ofstream(cluster / "promote").close();
        QCOMPARE(::kill(m_server->pid(), SIGUSR1), 0); // as pg_ctl promote does
        QTRY_VERIFY_WITH_TIMEOUT(up.load(), 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(works(pool), 10'000);
        QTRY_COMPARE(recorder.count(EventKind::Recovered), 1);
        pool.close();
        m_server->stop();
        finished.request_stop();
    }
};

QTEST_GUILESS_MAIN(PoolRefusalsTest)
#include "tst_pool_refusals.moc"

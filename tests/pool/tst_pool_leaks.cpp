// The same trouble again and again: after it nothing is left, no connection, descriptor, thread or byte, and
// the server counts as many sessions as the pool. POOLSCOPE_CYCLES says how often; the test of a usual run
// takes fewer than the 1,000 of the one labelled `long`.
#include "monitor/pg/connection.h"
#include "monitor/pool/connection_pool.h"
#include "tests/support/pg_server.h"
#include "tests/support/tcp_proxy.h"

#include <QTest>

#include <libpq-fe.h>
#include <malloc.h>
#include <poll.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

using namespace std::chrono_literals;
using support::Fault;

namespace {

constexpr const char* kName = "leak-test";
// What caches, arenas and the logs of sanitizers may grow by while warm; a lost connection alone would be 30
// kB a cycle.
constexpr std::size_t kSlackBytes = 400'000;

// Of a pool, at most; each starts when it is first needed and stays.
constexpr std::ptrdiff_t kJanitors = 3;

struct Footprint {
    std::ptrdiff_t descriptors = 0;
    std::ptrdiff_t threads = 0;
    std::size_t bytes = 0;
};

// As QTRY_VERIFY(), but looks twenty times as often: there are many cycles.
bool eventually(const std::function<bool()>& condition, core::Nanos atMost = 20s)
{
    const auto end = std::chrono::steady_clock::now() + atMost;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        (void)poll(nullptr, 0, 2);
    }
    return true;
}

std::ptrdiff_t entries(const char* folder)
{
    return std::distance(std::filesystem::directory_iterator(folder), {});
}

Footprint footprint()
{
    return {entries("/proc/self/fd"), entries("/proc/self/task"), mallinfo2().uordblks};
}

int cycles()
{
    return qEnvironmentVariableIsSet("POOLSCOPE_CYCLES") ? qEnvironmentVariableIntValue("POOLSCOPE_CYCLES")
                                                         : 6;
}

pool::PoolConfig quickPool()
{
    pool::PoolConfig config;
    config.size = 2;
    config.maxOverflow = 1;
    config.validateAfter = 0s;
    config.connectTimeout = 30ms;
    config.validateTimeout = 30ms;
    config.resetTimeout = 60ms;
    return config;
}

// One use of each kind: clean, with an open transaction, with a statement that outlasts its deadline, in
// vain.
void useAll(pool::ConnectionPool& pool)
{
    auto first = pool.acquire({.timeout = 20ms});
    auto second = pool.acquire({.timeout = 20ms});
    auto third = pool.acquire({.timeout = 20ms});
    (void)pool.acquire({.timeout = 2ms});
    if (first) {
        (void)first->execute("SELECT 1", {}, 20ms);
    }
    if (second) {
        (void)second->execute("BEGIN; SELECT 1", {}, 20ms);
    }
    if (third) {
        (void)third->execute("SELECT pg_sleep(9)", {}, 5ms);
    }
}

} // namespace

class PoolLeaksTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;
    std::unique_ptr<support::TcpProxy> m_proxy;
    std::unique_ptr<pg::Connection> m_admin;

    pg::ConnInfo throughProxy() const
    {
        pg::ConnInfo info = m_server->connInfo();
        info.set("host", "127.0.0.1");
        info.set("port", std::to_string(m_proxy->port()));
        info.set("sslmode", "disable");
        info.set("gssencmode", "disable");
        info.set("application_name", kName);
        return info;
    }
    bool connectAdmin()
    {
        auto admin = pg::Connection::open(m_server->connInfo(), pg::Deadline::in(20s));
        m_admin = admin ? std::move(*admin) : nullptr;
        return m_admin != nullptr;
    }
    int sessions()
    {
        auto result =
            m_admin->execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'leak-test'", {},
                             pg::Deadline::in(20s));
        return result ? std::stoi(std::string(result->text(0, 0))) : -1;
    }
    static bool works(pool::ConnectionPool& pool)
    {
        auto lease = pool.acquire({.timeout = 1s});
        return lease && lease->execute("SELECT 1", {}, 1s);
    }
    // After every cycle all is well again; after all of them everything is as before.
    void repeat(pool::ConnectionPool& pool, const std::function<void()>& cycle)
    {
        const auto settle = [&] {
            m_proxy->setFault(Fault::None);
            pool.retryNow(); // the pause after a failure is not what is tested
            return eventually([&] { return works(pool); }) && eventually([&] {
                       const pool::PoolCounts counts = pool.counts();
                       return counts.leased + counts.resetting + counts.opening == 0;
                   });
        };
        const auto atRest = [&] {
            pool.drain();
            return settle() && eventually([&] { return pool.counts().total == 1 && sessions() == 1; });
        };
        for (int i = 0; i < 4; ++i) { // threads are started, caches filled
            cycle();
            QVERIFY(settle());
        }
        QVERIFY(atRest());
        const Footprint before = footprint();
        for (int i = 0; i < cycles(); ++i) {
            cycle();
            QVERIFY2(settle(), qPrintable(QString("cycle %1").arg(i)));
        }
        QVERIFY(atRest());
        QTRY_COMPARE_WITH_TIMEOUT(footprint().descriptors, before.descriptors, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(footprint().threads <= before.threads + kJanitors, 20'000);
        const std::size_t after = footprint().bytes;
        QVERIFY2(after <= before.bytes + kSlackBytes,
                 qPrintable(QString("%1 bytes more").arg(after - before.bytes)));
        const pool::PoolStats stats = pool.stats();
        std::uint64_t closed = 0;
        for (const std::uint64_t count : stats.closed) {
            closed += count;
        }
        QCOMPARE(stats.opened - closed, static_cast<std::uint64_t>(stats.counts.total));
        QCOMPARE(stats.checkouts, stats.checkins);
    }

private Q_SLOTS:
    void initTestCase()
    {
        (void)mallopt(M_ARENA_MAX, 1); // mallinfo2() knows of no other arena, and under a sanitizer of none at all
        m_server = std::make_unique<support::PgServer>();
        QVERIFY2(m_server->ok(), m_server->error());
        m_proxy = std::make_unique<support::TcpProxy>(m_server->socketDir().string() + "/.s.PGSQL." +
                                                      std::string(m_server->connInfo().get("port")));
        QVERIFY(connectAdmin());
    }
    void noFaultOfTheNetworkLeavesAnythingBehind_data()
    {
        QTest::addColumn<int>("fault");
        QTest::newRow("none") << static_cast<int>(Fault::None);
        QTest::newRow("delay") << static_cast<int>(Fault::Delay);
        QTest::newRow("trickle") << static_cast<int>(Fault::Trickle);
        QTest::newRow("black hole") << static_cast<int>(Fault::BlackHole);
        QTest::newRow("reset") << static_cast<int>(Fault::Reset);
        QTest::newRow("half open") << static_cast<int>(Fault::HalfOpen);
        QTest::newRow("truncate") << static_cast<int>(Fault::Truncate);
        QTest::newRow("refuse") << static_cast<int>(Fault::Refuse);
    }
    void noFaultOfTheNetworkLeavesAnythingBehind()
    {
        QFETCH(int, fault);
        pool::ConnectionPool pool(quickPool(), throughProxy(), nullptr);
        repeat(pool, [&] {
            useAll(pool);
            m_proxy->setFault(static_cast<Fault>(fault), 10ms);
            useAll(pool);
        });
    }
    void noTerminationLeavesAnythingBehind()
    {
        pool::ConnectionPool pool(quickPool(), throughProxy(), nullptr);
        repeat(pool, [&] {
            useAll(pool);
            QVERIFY(m_admin->execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                     "WHERE application_name = 'leak-test'"));
        });
    }
    void noFreezeLeavesAnythingBehind()
    {
        pool::ConnectionPool pool(quickPool(), throughProxy(), nullptr);
        repeat(pool, [&] {
            m_server->freeze();
            useAll(pool);
            m_server->thaw();
        });
    }
    void noPoolLeavesAnythingBehind()
    {
        pool::ConnectionPool lasting(quickPool(), throughProxy(), nullptr);
        repeat(lasting, [&] {
            pool::ConnectionPool passing(quickPool(), throughProxy(), nullptr);
            useAll(passing);
        });
    }
    // Each cycle the server dies and comes back.
    void noRestartLeavesAnythingBehind()
    {
        pool::ConnectionPool pool(quickPool(), throughProxy(), nullptr);
        repeat(pool, [&] {
            useAll(pool);
            m_server->quit();
            useAll(pool);
            QVERIFY2(m_server->start(), m_server->error());
            QVERIFY(connectAdmin());
        });
    }
    // A wrong password, and a role with all its connections in use.
    void noRefusalLeavesAnythingBehind()
    {
        QVERIFY(m_admin->execute("CREATE ROLE locked NOLOGIN; CREATE ROLE narrow LOGIN CONNECTION LIMIT 1"));
        pool::ConnectionPool pool(quickPool(), throughProxy(), nullptr);
        repeat(pool, [&] {
            for (const char* role : {"locked", "narrow", "postgres"}) {
                pg::ConnInfo info = throughProxy();
                info.set("user", role);
                info.set("dbname", "postgres");
                pool.setConnInfo(info);
                useAll(pool);
            }
        });
    }
    void noControlLeavesAnythingBehind()
    {
        pool::ConnectionPool pool(quickPool(), throughProxy(), nullptr);
        repeat(pool, [&] {
            auto first = pool.acquire({.timeout = 1s});
            auto second = pool.acquire({.timeout = 1s});
            QVERIFY(first && second);
            std::stop_source stop;
            std::jthread cancelled([&] {
                (void)pool.acquire({.timeout = 1s});
                (void)pool.acquire({.stop = stop.get_token()});
            });
            (void)pool.cancelStatement(first->slot());
            (void)pool.terminateBackend(second->slot());
            pool.suspend(pool::SuspendMode::Hold);
            pool.suspend(pool::SuspendMode::Fail);
            pool.resume();
            (void)pool.recycle(first->slot());
            pool.recycleAll();
            pool.drain();
            pool::PoolConfig config = quickPool();
            config.size = 1;
            QVERIFY(pool.configure(config));
            QVERIFY(pool.configure(quickPool()));
            stop.request_stop();
        });
    }
    void noDirtyReturnLeavesAnythingBehind()
    {
        pool::ConnectionPool pool(quickPool(), throughProxy(), nullptr);
        repeat(pool, [&] {
            for (const char* sql : {"BEGIN", "COPY (SELECT generate_series(1, 100000)) TO STDOUT",
                                    "CREATE TEMP TABLE IF NOT EXISTS x (i int); COPY x FROM STDIN"}) {
                if (auto lease = pool.acquire({.timeout = 1s})) {
                    (void)lease->execute(sql, {}, 1s);
                }
            }
            if (auto lease = pool.acquire({.timeout = 1s})) {
                (void)PQenterPipelineMode(lease->connection()->native());
                (void)PQsendQueryParams(lease->connection()->native(), "SELECT 1/0", 0, nullptr, nullptr,
                                        nullptr, nullptr, 0);
            }
        });
    }
};

QTEST_GUILESS_MAIN(PoolLeaksTest)
#include "tst_pool_leaks.moc"

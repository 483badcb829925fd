// The pool and the machine it runs on: a wall clock that jumps, and a fork.
#include "monitor/core/clock.h"
#include "monitor/pg/connection.h"
#include "monitor/pool/connection_pool.h"
#include "tests/pool/recorder.h"
#include "tests/support/pg_server.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <thread>

using namespace std::chrono_literals;
using pool::EventKind;
using pool::Outcome;

namespace {

constexpr core::Nanos kPatience = 20s;

// The wall clock of a machine whose time is set an hour back or forth at every look; the monotonic one is the
// machine's.
class JumpingClock final : public core::Clock {
public:
    [[nodiscard]] core::SteadyTime steadyNow() const noexcept override
    {
        return std::chrono::steady_clock::now();
    }
    [[nodiscard]] core::WallTime wallNow() const noexcept override
    {
        const core::WallTime now = core::SystemClock::instance().wallNow();
        return m_looks.fetch_add(1) % 2 == 0 ? now - 1h : now + 1h;
    }

private:
    mutable std::atomic<int> m_looks{0};
};

// In a child: says by its exit code which promise was broken, 0 when none.
[[noreturn]] void beTheChild(std::unique_ptr<pool::ConnectionPool> pool, pool::Lease lease)
{
    const auto acquired = pool->acquire({.timeout = 100ms});
    if (acquired || acquired.error().outcome != Outcome::Closed) {
        ::_exit(1);
    }
    const auto executed = lease.execute("SELECT 1", {}, 100ms);
    if (executed || executed.error().code != "08003") {
        ::_exit(2);
    }
    lease.giveBack();
    pool->close();
    pool.reset();
    ::_exit(0);
}

} // namespace

class PoolProcessTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;

    static int exitCodeOf(pid_t child)
    {
        int status = -1;
        pid_t ended = 0;
        const bool over =
            QTest::qWaitFor([&] { return (ended = ::waitpid(child, &status, WNOHANG)) != 0; }, 20'000);
        if (!over) {
            ::kill(child, SIGKILL);
            (void)::waitpid(child, &status, 0);
            return -1; // it hung
        }
        return WIFEXITED(status) ? WEXITSTATUS(status) : -2;
    }
    static QStringList linesThatMatch(const char* folder, const char* pattern)
    {
        const QRegularExpression regex{QLatin1String(pattern)};
        QStringList found;
        const QDir dir(QLatin1String(POOLSCOPE_SOURCE_DIR) + QLatin1String(folder));
        for (const QString& name : dir.entryList({"*.h", "*.cpp"})) {
            QFile file(dir.filePath(name));
            if (!file.open(QIODevice::ReadOnly)) {
                return {"cannot read " + name};
            }
            const QStringList lines = QString::fromUtf8(file.readAll()).split('\n');
            for (const QString& line : lines) {
                if (line.contains(regex)) {
                    found << name + ": " + line.trimmed();
                }
            }
        }
        return found;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<support::PgServer>();
        QVERIFY2(m_server->ok(), m_server->error());
    }

    void aWallClockThatJumpsByAnHourChangesNeitherWaitsNorAgesNorAlarms()
    {
        JumpingClock clock;
        support::Recorder recorder;
        pool::PoolConfig config;
        config.size = 1;
        config.maxOverflow = 0;
        config.recycle = 30min;
        config.leakAfter = 10min;
        config.longUse = 10min;
        pool::ConnectionPool pool(config, m_server->connInfo(), &recorder, clock);
        int pid = 0;
        for (int i = 0; i < 100; ++i) {
            auto lease = pool.acquire({.timeout = kPatience});
            QVERIFY(lease && lease->execute("SELECT 1", {}, kPatience));
            pid = pid == 0 ? lease->backendPid() : pid;
            QCOMPARE(lease->backendPid(), pid); // none was thought old
        }
        auto holder = pool.acquire({.timeout = kPatience});
        QVERIFY(holder);
        const auto begin = std::chrono::steady_clock::now();
        const auto late = pool.acquire({.timeout = 200ms});
        const core::Nanos took = std::chrono::steady_clock::now() - begin;
        QVERIFY(!late);
        QCOMPARE(late.error().outcome, Outcome::Timeout);
        QVERIFY(took >= 200ms && took < 5s);
        QVERIFY(!holder->execute("SELECT pg_sleep(60)", {}, 200ms));
        const int looks = static_cast<int>(pool.stats().requests);
        QCOMPARE(looks, 102);
        for (const auto& [outcome, wait] : recorder.outcomes()) {
            QVERIFY(wait >= core::Nanos(0) && wait < 30s);
        }
        QCOMPARE(recorder.count(EventKind::Leaked) + recorder.count(EventKind::LongUse), 0);
        const pool::SlotInfo slot = pool.stats().slots.at(0);
        QVERIFY(slot.age < 10min && slot.heldFor < 10min && slot.idleHeldFor < 10min);
    }
    // What cannot be played is looked up: no time of day in the pool but what it shows to people.
    void noDurationOfThePoolComesFromTheTimeOfDay()
    {
        const char* timeOfDay = "system_clock|gettimeofday|CLOCK_REALTIME|::time\\(|utc_clock|localtime";
        QCOMPARE(linesThatMatch("/monitor/pool", timeOfDay), QStringList());
        QStringList inPg = linesThatMatch("/monitor/pg", timeOfDay);
        inPg.removeIf(
            [](const QString& line) { return line.startsWith("server_") || line.startsWith("embedded_"); });
        QCOMPARE(inPg, QStringList());
        QStringList wall = linesThatMatch("/monitor/pool", "wallNow");
        QVERIFY(!wall.isEmpty());
        static const QRegularExpression shown{
            "(m_stateSince|m_faultAt|autopsy\\.at) = .*wallNow|m_stateSince\\(clock\\.wallNow"};
        wall.removeIf([](const QString& line) { return line.contains(shown); });
        QCOMPARE(wall, QStringList());
    }

    void aChildHarmsNoneOfItsParentsSessions()
    {
        auto pool = std::make_unique<pool::ConnectionPool>(pool::PoolConfig{}, m_server->connInfo(), nullptr);
        auto lease = pool->acquire({.timeout = kPatience});
        auto idle = pool->acquire({.timeout = kPatience});
        QVERIFY(lease && idle &&
                lease->execute("CREATE TEMPORARY TABLE mine (x int); BEGIN; INSERT INTO mine VALUES (7)"));
        const int leased = lease->backendPid();
        const int free = idle->backendPid();
        idle->giveBack();
        for (int i = 0; i < 5; ++i) {
            const pid_t child = ::fork();
            QVERIFY(child >= 0);
            if (child == 0) {
                beTheChild(std::move(pool), std::move(*lease));
            }
            QCOMPARE(exitCodeOf(child), 0);
        }
        const auto kept = lease->execute("SELECT x FROM mine", {}, kPatience); // still in its transaction
        QVERIFY2(kept, kept ? "" : kept.error().message.c_str());
        QCOMPARE(std::string(kept->text(0, 0)), std::string("7"));
        QCOMPARE(lease->backendPid(), leased);
        auto again = pool->acquire({.timeout = kPatience});
        QVERIFY(again && again->execute("SELECT 1", {}, kPatience));
        QCOMPARE(again->backendPid(), free);
        QCOMPARE(pool->stats().validationFailures, 0U);
        QCOMPARE(pool->stats().opened, 2U);
    }
    void aForkWhileManyThreadsUseThePoolLeavesTheChildFree()
    {
        auto pool = std::make_unique<pool::ConnectionPool>(pool::PoolConfig{}, m_server->connInfo(), nullptr);
        std::atomic<int> failures{0};
        std::vector<std::jthread> threads;
        for (int i = 0; i < 6; ++i) {
            threads.emplace_back([&](const std::stop_token& stop) {
                while (!stop.stop_requested()) {
                    auto lease = pool->acquire({.timeout = kPatience});
                    failures += lease && lease->execute("SELECT 1", {}, kPatience) ? 0 : 1;
                }
            });
        }
        QTRY_VERIFY(pool->stats().checkouts > 100);
        for (int i = 0; i < 20; ++i) { // the lock may be held at the moment of the fork
            const pid_t child = ::fork();
            QVERIFY(child >= 0);
            if (child == 0) {
                const bool refused = !pool->acquire({.timeout = 100ms});
                (void)pool.release(); // the threads' stacks still point at it
                ::_exit(refused ? 0 : 1);
            }
            QCOMPARE(exitCodeOf(child), 0);
        }
        threads.clear();
        QCOMPARE(failures.load(), 0);
    }
};

QTEST_GUILESS_MAIN(PoolProcessTest)
#include "tst_pool_process.moc"

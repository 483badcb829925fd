// What borrowers leave behind, in every reset mode: what the pool counts, what the server says of the
// session, and what the next borrower finds. The server is asked by a connection outside the pool.
#include "monitor/pg/connection.h"
#include "monitor/pool/connection_pool.h"
#include "tests/pool/recorder.h"
#include "tests/support/pg_server.h"

#include <QTest>

#include <libpq-fe.h>

#include <memory>
#include <optional>

using namespace std::chrono_literals;
using pool::DirtyState;
using pool::ResetMode;

namespace {

constexpr core::Nanos kPatience = 10s;

struct Dirt {
    const char* name;
    std::optional<DirtyState> counted; // nothing: the session looks clean, what stays is in its depths
    void (*leave)(pool::Lease& lease);
    const char* trace; // asked by the next borrower or from outside: 1 row while it is there
};

PGconn* raw(pool::Lease& lease)
{
    return lease.connection()->native();
}

bool sent(PGconn* connection, const char* sql)
{
    return PQsendQuery(connection, sql) == 1 && PQflush(connection) >= 0;
}

void openTransaction(pool::Lease& lease)
{
    QVERIFY(lease.execute("BEGIN; INSERT INTO dirty VALUES (1)", {}, kPatience));
}

void failedTransaction(pool::Lease& lease)
{
    QVERIFY(lease.execute("BEGIN; INSERT INTO dirty VALUES (1)", {}, kPatience));
    QVERIFY(!lease.execute("SELECT 1/0", {}, kPatience));
}

void runningStatement(pool::Lease& lease)
{
    QVERIFY(sent(raw(lease), "INSERT INTO dirty SELECT 1 FROM pg_sleep(600)"));
}

void copyIn(pool::Lease& lease)
{
    QVERIFY(lease.execute("COPY dirty FROM STDIN", {}, kPatience));
    QCOMPARE(PQputCopyData(raw(lease), "7\n8\n", 4), 1);
    (void)PQflush(raw(lease));
}

void copyOut(pool::Lease& lease)
{
    QVERIFY(lease.execute("COPY (SELECT generate_series(1, 1000000)) TO STDOUT", {}, kPatience));
}

void abortedPipeline(pool::Lease& lease)
{
    PGconn* connection = raw(lease);
    QCOMPARE(PQenterPipelineMode(connection), 1);
    for (const char* sql : {"INSERT INTO dirty VALUES (1)", "SELECT 1/0", "INSERT INTO dirty VALUES (2)"}) {
        QCOMPARE(PQsendQueryParams(connection, sql, 0, nullptr, nullptr, nullptr, nullptr, 0), 1);
    }
    (void)PQflush(connection);
}

void unreadRows(pool::Lease& lease)
{
    QVERIFY(sent(raw(lease), "SELECT generate_series(1, 100)"));
    QTRY_VERIFY(lease.connection()->leftover() == pg::Leftover::Unread);
}

template <int N>
void runs(pool::Lease& lease)
{
    static constexpr const char* kSql[] = {"LISTEN ghost", "SET work_mem = '77MB'",
                                           "CREATE TEMPORARY TABLE ghost_table (x int)",
                                           "SELECT pg_advisory_lock(77)"};
    QVERIFY(lease.execute(kSql[N], {}, kPatience));
}

constexpr const char* kNoTrace = "SELECT 1 WHERE false";
constexpr Dirt kDirts[] = {
    {"open transaction", DirtyState::InTransaction, openTransaction, kNoTrace},
    {"failed transaction", DirtyState::InError, failedTransaction, kNoTrace},
    {"running statement", DirtyState::Active, runningStatement, kNoTrace},
    {"COPY in", DirtyState::Copy, copyIn, kNoTrace},
    {"COPY out", DirtyState::Copy, copyOut, kNoTrace},
    {"aborted pipeline", DirtyState::Pipeline, abortedPipeline, kNoTrace},
    {"unread rows", DirtyState::Unread, unreadRows, kNoTrace},
    {"LISTEN", {}, runs<0>, "SELECT 1 FROM pg_listening_channels() AS name WHERE name = 'ghost'"},
    {"SET", {}, runs<1>, "SELECT 1 WHERE current_setting('work_mem') = '77MB'"},
    {"temporary table", {}, runs<2>, "SELECT 1 FROM pg_class WHERE relname = 'ghost_table'"},
    {"advisory lock", {}, runs<3>, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 77"},
};
constexpr std::pair<const char*, ResetMode> kModes[] = {{"none", ResetMode::None},
                                                        {"rollback", ResetMode::Rollback},
                                                        {"clean", ResetMode::Clean},
                                                        {"discard all", ResetMode::DiscardAll}};

} // namespace

class PoolDirtyTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;
    std::unique_ptr<pg::Connection> m_admin; // outside every pool

    int number(const std::string& sql)
    {
        auto result = m_admin->execute(sql, {}, pg::Deadline::in(kPatience));
        return result && result->rows() > 0 ? std::stoi(std::string(result->text(0, 0))) : -1;
    }
    // Sessions of that pid in that condition.
    int sessions(int pid, const std::string& condition)
    {
        return number("SELECT count(*) FROM pg_stat_activity WHERE pid = " + std::to_string(pid) + " AND " +
                      condition);
    }
    void terminate(int pid)
    {
        QVERIFY(m_admin->execute("SELECT pg_terminate_backend(" + std::to_string(pid) + ")"));
    }
    static pool::PoolConfig configFor(ResetMode mode)
    {
        pool::PoolConfig config;
        config.size = 1;
        config.maxOverflow = 0;
        config.reset = mode;
        config.resetTimeout = kPatience; // what is tested is whether, not how soon
        return config;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<support::PgServer>();
        QVERIFY2(m_server->ok(), m_server->error());
        auto admin = pg::Connection::open(m_server->connInfo(), pg::Deadline::in(kPatience));
        QVERIFY2(admin, admin ? "" : admin.error().message.c_str());
        m_admin = std::move(*admin);
        QVERIFY(m_admin->execute("CREATE TABLE dirty (x int)"));
    }

    void whatIsLeftBehindHarmsNobody_data()
    {
        QTest::addColumn<int>("dirt");
        QTest::addColumn<int>("mode");
        for (std::size_t mode = 0; mode < std::size(kModes); ++mode) {
            for (std::size_t dirt = 0; dirt < std::size(kDirts); ++dirt) {
                QTest::addRow("%s, %s", kModes[mode].first, kDirts[dirt].name)
                    << static_cast<int>(dirt) << static_cast<int>(mode);
            }
        }
    }
    void whatIsLeftBehindHarmsNobody()
    {
        QFETCH(int, dirt);
        QFETCH(int, mode);
        const Dirt& left = kDirts[dirt];
        const ResetMode reset = kModes[mode].second;
        const bool closes = reset == ResetMode::None && left.counted.has_value();
        const bool keeps = !left.counted && (reset == ResetMode::None || reset == ResetMode::Rollback);

        support::Recorder recorder;
        pool::ConnectionPool pool(configFor(reset), m_server->connInfo(), &recorder);
        auto lease = pool.acquire();
        QVERIFY(lease);
        const int pid = lease->backendPid();
        left.leave(*lease);
        if (left.counted == DirtyState::Active) { // a cancel that overtakes its statement hits nothing
            QTRY_COMPARE(sessions(pid, "state = 'active' AND wait_event = 'PgSleep'"), 1);
        }
        lease->giveBack();
        QTRY_COMPARE(pool.counts().resetting, 0);

        // What the pool says.
        const pool::PoolStats stats = pool.stats();
        std::uint64_t dirty = 0;
        for (const std::uint64_t count : stats.dirtyReturns) {
            dirty += count;
        }
        QCOMPARE(dirty, left.counted ? 1U : 0U);
        if (left.counted) {
            QCOMPARE(stats.dirtyReturns[static_cast<std::size_t>(*left.counted)], 1U);
            QCOMPARE(recorder.count(pool::EventKind::DirtyReturn), 1);
        }
        QCOMPARE(stats.counts.total, closes ? 0 : 1);
        QCOMPARE(stats.closed[static_cast<std::size_t>(pool::CloseReason::Dirty)], closes ? 1U : 0U);
        const bool cleaned =
            !closes && (left.counted || reset == ResetMode::Clean || reset == ResetMode::DiscardAll);
        QCOMPARE(recorder.count(pool::EventKind::ResetDone), cleaned ? 1 : 0);

        // What the server says: nothing is under way, nothing locked, nothing written.
        QTRY_COMPARE(sessions(pid, "true"), closes ? 0 : 1);
        if (!closes) {
            QTRY_COMPARE(sessions(pid, "state = 'idle' AND xact_start IS NULL AND backend_xmin IS NULL"), 1);
        }
        QTRY_COMPARE(number("SELECT count(*) FROM pg_locks WHERE locktype <> 'advisory' AND pid = " +
                            std::to_string(pid)),
                     0);
        QTRY_COMPARE(number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"),
                     keeps && QByteArray(left.name) == "advisory lock" ? 1 : 0);
        QTRY_COMPARE(number("SELECT count(*) FROM pg_class WHERE relname = 'ghost_table'"),
                     keeps && QByteArray(left.name) == "temporary table" ? 1 : 0);
        QTRY_COMPARE(number("SELECT count(*) FROM dirty"), 0);

        // What the next borrower finds.
        auto next = pool.acquire();
        QVERIFY(next);
        QCOMPARE(next->backendPid() == pid, !closes);
        QCOMPARE(next->connection()->transactionStatus(), pg::TransactionStatus::Idle);
        QCOMPARE(PQpipelineStatus(raw(*next)), PQ_PIPELINE_OFF);
        QCOMPARE(PQisBusy(raw(*next)), 0);
        const auto answer = next->execute("SELECT 42", {}, kPatience);
        QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        QCOMPARE(std::string(answer->text(0, 0)), std::string("42"));
        const auto trace = next->execute(left.trace, {}, kPatience);
        QVERIFY(trace);
        QCOMPARE(trace->rows(), keeps ? 1 : 0);
    }

    // A proof by a round trip must not leave a transaction open, nor a statement behind for others to wonder at.
    void aProofBeforeLendingLeavesNoTraceInTheSession()
    {
        pool::PoolConfig config = configFor(ResetMode::Rollback);
        config.validateAfter = 0s;
        support::Recorder recorder;
        pool::ConnectionPool pool(config, m_server->connInfo(), &recorder);
        pool.acquire()->giveBack();
        auto lease = pool.acquire();
        QVERIFY(lease);
        QCOMPARE(recorder.count(pool::EventKind::Validated), 1);
        QTRY_COMPARE(sessions(lease->backendPid(), "state = 'idle' AND xact_start IS NULL AND query = ''"), 1);
        QCOMPARE(lease->connection()->transactionStatus(), pg::TransactionStatus::Idle);
    }
    void theCancelOfOnesStatementNeverHitsTheNextBorrowers()
    {
        pool::ConnectionPool pool(configFor(ResetMode::Rollback), m_server->connInfo(), nullptr);
        for (int round = 0; round < 50; ++round) {
            auto lease = pool.acquire();
            QVERIFY(lease);
            runningStatement(*lease);
            lease->giveBack();
            auto next = pool.acquire({.timeout = kPatience});
            QVERIFY(next);
            const auto answer = next->execute("SELECT pg_sleep(0.002)", {}, kPatience);
            QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        }
        QCOMPARE(pool.stats().opened, 1U); // one session has done it all
        QCOMPARE(number("SELECT count(*) FROM dirty"), 0);
    }
    void aConnectionThatCannotBeCleanedIsClosedAndCounted()
    {
        support::Recorder recorder;
        pool::PoolConfig config = configFor(ResetMode::Rollback);
        config.resetTimeout = 200ms;
        pool::ConnectionPool pool(config, m_server->connInfo(), &recorder);
        auto lease = pool.acquire();
        QVERIFY(lease);
        openTransaction(*lease);
        m_server->freeze();
        lease->giveBack();
        QTRY_COMPARE(pool.counts().total, 0);
        m_server->thaw();
        QCOMPARE(pool.stats().closed[static_cast<std::size_t>(pool::CloseReason::ResetFailed)], 1U);
        QCOMPARE(recorder.count(pool::EventKind::ResetFailed), 1);
        QTRY_COMPARE(number("SELECT count(*) FROM pg_locks WHERE relation = 'dirty'::regclass"), 0);
        QCOMPARE(number("SELECT count(*) FROM dirty"), 0);
    }
    void terminatedInsideItsTransactionItIsBrokenAndNothingIsKept()
    {
        pool::ConnectionPool pool(configFor(ResetMode::Clean), m_server->connInfo(), nullptr);
        auto lease = pool.acquire();
        QVERIFY(lease);
        openTransaction(*lease);
        const int pid = lease->backendPid();
        terminate(pid);
        QTRY_COMPARE(sessions(pid, "true"), 0);
        lease->giveBack();
        QTRY_COMPARE(pool.counts().total, 0);
        QCOMPARE(number("SELECT count(*) FROM dirty"), 0);
        auto next = pool.acquire();
        QVERIFY(next && next->execute("SELECT 1"));
    }
};

QTEST_GUILESS_MAIN(PoolDirtyTest)
#include "tst_pool_dirty.moc"

#include "monitor/pg/connection.h"
#include "monitor/pg/sqlstate.h"
#include "tests/support/pg_server.h"
#include "tests/support/tcp_proxy.h"

#include <QTest>

#include <libpq-fe.h>

#include <memory>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using pg::Connection;
using pg::Deadline;

class ConnectionTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;

    std::unique_ptr<Connection> open() const {
        auto opened = Connection::open(m_server->connInfo(), Deadline::in(5s));
        return opened ? std::move(*opened) : nullptr;
    }
    static std::string one(Connection& connection, const char* sql) {
        const auto result = connection.execute(sql);
        return result ? std::string(result->text(0, 0)) : result.error().code;
    }

private Q_SLOTS:
    void initTestCase() {
        m_server = std::make_unique<support::PgServer>();
        QVERIFY2(m_server->ok(), m_server->error());
    }
    void rowsNullsTagsAndCountsComeBack() {
        const auto connection = open();
        QVERIFY(connection);
        const auto rows = connection->execute("SELECT 7 AS \"Seven\", NULL AS nothing");
        QVERIFY(rows);
        QCOMPARE(rows->rows(), 1);
        QCOMPARE(rows->column("Seven"), 0);
        QCOMPARE(rows->column("seven"), -1);
        QVERIFY(rows->isNull(0, 1) && rows->text(0, 1).empty());
        QCOMPARE(std::string(rows->commandTag()), std::string("SELECT 1"));
        QVERIFY(connection->execute("CREATE TEMP TABLE t AS SELECT generate_series(1, 5) x"));
        QCOMPARE(connection->execute("DELETE FROM t WHERE x > 2")->affected(), 3U);
        QVERIFY(connection->backendPid() > 0);
        QVERIFY(connection->serverVersion() >= 120000);
        QCOMPARE(std::string(connection->parameterStatus("client_encoding")), std::string("UTF8"));
    }
    void ofSeveralStatementsTheFirstErrorWins() {
        const auto connection = open();
        const auto failed = connection->execute("SELECT 1; SELECT 1/0; SELECT 2");
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, std::string("22012"));
        QCOMPARE(one(*connection, "SELECT 3"), std::string("3"));
    }
    void aNulInAStatementIsRefusedNotCutOff() {
        const auto connection = open();
        QCOMPARE(connection->execute(std::string_view("SELECT 1\0; DROP", 15)).error().code,
                 std::string("22021"));
    }
    void aRefusedLoginHasItsSqlstate() {
        pg::ConnInfo info = m_server->connInfo();
        info.set("dbname", "no_such_database");
        const auto refused = Connection::open(info, Deadline::in(5s));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("3D000"));
        QCOMPARE(refused.error().message, std::string("database \"no_such_database\" does not exist"));
    }
    void anAbsentServerSaysSoWithoutItsAddress() {
        pg::ConnInfo info = m_server->connInfo();
        info.set("host", "/nonexistent/folder");
        const auto refused = Connection::open(info, Deadline::in(5s));
        QCOMPARE(refused.error().code, std::string("08001"));
        QCOMPARE(refused.error().message, std::string("No such file or directory"));
    }
    void noticesDoNotReachStderrAndLooksFindTheFarewell() {
        const auto connection = open();
        const auto admin = open();
        QVERIFY(connection->alive());
        QVERIFY(connection->execute("DO $$ BEGIN RAISE NOTICE 'quiet'; END $$"));
        QVERIFY(
            admin->execute("SELECT pg_terminate_backend(" + std::to_string(connection->backendPid()) + ")"));
        QTRY_VERIFY(!connection->alive()); // looks again at once: a farewell once heard is never taken back
        QVERIFY(!connection->alive());
        const auto failed = connection->execute("SELECT 1");
        QCOMPARE(failed.error().code, std::string("57P01"));
    }
    void aNotificationIsNoFarewell() {
        const auto connection = open();
        const auto other = open();
        QVERIFY(connection->execute("LISTEN news"));
        QVERIFY(other->execute("NOTIFY news"));
        QVERIFY(connection->alive());
        QVERIFY(connection->ping(Deadline::in(1s)));
        QVERIFY(connection->alive());
    }
    void aLongWaitEndsALittleEarlyAndAShortOneNot() {
        const int longOne = pg::Deadline::in(20s).pollMillis();
        QVERIFY2(longOne > 19'000 && longOne < 19'900, qPrintable(QString::number(longOne))); // the kernel adds 100 at most
        const int shortOne = pg::Deadline::in(60ms).pollMillis();
        QVERIFY(shortOne > 0 && shortOne <= 60);
        QCOMPARE(pg::Deadline::in(0ms).pollMillis(), 0);
        QCOMPARE(pg::Deadline::never().pollMillis(), -1);
    }
    void aStatementEndsAtItsDeadlineAndTheSessionGoesOn() {
        const auto connection = open();
        const auto begin = std::chrono::steady_clock::now();
        const auto failed = connection->execute("SELECT pg_sleep(30)", {}, Deadline::in(100ms));
        QCOMPARE(failed.error().code, std::string("57014"));
        QVERIFY(std::chrono::steady_clock::now() - begin < 300ms);
        QVERIFY(connection->finishLeftover(Deadline::in(2s)));
        QCOMPARE(one(*connection, "SELECT 5"), std::string("5"));
    }
    void aLateCancelHitsNoInnocentStatement() {
        const auto connection = open();
        for (int i = 0; i < 200; ++i) {
            QVERIFY(connection->cancel().sendInBackground() || i > 0);
            auto answer = connection->execute("SELECT 1");
            while (!answer && answer.error().code == pg::kConnectionBusy) { // the blow is late, on a loaded machine
                answer = connection->execute("SELECT 1");
            }
            QVERIFY2(answer, answer ? "" : answer.error().code.c_str());
            QCOMPARE(answer->text(0, 0), std::string_view("1"));
        }
    }
    void fiftyMegabytesBothWaysDoNotLockUp() {
        const auto connection = open();
        const std::string params[] = {std::string(10'000'000, 'x')};
        const auto back = connection->execute("SELECT $1 || $1", params, Deadline::in(15s));
        QVERIFY(back);
        QCOMPARE(back->text(0, 0).size(), std::size_t(20'000'000));
    }
    void connectingEndsAtItsDeadlineAndWhenAskedToStop() {
        support::TcpProxy proxy(m_server->socketDir().string() + "/.s.PGSQL." +
                                std::string(m_server->connInfo().get("port")));
        proxy.setFault(support::Fault::BlackHole);
        pg::ConnInfo info = m_server->connInfo();
        info.set("host", "localhost");
        info.set("port", std::to_string(proxy.port()));
        auto begin = std::chrono::steady_clock::now();
        const auto late = Connection::open(info, Deadline::in(200ms));
        QVERIFY(!late);
        QVERIFY(std::chrono::steady_clock::now() - begin < 350ms);
        std::stop_source stop;
        std::jthread opener([&] { QVERIFY(!Connection::open(info, Deadline::in(60s), stop.get_token())); });
        QTRY_VERIFY(proxy.accepted() > 1);
        begin = std::chrono::steady_clock::now();
        stop.request_stop();
        opener.join();
        QVERIFY(std::chrono::steady_clock::now() - begin < 200ms);
    }
    void aChildProcessDoesNotEndItsParentsSession() {
        auto connection = open();
        const pid_t child = fork();
        if (child == 0) {
            connection.reset();
            _exit(0);
        }
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QCOMPARE(one(*connection, "SELECT 6"), std::string("6"));
    }
};

QTEST_GUILESS_MAIN(ConnectionTest)
#include "tst_connection.moc"

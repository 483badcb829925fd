#include "monitor/pg/connector.h"
#include "monitor/pg/conninfo.h"
#include "monitor/pg/sqlstate.h"

#include <QTest>

using namespace std::chrono_literals;
using pg::ConnInfo;

class ConnInfoTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keywordsAndUrisAreUnderstood() {
        const auto words =
            ConnInfo::parse("host=db.example port=5433 user=alice dbname='my app' sslmode=require");
        QVERIFY(words);
        QCOMPARE(std::string(words->get("dbname")), std::string("my app"));
        QCOMPARE(words->display(), std::string("db.example:5433/my app as alice"));
        const auto uri =
            ConnInfo::parse("postgresql://alice@db.example:5433/app?connect_timeout=3&application_name=x");
        QVERIFY(uri);
        QCOMPARE(std::string(uri->get("application_name")), std::string("x"));
        QCOMPARE(uri->display(), std::string("db.example:5433/app as alice"));
    }
    void filesThatHoldThePasswordAreWelcome() {
        QVERIFY(ConnInfo::parse("host=a passfile=/home/alice/.pgpass sslkey=k.pem service=app"));
        QCOMPARE(ConnInfo::forService("app").display(), std::string("service app"));
    }
    void passwordsAreRefusedAndNeverRepeated_data() {
        QTest::addColumn<QByteArray>("dsn");
        const QByteArrayList dsns = {"host=a password=canary",
                                     "host=a password='ca\\'nary'",
                                     "password = canary host=a",
                                     "sslpassword=canary",
                                     "postgresql://u:canary@h/db",
                                     "postgres://u:canary@h",
                                     "postgresql://u:can%61ry@h/db",
                                     "postgresql://u:canary@[::1/db",
                                     "postgresql://u@h/db?password=canary",
                                     "postgresql://u@h/db?sslpassword=canary",
                                     "postgresql://u@h/db?passw%6Frd=canary",
                                     "postgresql://h1,h2/db?user=u&password=canary",
                                     "dbname='postgresql://u:canary@h/db'",
                                     "dbname='host=a password=canary'",
                                     "host=a password='canary",
                                     "host=a password=canary nonsense",
                                     "Password=canary",
                                     "host=a password=canary\nport",
                                     "postgresql://u:canary@h:port:x/db?a"};
        for (const QByteArray& dsn : dsns) {
            QTest::newRow(dsn.constData()) << dsn;
        }
    }
    void passwordsAreRefusedAndNeverRepeated() {
        QFETCH(QByteArray, dsn);
        const auto refused =
            ConnInfo::parse(std::string_view(dsn.constData(), static_cast<std::size_t>(dsn.size())));
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.find("nary") == std::string::npos, refused.error().message.c_str());
        QVERIFY(refused.error().message.find('\n') == std::string::npos);
    }
    void theRefusalSaysHowToDoItRight() {
        const auto refused = ConnInfo::parse("password=x");
        QCOMPARE(refused.error().code, std::string("password-in-dsn"));
        for (const char* way : {".pgpass", "PGPASSFILE", "service file"}) {
            QVERIFY(refused.error().message.find(way) != std::string::npos);
        }
    }
    void syntaxErrorsAreLibpqsWordsInOneLine() {
        const auto bad = ConnInfo::parse("host");
        QVERIFY(!bad);
        QCOMPARE(bad.error().code, std::string("dsn-syntax"));
        QCOMPARE(bad.error().message, std::string("missing \"=\" after \"host\" in connection info string"));
        QVERIFY(!ConnInfo::parse("nosuchkeyword=1"));
        QVERIFY(!ConnInfo::parse(std::string_view("host=a\0b", 8)));
    }
    void nothingSecretIsShownEvenWhenSetInProgram() {
        ConnInfo info;
        info.set("host", "h");
        info.set("password", "canary");
        QVERIFY(info.display().find("canary") == std::string::npos);
    }

    void theServersWordsLoseTheAddressAndGainTheirCode_data() {
        QTest::addColumn<QByteArray>("libpq");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("password")
            << QByteArray("connection to server at \"10.0.0.1\", port 5432 failed: FATAL:  28P01: "
                          "password authentication failed for user \"u\"\nLOCATION:  auth.c:330\n")
            << QByteArray("password authentication failed for user \"u\"") << QByteArray("28P01");
        QTest::newRow("other language")
            << QByteArray("x failed: FATAL:  3D000: Datenbank »a« existiert nicht\n")
            << QByteArray("Datenbank »a« existiert nicht") << QByteArray("3D000");
        QTest::newRow("refused")
            << QByteArray("connection to server at \"10.0.0.1\", port 1 failed: Connection refused\n"
                          "\tIs the server running on that host?\n")
            << QByteArray("Connection refused") << QByteArray("08001");
        QTest::newRow("second host") << QByteArray(
                                            "a failed: Connection refused\nb failed: timeout expired\n")
                                     << QByteArray("timeout expired") << QByteArray("08001");
        QTest::newRow("nothing") << QByteArray()
                                 << QByteArray("the server closed the connection during login")
                                 << QByteArray("08001");
        QTest::newRow("cut") << QByteArray("failed: FATAL:  28") << QByteArray("failed: FATAL: 28")
                             << QByteArray("08001");
    }
    void theServersWordsLoseTheAddressAndGainTheirCode() {
        QFETCH(QByteArray, libpq);
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, code);
        const core::Error error = pg::connectError(libpq.toStdString());
        QCOMPARE(QByteArray(error.message.c_str()), message);
        QCOMPARE(QByteArray(error.code.c_str()), code);
    }

    void namesBecomeAddressesAndNumbersStayAsTheyAre() {
        const auto hosts = pg::resolveHosts("/run/pg,127.0.0.1,localhost", "1,2,3", pg::Deadline::in(5s), {});
        QVERIFY(hosts);
        QVERIFY(hosts->host.starts_with("/run/pg,127.0.0.1,localhost"));
        QVERIFY(hosts->port.starts_with("1,2,3"));
        QVERIFY(hosts->hostaddr == ",,127.0.0.1" || hosts->hostaddr.starts_with(",,::1") ||
                hosts->hostaddr.starts_with(",,127.0.0.1,"));
        const auto unknown = pg::resolveHosts("no-such-host.invalid", "", pg::Deadline::in(10s), {});
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().code, std::string("08001"));
    }
    void aLookUpIsLeftAtItsDeadline() {
        const auto late = pg::resolveHosts("no-such-host.invalid", "", pg::Deadline::in(0ms), {});
        QVERIFY(!late);
    }

    void onlyWhatEndsASessionEndsIt() {
        for (const char* code : {"08006", "08003", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04"}) {
            QVERIFY2(pg::endsConnection(code), code);
        }
        for (const char* code : {"", "0A000", "22012", "40001", "57014", "01002"}) {
            QVERIFY2(!pg::endsConnection(code), code);
        }
        QVERIFY(pg::needsPerson("28P01") && pg::needsPerson("3D000") && !pg::needsPerson("08001"));
        QVERIFY(pg::isSaturation("53300") && !pg::isSaturation("57P03"));
    }
};

QTEST_GUILESS_MAIN(ConnInfoTest)
#include "tst_conninfo.moc"

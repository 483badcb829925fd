// `poolscope check` as a monitoring system calls it, and the verdict on whatever the endpoint may answer.
#include "app/commands/check_verdict.h"
#include "tests/support/http_client.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using app::CheckCode;

namespace {

// JSON written with ' for ": moc loses its way in raw strings.
QByteArray json(QByteArray text)
{
    return text.replace('\'', '"');
}

app::HttpReply health(const char* word)
{
    return {200, json(QByteArray("{'status':'") + word + "','pool':{}}")};
}

app::HttpReply status(int inUse)
{
    return {200,
            json(QStringLiteral(
                     "{'pool':{'size':10,'checked_in':1,'checked_out':%1,'overflow':0,'max_connections':30,"
                     "'usage':%2,'waiting':4}}")
                     .arg(inUse)
                     .arg(inUse / 30.0, 0, 'g', 17)
                     .toUtf8())};
}

} // namespace

class CheckTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theEndpointsWordIsTheVerdict_data()
    {
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("begins");
        QTest::newRow("healthy") << QByteArray("healthy") << 0
                                 << "POOLSCOPE OK - 2 of 30 in use (6.7 %), 4 waiting | "
                                    "usage=6.7%;80;90;0;100 checked_out=2;;;0;30";
        QTest::newRow("warning") << QByteArray("warning") << 1 << "POOLSCOPE WARNING - ";
        QTest::newRow("critical") << QByteArray("critical") << 2 << "POOLSCOPE CRITICAL - ";
    }
    void theEndpointsWordIsTheVerdict()
    {
        QFETCH(QByteArray, word);
        QFETCH(int, code);
        QFETCH(QString, begins);
        const app::CheckVerdict verdict = app::verdictOf(health(word.constData()), status(2), {}, {});
        QCOMPARE(static_cast<int>(verdict.code), code);
        QVERIFY2(verdict.line.startsWith(begins), qPrintable(verdict.line));
    }
    void ownLimitsAreExceededNotMet_data()
    {
        QTest::addColumn<int>("inUse");
        QTest::addColumn<int>("code");
        QTest::newRow("below") << 14 << 0;
        QTest::newRow("exactly on the line") << 15 << 0;
        QTest::newRow("above warning") << 16 << 1;
        QTest::newRow("exactly critical") << 24 << 1;
        QTest::newRow("above critical") << 25 << 2;
    }
    void ownLimitsAreExceededNotMet()
    {
        QFETCH(int, inUse);
        QFETCH(int, code);
        const app::CheckVerdict verdict = app::verdictOf(health("healthy"), status(inUse), {}, {50.0, 80.0});
        QCOMPARE(static_cast<int>(verdict.code), code);
        QVERIFY2(verdict.line.contains("%;50;80;0;100 "), qPrintable(verdict.line));
    }
    void alertsThatFireMakeItWorse()
    {
        const QStringList firing = app::firingOf(json(
            "{'data':{'alerts':[{'state':'firing','labels':{'alertname':'LongUse','severity':'warning'}},"
            "{'state':'pending','labels':{'alertname':'P','severity':'critical'}}]}}"));
        QCOMPARE(firing, QStringList{"warning LongUse"});
        const app::CheckVerdict warned = app::verdictOf(health("healthy"), status(2), firing, {});
        QCOMPARE(warned.code, CheckCode::Warning);
        QVERIFY2(warned.line.contains("; firing: warning LongUse | usage="), qPrintable(warned.line));
        QCOMPARE(app::verdictOf(health("healthy"), status(2), {"critical DatabaseDown"}, {}).code,
                 CheckCode::Critical);
    }
    void anAbsentDatabaseIsCriticalWithItsCauseInOneLine()
    {
        const app::CheckVerdict verdict =
            app::verdictOf({503, json("{'detail':'down | usage=0%\\nsecond line'}")}, {200, "{}"}, {}, {});
        QCOMPARE(verdict.code, CheckCode::Critical);
        QCOMPARE(verdict.line, QString("POOLSCOPE CRITICAL - down / usage=0% second line"));
    }
    void strangeAnswersAreUnknown_data()
    {
        QTest::addColumn<QByteArray>("health");
        QTest::addColumn<QByteArray>("status");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
        QTest::newRow("HTML") << QByteArray("<html>") << QByteArray("<html>");
        QTest::newRow("another service") << json("{'status':'UP'}") << QByteArray("[]");
        QTest::newRow("words for figures")
            << json("{'status':'healthy'}") << json("{'pool':{'usage':'much','checked_out':1}}");
        QTest::newRow("deep") << QByteArray(1 << 17, '[') << QByteArray(1 << 17, '{');
    }
    void strangeAnswersAreUnknown()
    {
        QFETCH(QByteArray, health);
        QFETCH(QByteArray, status);
        const app::CheckVerdict verdict =
            app::verdictOf({200, health}, {200, status}, app::firingOf(status), {});
        QCOMPARE(verdict.code, CheckCode::Unknown);
        QVERIFY(verdict.line.startsWith("POOLSCOPE UNKNOWN - ") && !verdict.line.contains('|'));
    }
    void wrongUseAndNobodyThereAreUnknown_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nobody there") << QStringList{"--url", "http://127.0.0.1:1"};
        QTest::newRow("no percentage") << QStringList{"-w", "much"};
        QTest::newRow("not a number") << QStringList{"-c", "nan"};
        QTest::newRow("limits crossed") << QStringList{"-w", "90", "-c", "80"};
        QTest::newRow("no time") << QStringList{"-t", "soon"};
        QTest::newRow("a password") << QStringList{"--url", "http://u:p@127.0.0.1:1"};
        QTest::newRow("an argument") << QStringList{"db"};
    }
    void wrongUseAndNobodyThereAreUnknown()
    {
        QFETCH(QStringList, arguments);
        const auto [code, line] = check(arguments);
        QCOMPARE(code, 3);
        QVERIFY2(line.startsWith("POOLSCOPE UNKNOWN - ") && line.count('\n') == 1, line.constData());
        QVERIFY(!line.contains("u:p"));
    }
    void aRunningProgramIsLookedAt()
    {
        QTemporaryDir folder;
        QProcess program;
        program.setProcessChannelMode(QProcess::MergedChannels);
        program.start(POOLSCOPE_PROGRAM,
                      {"--headless", "--dsn", "host=127.0.0.1 port=1 dbname=none", "--listen", "127.0.0.1:0",
                       "--data-dir", folder.path(), "--interval", "200ms", "--lang", "en"});
        static const QRegularExpression address(R"((http://127\.0\.0\.1:\d+))");
        QByteArray output;
        QTRY_VERIFY_WITH_TIMEOUT((output += program.readAll(), address.match(output).hasMatch()), 15'000);
        const QString url = address.match(output).captured(1);
        QByteArray line;
        QTRY_VERIFY_WITH_TIMEOUT((line = check({"--url", url}).second,
                                  line.contains("| usage=0.0%;80;90;0;100 checked_out=0;;;0;30")),
                                 20'000);
        QVERIFY2(line.startsWith("POOLSCOPE CRITICAL - Database connection failed"), line.constData());
        program.terminate();
        QVERIFY(program.waitForFinished(10'000));
    }

private:
    static std::pair<int, QByteArray> check(const QStringList& arguments)
    {
        QProcess process;
        process.start(POOLSCOPE_PROGRAM, QStringList{"check"} + arguments);
        if (!process.waitForFinished(20'000)) {
            process.kill();
            process.waitForFinished();
            return {};
        }
        return {process.exitCode(), process.readAllStandardOutput()};
    }
};

QTEST_GUILESS_MAIN(CheckTest)
#include "tst_check.moc"

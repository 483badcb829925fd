// poolscope query, and Prometheus' own tool, against the real program.
#include "app/commands/query_answer.h"
#include "app/commands/query_text.h"
#include "tests/app/running_program.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using program_test::json;
using program_test::Outcome;
using program_test::poolscope;
using program_test::promtool;

class QueryCommandTest final : public program_test::CommandTest {
    Q_OBJECT

private Q_SLOTS:
    void queryPrintsATable()
    {
        const Outcome outcome = poolscope({"query", "db_pool_size", "--url", m_program.url()});
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.out, QByteArray("series        value\ndb_pool_size  10\n"));
        QCOMPARE(outcome.errors, QByteArray());
    }
    void queryPrintsCsvAndJson()
    {
        const Outcome csv = poolscope({"query", "db_pool_size", "--url", m_program.url(), "--format", "csv"});
        QCOMPARE(csv.code, 0);
        const QList<QByteArray> lines = csv.out.split('\n');
        QCOMPARE(lines.value(0), QByteArray("__name__,time,value\r"));
        QVERIFY2(lines.value(1).startsWith("db_pool_size,") && lines.value(1).endsWith(",10\r"),
                 csv.out.constData());
        const Outcome asJson = poolscope({"query", "--format=json", "--url", m_program.url(), "1 + 1"});
        QCOMPARE(asJson.code, 0);
        const QJsonObject data = QJsonDocument::fromJson(asJson.out)["data"].toObject();
        QCOMPARE(data["resultType"].toString(), QStringLiteral("scalar"));
        QCOMPARE(data["result"].toArray().at(1).toString(), QStringLiteral("2"));
    }
    void queryShowsTheLastWhile()
    {
        const Outcome outcome = poolscope(
            {"query", "db_pool_size + 1", "--url", m_program.url(), "--last", "10s", "--step", "1s"});
        QVERIFY2(outcome.code == 0, outcome.errors.constData());
        QVERIFY2(outcome.out.startsWith("series  time (UTC)"), outcome.out.constData());
        QVERIFY2(outcome.out.trimmed().endsWith("  11"), outcome.out.constData());
    }
    void signsOfTheExpressionReachTheServer()
    {
        const Outcome outcome = poolscope({"query", "4 % 3 + 1 > bool 0 & 1", "--url", m_program.url()});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.errors.contains("unexpected character: '&'"), outcome.errors.constData());
        QVERIFY(poolscope({"query", "{__name__=~\"db_pool_s.+e\"}", "--url", m_program.url()})
                    .out.contains("db_pool_size"));
        QVERIFY(poolscope({"query", "7 % 4 + 1", "--url", m_program.url()}).out.contains("scalar  4\n"));
    }
    void noResultIsWell()
    {
        const Outcome outcome = poolscope({"query", "no_such_metric", "--url", m_program.url()});
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.out, QByteArray("series  value\n"));
    }
    void whatCannotBeAskedIsSaidInOneLine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("refused expression") << QStringList{"query", "db_pool_usage >", "--url", "URL"}
                                            << QByteArray("parse error: unexpected end of input");
        QTest::newRow("nobody there") << QStringList{"query", "up", "--url", "http://127.0.0.1:1"}
                                      << QByteArray("http://127.0.0.1:1 cannot be asked: ");
        QTest::newRow("no Prometheus")
            << QStringList{"query", "up", "--url", "URL/metrics"} << QByteArray("404");
        QTest::newRow("no expression") << QStringList{"query"} << QByteArray("one expression is expected");
        QTest::newRow("two expressions")
            << QStringList{"query", "a", "b"} << QByteArray("one expression is expected");
        QTest::newRow("unknown option") << QStringList{"query", "a", "--nonsense"} << QByteArray("nonsense");
        QTest::newRow("unknown format")
            << QStringList{"query", "a", "--format", "xml"} << QByteArray("--format");
        QTest::newRow("no URL") << QStringList{"query", "a", "--url", "localhost"} << QByteArray("--url");
        QTest::newRow("a password") << QStringList{"query", "a", "--url", "http://u:p@127.0.0.1:1"}
                                    << QByteArray("--url");
        QTest::newRow("no time") << QStringList{"query", "a", "--last", "soon"} << QByteArray("--last");
        QTest::newRow("no step") << QStringList{"query", "a", "--last", "5s", "--step", "0s"}
                                 << QByteArray("--step");
        QTest::newRow("rules of nothing") << QStringList{"rules", "check"} << QByteArray("FILE");
        QTest::newRow("rules what") << QStringList{"rules", "frob", "a"} << QByteArray("check");
        QTest::newRow("no such file")
            << QStringList{"rules", "check", "nowhere.yml"} << QByteArray("nowhere.yml cannot be read");
    }
    void whatCannotBeAskedIsSaidInOneLine()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, reason);
        arguments.replaceInStrings("URL", m_program.url());
        const Outcome outcome = poolscope(arguments);
        QCOMPARE(outcome.code, 2);
        QCOMPARE(outcome.out, QByteArray());
        QVERIFY2(outcome.errors.startsWith("poolscope: ") && outcome.errors.contains(reason),
                 outcome.errors.constData());
        QCOMPARE(outcome.errors.count('\n'), 1);
        QVERIFY(!outcome.errors.contains("u:p"));
    }
    void promtoolQueriesTheRunningProgram_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("instant") << QStringList{"query", "instant", "URL", "db_pool_size"}
                                 << QByteArray("db_pool_size => 10 @[");
        QTest::newRow("range") << QStringList{"query", "range", "--step=1s", "URL", "db_pool_size"}
                               << QByteArray("10 @[");
        QTest::newRow("series") << QStringList{"query", "series", "--match=db_pool_size", "URL"}
                                << QByteArray("{__name__=\"db_pool_size\"}");
        QTest::newRow("labels") << QStringList{"query", "labels", "URL", "__name__"}
                                << QByteArray("db_pool_size\n");
    }
    void promtoolQueriesTheRunningProgram()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, answer);
        arguments.replaceInStrings("URL", m_program.url());
        const Outcome outcome = promtool(arguments);
        QVERIFY2(outcome.code == 0 && outcome.out.contains(answer),
                 QByteArray(outcome.out).append(outcome.errors).constData());
    }
    void strangeAnswersAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("HTML") << QByteArray("<html>");
        QTest::newRow("a list") << QByteArray("[1]");
        QTest::newRow("no data") << json("{'status':'success'}");
        QTest::newRow("no result") << json("{'status':'success','data':{'resultType':'vector'}}");
        QTest::newRow("numbers for series")
            << json("{'status':'success','data':{'resultType':'vector','result':[1]}}");
        QTest::newRow("half a point")
            << json("{'status':'success','data':{'resultType':'vector','result':[{'value':[1]}]}}");
        QTest::newRow("a number for a value") << QByteArray(
            json("{'status':'success','data':{'resultType':'matrix','result':[{'values':[[1,2]]}]}}"));
        QTest::newRow("half a scalar")
            << json("{'status':'success','data':{'resultType':'scalar','result':[]}}");
        QTest::newRow("deep") << QByteArray(1 << 17, '[');
    }
    void strangeAnswersAreRefused()
    {
        QFETCH(QByteArray, bytes);
        const auto answer = app::parseQueryAnswer(bytes);
        QVERIFY(!answer);
        QVERIFY(!answer.error().message.empty());
    }
    void labelsCannotMoveTheCursor()
    {
        const auto answer =
            app::parseQueryAnswer(json("{'status':'success','data':{'resultType':'vector','result':[{'metric'"
                                       ":{'a':'\\u001b[2J\\n'},'value':[1,'\\u001b5']}]}}"));
        QVERIFY(answer);
        const QString table = app::queryTable(*answer);
        QVERIFY(!table.contains(QChar(0x1b)));
        QCOMPARE(table.count('\n'), 2);
        const QString csv = app::queryCsv(*answer);
        QVERIFY(csv.startsWith("a,time,value\r\n"));
    }
};

QTEST_GUILESS_MAIN(QueryCommandTest)
#include "tst_query_command.moc"

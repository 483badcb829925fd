// Recordings as users make and play them, with the real program. The server is away: that is trouble enough.
#include "app/commands/compare_text.h"
#include "app/commands/replay_text.h"
#include "tests/support/prometheus_server.h"

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace {

const QStringList kAway{"--dsn", "host=127.0.0.1 port=1 dbname=none"};

struct Outcome {
    int code = -1;
    QByteArray out;
    QByteArray errors;
};

Outcome poolscope(const QStringList& arguments)
{
    QProcess process;
    process.start(POOLSCOPE_PROGRAM, arguments);
    if (!process.waitForFinished(40'000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

class RecordCommandsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder; // data of a run that goes on
    QProcess m_program;

    QString file(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

private Q_SLOTS:
    void initTestCase()
    {
        m_program.start(POOLSCOPE_PROGRAM, QStringList{"--headless", "--no-http", "--data-dir", m_folder.path(), "--interval",
                                                       "200ms", "--lang", "en"} +
                                               kAway);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file("history.db")), 20'000);
    }
    void cleanupTestCase()
    {
        m_program.terminate();
        QVERIFY(m_program.waitForFinished(20'000));
        const Outcome after = poolscope({"record", "--last", "10m", "--data-dir", m_folder.path(), file("after.poolscope")});
        QVERIFY2(after.code == 0, after.errors.constData()); // nobody runs any more
        QVERIFY(QFile::exists(file("after.poolscope")));
    }

    void aRunningOneIsRecordedAndReplayed()
    {
        const QString path = file("running.poolscope");
        const Outcome recorded = poolscope({"record", "--duration", "3s", "--data-dir", m_folder.path(), "--title", "Monday", path});
        QVERIFY2(recorded.code == 0, recorded.errors.constData());
        QCOMPARE(recorded.out, path.toUtf8() + '\n');
        const Outcome text = poolscope({"replay", "--text", "--expect", "--lang", "en", path});
        QVERIFY2(text.code == 0, QByteArray(text.out + text.errors).constData());
        QVERIFY2(text.out.startsWith("Recording Monday: 20"), text.out.constData());
        QVERIFY2(text.out.contains("As recorded: all "), text.out.constData());
        const QJsonDocument json = QJsonDocument::fromJson(poolscope({"replay", "--json", path}).out);
        QCOMPARE(json["recording"]["title"].toString(), QStringLiteral("Monday"));
        QVERIFY(json["as_recorded"].toBool());
        QVERIFY(json["timeline"].isArray());
    }
    void aRunOfItsOwnIsRecorded()
    {
        const QTemporaryDir fresh;
        const QString path = fresh.filePath("own.poolscope");
        const Outcome recorded =
            poolscope(QStringList{"record", "--duration", "2s", "--data-dir", fresh.path(), "--interval", "200ms", path} + kAway);
        QVERIFY2(recorded.code == 0, recorded.errors.constData());
        QCOMPARE(poolscope({"replay", "--text", "--expect", path}).code, 0);
        const Outcome compared = poolscope({"replay", "--compare", path, path});
        QCOMPARE(compared.code, 0);
        QVERIFY2(compared.out.contains("Nothing differs by more than noise"), compared.out.constData());
        const Outcome csv = poolscope({"replay", "--compare", "--csv", path, path});
        QVERIFY(csv.out.startsWith("series,unit,verdict,"));
        QVERIFY(QJsonDocument::fromJson(poolscope({"replay", "--compare", "--json", path, path}).out)["series"].isArray());
    }
    // Its samples into a Prometheus that never saw the pool: promtool makes blocks of the export, and they are asked for.
    void aRecordingBecomesBlocksOfAPrometheus()
    {
        const QTemporaryDir fresh;
        const QString path = fresh.filePath("own.poolscope");
        const Outcome recorded =
            poolscope(QStringList{"record", "--duration", "3s", "--data-dir", fresh.path(), "--interval", "200ms", path} + kAway);
        QVERIFY2(recorded.code == 0, recorded.errors.constData());
        support::PrometheusServer server;
        const QString samples = server.file(QStringLiteral("own.om"));
        const Outcome exported = poolscope({"export", path, "-o", samples});
        QVERIFY2(exported.code == 0, exported.errors.constData());
        const Outcome rows = poolscope({"export", path, "--format", "csv-long", "--match", "db_pool_size"});
        const auto expected = static_cast<double>(rows.out.count('\n') - 1); // but the head
        QVERIFY2(rows.code == 0 && expected >= 5, rows.out.constData());
        QVERIFY2(server.fill(samples), "promtool (tests/run fetches it) does not take the export");
        QVERIFY2(server.start(QStringLiteral("global: {}\n")), "prometheus is needed: tests/run fetches it");
        prometheus::Client client(server.spec());
        const std::int64_t now = QDateTime::currentMSecsSinceEpoch();
        const auto asked = [&](const char* expression) {
            const auto answer = client.instant(expression, now);
            return answer && answer->series.size() == 1 ? answer->series[0].points.at(0).value : -1.0;
        };
        QCOMPARE(asked("count_over_time(db_pool_size[1h])"), expected);
        QCOMPARE(asked("max_over_time(db_pool_size[1h])"), 10.0);
        QVERIFY(asked("count(count by (__name__) (last_over_time({__name__=~\"db_.*\"}[1h])))") > 10);
        QCOMPARE(poolscope({"export", path, "--last", "1h"}).code, 2); // which hour would that be?
        QCOMPARE(poolscope({"export", fresh.filePath("history.db"), "-o", samples}).code, 2);
    }
    // With the box elsewhere, a recording of the past has its frames from there: what a tick showed beside its samples.
    void theBoxIsFoundWhereTheConfigurationPutsIt()
    {
        const QTemporaryDir fresh;
        const QTemporaryDir elsewhere;
        QFile config(fresh.filePath("poolscope.yml"));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("black_box: {folder: " + elsewhere.filePath("box").toUtf8() + "}\n" +
                     "history: {file: " + elsewhere.filePath("long.db").toUtf8() + "}\n");
        config.close();
        const QStringList placed{"--data-dir", fresh.path(), "--config", config.fileName()};
        const Outcome own = poolscope(
            QStringList{"record", "--duration", "2s", "--interval", "200ms", fresh.filePath("own.poolscope")} + placed + kAway);
        QVERIFY2(own.code == 0, own.errors.constData());
        QCOMPARE(poolscope(QStringList{"record", "--duration", "1s", "--interval", "200ms", fresh.filePath("again.poolscope")} + placed +
                           kAway).code, 0);
        QVERIFY(QFile::exists(elsewhere.filePath("long.db")) && QFile::exists(elsewhere.filePath("box/black-box.db")));
        QVERIFY(!QFile::exists(fresh.filePath("history.db")));
        const QString past = fresh.filePath("past.poolscope");
        const Outcome recorded = poolscope(QStringList{"record", "--last", "10m", past} + placed);
        QVERIFY2(recorded.code == 0, recorded.errors.constData());
        const QJsonDocument json = QJsonDocument::fromJson(poolscope({"replay", "--json", past}).out);
        QVERIFY2(json["recording"]["frames"].toInt() > 0, json.toJson().constData());
        // It was started twice: what lies between is told.
        const QJsonArray gaps = json["gaps"].toArray();
        QVERIFY2(gaps.size() == 1 && gaps[0].toObject()["reason"] == QStringLiteral("not_running"), json.toJson().constData());
        const Outcome told = poolscope({"replay", "--expect", past});
        QVERIFY2(told.code == 0 && told.out.contains(": Poolscope did not run\n"), told.out.constData());
        QVERIFY2(poolscope(QStringList{"report", "--last", "10m", "--html", fresh.filePath("a.html")} + placed).code == 0, "report");
        const Outcome rows = poolscope(QStringList{"export", "--last", "10m", "--match", "db_pool_size"} + placed);
        QVERIFY2(rows.code == 0 && rows.out.count('\n') > 1, rows.errors.constData());
        // Without the configuration nobody would know of it.
        QCOMPARE(poolscope({"export", "--last", "10m", "--data-dir", fresh.path()}).code, 2);
        QCOMPARE(poolscope({"record", "--last", "10m", "--data-dir", fresh.path(), fresh.filePath("none.poolscope")}).code, 2);
    }
    void wrongUseIsRefused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no file") << QStringList{"record", "--last", "5m"} << "one FILE is expected";
        QTest::newRow("no time") << QStringList{"record", "f"} << "one of --last";
        QTest::newRow("two times") << QStringList{"record", "--last", "5m", "--duration", "5m", "f"} << "one of --last";
        QTest::newRow("no span") << QStringList{"record", "--duration", "soon", "f"} << "--duration";
        QTest::newRow("no history") << QStringList{"record", "--last", "5m", "--data-dir", "/nonexistent", "f"}
                                    << "no history";
        QTest::newRow("no such recording") << QStringList{"replay", "--text", "/nonexistent.poolscope"} << "no such file";
        QTest::newRow("no recording") << QStringList{"replay", "--text", POOLSCOPE_PROGRAM} << "no recording of Poolscope";
        QTest::newRow("one to compare") << QStringList{"replay", "--compare", "a"} << "two recordings are expected";
        QTest::newRow("no speed") << QStringList{"replay", "--text", "--speed", "0", "a"} << "--speed";
    }
    void wrongUseIsRefused()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, reason);
        const Outcome outcome = poolscope(arguments);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.errors.startsWith("poolscope: ") && outcome.errors.contains(reason.toUtf8()),
                 outcome.errors.constData());
    }
    void whatOthersWroteCannotDirectTheTerminal()
    {
        record::TimelineEntry entry;
        entry.at = 1'795'183'200'000;
        entry.rule = "Evil\x1b[2J\nAlert";
        entry.labels = {{"alertname", "x"}, {"severity", "critical\x1b"}, {"site", "a\x07"}};
        entry.summary = "line one\nline two";
        const QString text = app::entryText(entry);
        QVERIFY(!text.contains(u'\x1b') && !text.contains(u'\x07'));
        QCOMPARE(text.count(u'\n'), 1);
        QVERIFY(text.startsWith("2026-11-20T14:00:00.000Z  fired"));
    }
    void differencesAreListedBySide()
    {
        record::TimelineEntry entry;
        entry.rule = "HighPoolUsage";
        const std::vector<record::TimelineDifference> differences{
            {record::TimelineDifference::Side::RecordedOnly, entry}, {record::TimelineDifference::Side::ReplayedOnly, entry}};
        const QString text = app::differencesText({entry}, differences);
        QVERIFY(text.contains("- recorded only  ") && text.contains("+ replayed only  "));
        QCOMPARE(app::differencesText({entry}, {}), QStringLiteral("As recorded: all 1 change(s).\n"));
    }
    void aDifferenceSaysSizeAndSpread()
    {
        record::Comparison comparison{"before", "after", {}};
        record::SeriesDifference one;
        one.name = "latency{q=\"0.9\"}";
        one.before = {100, 2, 0.5, 2, 3, 4};
        one.after = {100, 3, 0.5, 3, 4, 5};
        one.effect = 0.9;
        one.verdict = record::Verdict::Differs;
        comparison.series = {one};
        const QString text = app::compareText(comparison);
        QVERIFY2(text.contains("+50.0 %") && text.contains("+0.90") && text.contains("2 ~ 0.5"), qPrintable(text));
        QVERIFY(app::compareCsv(comparison).contains("\"latency{q=\"\"0.9\"\"}\",none,differs,1,"));
    }
    void aDifferenceHasItsUnit_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("rate");
        QTest::addColumn<QString>("mean"); // of 0.0025
        QTest::addColumn<QString>("unit");
        QTest::newRow("seconds") << "db_wait_seconds{quantile=\"0.9\"}" << false << "2.50 ms" << "seconds";
        QTest::newRow("share") << "host_cpu_usage_ratio" << false << "0.2 %" << "ratio";
        QTest::newRow("usage") << "db_pool_usage" << false << "0.2 %" << "ratio";
        QTest::newRow("bytes") << "host_memory_available_bytes" << false << "0.00 B" << "bytes";
        QTest::newRow("events") << "db_slow_query_total{a=\"b\"}" << true << "0.0025 /s" << "per_second";
        QTest::newRow("traffic") << "host_disk_read_bytes_total" << true << "0.00 B/s" << "bytes_per_second";
        QTest::newRow("at once") << "db_connection_wait_seconds_sum" << true << "0.0025 ~" << "load";
        QTest::newRow("a number") << "db_pool_waiters" << false << "0.0025 ~" << "none";
    }
    void aDifferenceHasItsUnit()
    {
        QFETCH(QString, name);
        QFETCH(bool, rate);
        QFETCH(QString, mean);
        QFETCH(QString, unit);
        record::SeriesDifference one;
        one.name = name.toStdString();
        one.rate = rate;
        one.before = {100, 0.0025, 0.001, 0.002, 0.003, 0.004};
        one.after = {100, 0.0035, 0.001, 0.002, 0.003, 0.004};
        one.verdict = record::Verdict::Differs;
        const record::Comparison comparison{"before", "after", {one}};
        QVERIFY2(app::compareText(comparison).contains(mean), qPrintable(app::compareText(comparison)));
        QVERIFY(app::compareCsv(comparison).contains("," + unit + ",differs,"));
        QVERIFY(app::compareJson(comparison).contains("\"unit\": \"" + unit + "\""));
    }
};

QTEST_GUILESS_MAIN(RecordCommandsTest)
#include "tst_record_commands.moc"

// Pages of metrics as other programs write them, and as nobody should.
#include "monitor/metrics/exposition.h"
#include "monitor/series/label_ops.h"
#include "monitor/series/sample.h"
#include "monitor/targets/exposition_parser.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <random>
#include <string>

using targets::MetricType;
using targets::Page;
using targets::parsePage;
using targets::TextFormat;

namespace {

// The page's samples, one a line, as Prometheus prints series.
QString printed(const Page& page)
{
    QString text;
    for (const targets::PageSample& sample : page.samples) {
        text += QString::fromStdString(series::labelsText(sample.labels)) + ' ' +
                QString::number(sample.value, 'g', 17);
        if (sample.at) {
            text += " @" + QString::number(*sample.at);
        }
        text += '\n';
    }
    return text;
}

} // namespace

class ExpositionParserTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void goodLinesAreRead_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("seen");
        QTest::newRow("bare") << QByteArray("a 1") << "a 1\n";
        QTest::newRow("labels") << QByteArray("a{x=\"1\",b=\"2\"} 3") << "a{b=\"2\", x=\"1\"} 3\n";
        QTest::newRow("trailing comma, blanks, tabs")
            << QByteArray("  a {\t x = \"1\" , } \t3  ") << "a{x=\"1\"} 3\n";
        QTest::newRow("no labels in braces") << QByteArray("a{} -0.5e3") << "a -500\n";
        QTest::newRow("time") << QByteArray("a 1 1395066363000") << "a 1 @1395066363000\n";
        QTest::newRow("time before 1970") << QByteArray("a 1 -3982045") << "a 1 @-3982045\n";
        QTest::newRow("escapes") << QByteArray("a{p=\"C:\\\\DIR\\n\\\"q\\\"\\x\"} 1")
                                 << "a{p=\"C:\\\\DIR\\n\\\"q\\\"\\\\x\"} 1\n";
        QTest::newRow("braces and hashes within a value")
            << QByteArray("a{p=\"}{,=# 1\"} 2") << "a{p=\"}{,=# 1\"} 2\n";
        QTest::newRow("an empty label is none") << QByteArray("a{x=\"\"} 1") << "a 1\n";
        QTest::newRow("plus infinity") << QByteArray("a +Inf") << "a inf\n";
        QTest::newRow("minus infinity") << QByteArray("a -Inf") << "a -inf\n";
        QTest::newRow("NaN") << QByteArray("a NaN") << "a nan\n";
        QTest::newRow("a plus sign") << QByteArray("a +7") << "a 7\n";
        QTest::newRow("colons") << QByteArray("job:a:rate 1") << "job:a:rate 1\n";
        QTest::newRow("line end of Windows") << QByteArray("a 1\r") << "a 1\n";
        QTest::newRow("chatter") << QByteArray("#chatter\n# HELPFUL a b\n#\na 1") << "a 1\n";
    }
    void goodLinesAreRead()
    {
        QFETCH(QByteArray, line);
        const Page page = parsePage(line.toStdString(), TextFormat::Text);
        QTEST(printed(page), "seen");
        QCOMPARE(page.faults.badLines, std::size_t(0));
    }

    void badLinesAreCountedAndTheOthersKept_data()
    {
        QTest::addColumn<QByteArray>("line");
        const auto row = [](const char* name, const QByteArray& line) { QTest::newRow(name) << line; };
        row("no value", "a");
        row("no name", "{x=\"1\"} 1");
        row("value of letters", "a one");
        row("a value's payload", "a nan(7ff0000000000002)");
        row("two signs", "a +-1");
        row("out of range", "a 1e999");
        row("a time of letters", "a 1 now");
        row("a time of fractions", "a 1 1.5");
        row("a time beyond all", "a 1 9223372036854775807");
        row("one thing more", "a 1 2 3");
        row("cut off in a value", "a{x=\"1");
        row("cut off behind a backslash", "a{x=\"1\\");
        row("cut off in the labels", "a{x=\"1\",");
        row("a label without quotes", "a{x=1} 1");
        row("no comma", "a{x=\"1\"y=\"2\"} 1");
        row("a label twice", "a{x=\"1\",x=\"2\"} 1");
        row("an empty label twice", "a{x=\"\",x=\"2\"} 1");
        row("a label that is the name", "a{__name__=\"b\"} 1");
        row("a dash in the name", "a-b 1");
        row("a digit first", "1a 1");
        row("bytes that are no UTF-8", "a{x=\"\xC3\x28\"} 1");
        row("NUL within a value", QByteArray("a{x=\"\0\"} 1", 10));
        row("an exemplar in the older format", "a 1 # {x=\"1\"} 2");
        row("HTML", "<html><body>404</body></html>");
        row("JSON", "{\"status\": \"ok\"}");
        row("a name of 300 letters", QByteArray(300, 'a') + " 1");
        row("a value of 5000 letters", "a{x=\"" + QByteArray(5000, 'v') + "\"} 1");
        row("a description of nothing", "# TYPE 1a counter");
    }
    void badLinesAreCountedAndTheOthersKept()
    {
        QFETCH(QByteArray, line);
        const Page page = parsePage("before 1\n" + line.toStdString() + "\nafter 2\n", TextFormat::Text);
        QCOMPARE(printed(page), QString("before 1\nafter 2\n"));
        QCOMPARE(page.faults.badLines, std::size_t(1));
        QCOMPARE(page.faults.firstBadLine, std::size_t(2));
        QVERIFY(!page.faults.firstReason.empty());
    }

    void ofOneSeriesTheFirstSampleCounts()
    {
        // What Debian's PgBouncer exporter answers when two names lead to one database.
        const Page page = parsePage("pgbouncer_pool_size{database=\"appdb\"} 3.0\n"
                                    "pgbouncer_pool_size{database=\"appdb\"} 20.0\n"
                                    "pgbouncer_pool_size{database=\"other\"} 5.0\n",
                                    TextFormat::Text);
        QCOMPARE(printed(page), QString("pgbouncer_pool_size{database=\"appdb\"} 3\n"
                                        "pgbouncer_pool_size{database=\"other\"} 5\n"));
        QCOMPARE(page.faults.duplicates, std::size_t(1));
        QCOMPARE(page.faults.badLines, std::size_t(0));
    }

    void noNanIsAStaleMarker()
    {
        const Page page = parsePage("a NaN\nb nan\nc -nan\n", TextFormat::Text);
        QCOMPARE(page.samples.size(), std::size_t(3));
        for (const targets::PageSample& sample : page.samples) {
            QVERIFY(std::isnan(sample.value));
            QVERIFY(!series::isStale(sample.value));
        }
    }

    void familiesAreDescribed()
    {
        const Page page =
            parsePage("# HELP a What\\n\"it\" \\\\ is\n# TYPE a counter\n# TYPE b gibberish\na 1\n"
                      "# TYPE c histogram\n# UNIT c seconds\n",
                      TextFormat::Text);
        QCOMPARE(page.families.size(), std::size_t(3));
        QCOMPARE(page.families[0].help, std::string("What\n\"it\" \\ is"));
        QVERIFY(page.families[0].type == MetricType::Counter);
        QVERIFY(page.families[1].type == MetricType::Unknown);
        QVERIFY(page.families[2].type == MetricType::Histogram);
        QCOMPARE(page.families[2].unit, std::string("seconds"));
    }

    void openMetricsHasSecondsExemplarsAndAnEnd()
    {
        const Page page =
            parsePage("# TYPE a counter\n"
                      "a_total{x=\"1\"} 17 1395066363.25 # {trace_id=\"K # }\"} 0.67 1395066362.5\n"
                      "b 2 # {} 3\n# EOF\n",
                      TextFormat::OpenMetrics);
        QCOMPARE(printed(page), QString("a_total{x=\"1\"} 17 @1395066363250\nb 2\n"));
        QCOMPARE(page.exemplars.size(), std::size_t(2));
        QCOMPARE(page.exemplars[0].labels, (metrics::Labels{{"trace_id", "K # }"}}));
        QCOMPARE(page.exemplars[0].value, 0.67);
        QCOMPARE(*page.exemplars[0].at, std::int64_t(1395066362500));
        QCOMPARE(page.exemplars[1].sample, std::size_t(1));
        QVERIFY(page.ended);
        QCOMPARE(page.faults.badLines, std::size_t(0));
    }

    void openMetricsWithoutItsEndIsSeenToBeCutOff()
    {
        QVERIFY(!parsePage("a 1\n", TextFormat::OpenMetrics).ended);
        const Page page = parsePage("a 1\n# EOF\nb 2\n", TextFormat::OpenMetrics);
        QVERIFY(page.ended);
        QCOMPARE(page.faults.badLines, std::size_t(1));
        QCOMPARE(page.samples.size(), std::size_t(1));
    }

    void limitsHold()
    {
        targets::PageLimits limits;
        limits.series = 3;
        limits.labels = 2;
        limits.bytes = 40;
        const Page many = parsePage("a 1\nb 2\nc 3\nd 4\ne 5\n", TextFormat::Text, limits);
        QCOMPARE(printed(many), QString("a 1\nb 2\nc 3\n"));
        QVERIFY(many.faults.limited);
        const Page three = parsePage("a 1\nb 2\nc 3\n# EOF\n", TextFormat::OpenMetrics, limits);
        QVERIFY(three.ended && !three.faults.limited);
        const Page labelled = parsePage("a{x=\"1\",y=\"2\",z=\"3\"} 1\n", TextFormat::Text, limits);
        QCOMPARE(labelled.faults.badLines, std::size_t(1));
        // A line that the limit of bytes cuts through would be a wrong value.
        const Page cut =
            parsePage("aaaaaaaaaaaaaaaaaa 1\nbbbbbbbbbbbbbbbbb 23456\n", TextFormat::Text, limits);
        QCOMPARE(printed(cut), QString("aaaaaaaaaaaaaaaaaa 1\n"));
        QVERIFY(cut.faults.limited);
        QVERIFY(parsePage(std::string(1000, 'x'), TextFormat::Text, limits).samples.empty());
    }

    void everyPageOfOursIsReadAsItWasWritten()
    {
        metrics::Snapshot snapshot;
        snapshot.at = core::WallTime(std::chrono::seconds(1'700'000'000));
        static constexpr metrics::MetricDef kOdd{
            "odd", metrics::Kind::Gauge, core::Unit::None, "back\\slash\nline", {}};
        metrics::SampleBuilder out(snapshot);
        out.push(kOdd, 0.1, {{"site", "C:\\x \"y\"\nz,{}=连接"}});
        out.push(kOdd, std::numeric_limits<double>::infinity(), {});
        for (const auto& [ours, theirs] : {std::pair(metrics::Format::Text, TextFormat::Text),
                                          std::pair(metrics::Format::OpenMetrics, TextFormat::OpenMetrics)}) {
            const Page page = parsePage(metrics::expose(snapshot, ours), theirs);
            QCOMPARE(page.faults.badLines, std::size_t(0));
            QCOMPARE(page.samples.size(), std::size_t(2));
            QCOMPARE(series::labelValue(page.samples[0].labels, "site"),
                     std::string_view("C:\\x \"y\"\nz,{}=连接"));
            QCOMPARE(page.families.front().help, std::string("back\\slash\nline"));
        }
    }

    void cutAnywhereAndTwistedNothingBreaks()
    {
        const std::string whole =
            "# HELP a b\n# TYPE a histogram\na_bucket{le=\"0.1\",x=\"\\\"\\n\\\\\"} 1 # {t=\"u\"} 0.5 1.5\n"
            "a_sum 2.5 1395066363\na_count NaN\n# EOF\n";
        std::mt19937 random(7);
        for (int round = 0; round < 20'000; ++round) {
            std::string text = whole.substr(0, random() % (whole.size() + 1));
            for (unsigned twist = random() % 4; twist > 0 && !text.empty(); --twist) {
                text[random() % text.size()] = static_cast<char>(random() % 256);
            }
            const auto format = random() % 2 == 0 ? TextFormat::Text : TextFormat::OpenMetrics;
            const Page page = parsePage(text, format);
            QVERIFY(page.samples.size() <= 4 + 4);
        }
    }
};

QTEST_GUILESS_MAIN(ExpositionParserTest)
#include "tst_exposition_parser.moc"

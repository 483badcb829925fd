#include "monitor/metrics/exposition.h"

#include <QFile>
#include <QProcess>
#include <QTest>

#include <algorithm>
#include <array>
#include <limits>
#include <string>

using core::Lang;
using core::Unit;
using metrics::Format;
using metrics::Kind;
using metrics::MetricDef;

namespace {

constexpr std::array kBounds{0.1, 1.0, 10.0};
constexpr std::array<std::string_view, 1> kLabel{"site"};
constexpr MetricDef kGauge{
    "db_pool_size", Kind::Gauge, Unit::Count, "连接池大小", {"Pool size", "连接池大小"}};
constexpr MetricDef kCounter{
    "db_slow_query_total", Kind::Counter, Unit::Count, "慢查询次数", {"Slow", "慢查询次数"}};
constexpr MetricDef kOurs{"host_load1", Kind::Gauge, Unit::Load, "Load average", {"Load", "平均负载"}};
constexpr MetricDef kHistogram{"db_wait_seconds", Kind::Histogram,  Unit::Seconds,
                               "Waiting",         {"Wait", "等待"}, kBounds};
constexpr MetricDef kHostile{"a_hostile", Kind::Gauge, Unit::None, "back\\slash\nline \"quote\"",
                             {},          {},          kLabel};

std::shared_ptr<metrics::HistogramValue> histogramValue() {
    auto value = std::make_shared<metrics::HistogramValue>();
    value->bounds.assign(kBounds.begin(), kBounds.end());
    value->counts = {3, 2, 0, 1};
    value->count = 6;
    value->sum = 23.25;
    return value;
}

metrics::Exemplar exemplar(double value, metrics::Labels labels) {
    return {value, core::WallTime(std::chrono::milliseconds(1'795'165'927'742)), std::move(labels)};
}

// Everything that is hard to read for a parser, in one page.
metrics::Snapshot fullSnapshot() {
    metrics::Snapshot snapshot;
    metrics::SampleBuilder out(snapshot);
    out.push(kGauge, 10);
    out.push(kCounter, 1'234'567);
    out.push(kOurs, 0.25);
    out.push(kHostile, std::numeric_limits<double>::infinity(), {{"site", "C:\\x \"y\"\nz,{}=连接"}});
    out.push(kHostile, -0.0, {{"site", std::string("bad \xC3\x28 utf8")}});
    out.push(kHostile, 1e300, {{"site", ""}});
    auto value = histogramValue();
    value->exemplars = {exemplar(0.05, {{"site", "a.cpp:1 f"}, {"tag", "orders \"x\""}}), exemplar(99, {})};
    out.push(kHistogram, value);
    return snapshot;
}

struct Outcome {
    int exitCode = -1;
    QByteArray output;
};

Outcome run(const QString& program, const QStringList& arguments, const std::string& input) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForStarted()) {
        return {-1, (program + QStringLiteral(" does not start: ") + process.errorString()).toUtf8()};
    }
    process.write(input.data(), static_cast<qint64>(input.size()));
    process.closeWriteChannel();
    process.waitForFinished(15'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAll()};
}

} // namespace

class ExpositionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textIsTheReferencesSpelling() {
        metrics::Snapshot snapshot;
        metrics::SampleBuilder out(snapshot);
        out.push(kGauge, 10);
        out.push(kCounter, 3);
        out.push(kHistogram, histogramValue());
        QCOMPARE(QString::fromStdString(metrics::expose(snapshot, Format::Text)),
                 QStringLiteral("# HELP db_pool_size 连接池大小\n"
                                "# TYPE db_pool_size gauge\n"
                                "db_pool_size 10.0\n"
                                "# HELP db_slow_query_total 慢查询次数\n"
                                "# TYPE db_slow_query_total counter\n"
                                "db_slow_query_total 3.0\n"
                                "# HELP db_wait_seconds Waiting\n"
                                "# TYPE db_wait_seconds histogram\n"
                                "db_wait_seconds_bucket{le=\"0.1\"} 3.0\n"
                                "db_wait_seconds_bucket{le=\"1.0\"} 5.0\n"
                                "db_wait_seconds_bucket{le=\"10.0\"} 5.0\n"
                                "db_wait_seconds_bucket{le=\"+Inf\"} 6.0\n"
                                "db_wait_seconds_count 6.0\n"
                                "db_wait_seconds_sum 23.25\n"));
    }
    void openMetricsNamesFamiliesWithoutTotalAndEnds() {
        metrics::Snapshot snapshot;
        metrics::SampleBuilder(snapshot).push(kCounter, 3);
        QCOMPARE(QString::fromStdString(metrics::expose(snapshot, Format::OpenMetrics)),
                 QStringLiteral("# HELP db_slow_query 慢查询次数\n"
                                "# TYPE db_slow_query counter\n"
                                "db_slow_query_total 3.0\n"
                                "# EOF\n"));
        QCOMPARE(metrics::expose(metrics::Snapshot{}, Format::OpenMetrics), std::string("# EOF\n"));
        QCOMPARE(metrics::expose(metrics::Snapshot{}, Format::Text), std::string());
    }
    void exemplarsStandOnlyInOpenMetrics() {
        metrics::Snapshot snapshot;
        auto value = histogramValue();
        value->exemplars = {exemplar(0.5, {{"site", "a.cpp:1 f"}}), exemplar(99, {})};
        metrics::SampleBuilder(snapshot).push(kHistogram, value);
        const std::string open = metrics::expose(snapshot, Format::OpenMetrics);
        QVERIFY(open.find("bucket{le=\"1.0\"} 5.0 # {site=\"a.cpp:1 f\"} 0.5 1795165927.742\n") !=
                std::string::npos);
        QVERIFY(open.find("bucket{le=\"+Inf\"} 6.0 # {} 99.0 1795165927.742\n") != std::string::npos);
        QCOMPARE(metrics::expose(snapshot, Format::Text).find(" # {"), std::string::npos);
    }
    void exemplarLabelsStayWithinTheFormatsLimit() {
        metrics::Snapshot snapshot;
        auto value = histogramValue();
        value->exemplars = {exemplar(0.5, {{"site", std::string(200, 'x')}, {"tag", "short"}})};
        metrics::SampleBuilder(snapshot).push(kHistogram, value);
        const std::string open = metrics::expose(snapshot, Format::OpenMetrics);
        QVERIFY(open.find("# {tag=\"short\"} 0.5") != std::string::npos);
        QCOMPARE(open.find("xxx"), std::string::npos);
    }
    void labelsAndHelpAreEscapedEachInItsWay() {
        metrics::Snapshot snapshot;
        metrics::SampleBuilder(snapshot).push(kHostile, 1, {{"site", "a\\b\"c\nd"}});
        QCOMPARE(metrics::expose(snapshot, Format::Text),
                 std::string("# HELP a_hostile back\\\\slash\\nline \"quote\"\n"
                             "# TYPE a_hostile gauge\n"
                             "a_hostile{site=\"a\\\\b\\\"c\\nd\"} 1.0\n"));
        const std::string open = metrics::expose(snapshot, Format::OpenMetrics);
        QVERIFY(open.find("# HELP a_hostile back\\\\slash\\nline \\\"quote\\\"\n") != std::string::npos);
    }
    void numbersAreSpelledExactly_data() {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << 0.0 << "0.0";
        QTest::newRow("minus zero") << -0.0 << "-0.0";
        QTest::newRow("whole") << 100000.0 << "100000.0";
        QTest::newRow("large whole") << 123456789012345.0 << "123456789012345.0";
        QTest::newRow("fraction") << 0.1 << "0.1";
        QTest::newRow("a third") << 1.0 / 3 << "0.3333333333333333";
        QTest::newRow("small") << 5e-324 << "5e-324";
        QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << "+Inf";
        QTest::newRow("minus infinite") << -std::numeric_limits<double>::infinity() << "-Inf";
    }
    void numbersAreSpelledExactly() {
        QFETCH(double, value);
        QFETCH(QString, text);
        metrics::Snapshot snapshot;
        metrics::SampleBuilder(snapshot).push(kOurs, value);
        const std::string page = metrics::expose(snapshot, Format::Text);
        QVERIFY2(page.ends_with("\nhost_load1 " + text.toStdString() + "\n"), page.c_str());
    }
    void notANumberSurvivesWhereAFamilyHoldsIt() {
        metrics::Snapshot snapshot;
        snapshot.families.push_back({&kOurs, {metrics::Series{}}});
        QVERIFY(metrics::expose(snapshot, Format::Text).ends_with("host_load1 NaN\n"));
        snapshot.families.push_back({nullptr, {metrics::Series{}}});
        snapshot.families.push_back({&kGauge, {}});
        QCOMPARE(metrics::expose(snapshot, Format::Text).find("db_pool_size"), std::string::npos);
    }
    void helpOfTheReferenceStaysInEveryLanguage() {
        QCOMPARE(metrics::helpText(kGauge, Lang::English), std::string_view("连接池大小"));
        QCOMPARE(metrics::helpText(kOurs, Lang::English), std::string_view("Load average"));
        QCOMPARE(metrics::helpText(kOurs, Lang::Chinese), std::string_view("平均负载"));
        QCOMPARE(metrics::helpText(kHostile, Lang::Chinese), kHostile.help);
    }
    void everyByteOfAnyLabelGivesAPageThatIsUtf8() {
        metrics::Snapshot snapshot;
        metrics::SampleBuilder out(snapshot);
        for (int byte = 0; byte < 256; ++byte) {
            out.push(kHostile, byte, {{"site", std::string(3, static_cast<char>(byte))}});
        }
        const std::string page = metrics::expose(snapshot, Format::Text);
        const QByteArray bytes = QByteArray::fromStdString(page);
        QCOMPARE(QString::fromUtf8(bytes).toUtf8(), bytes);
        QCOMPARE(std::count(page.begin(), page.end(), '\n'), std::ptrdiff_t{258});
    }
    void pythonsParserReadsTheTextFormat() {
        const Outcome outcome =
            run(QStringLiteral(POOLSCOPE_PYTHON), {QStringLiteral("-c"), QStringLiteral(R"(
import sys
from prometheus_client.parser import text_string_to_metric_families
page = sys.stdin.buffer.read().decode()
families = {f.name: f for f in text_string_to_metric_families(page)}
assert families['db_pool_size'].samples[0].value == 10, families
assert families['db_pool_size'].documentation == '连接池大小'
assert families['db_slow_query'].type == 'counter'
assert families['db_slow_query'].samples[0].value == 1234567
assert families['a_hostile'].samples[0].labels['site'] == 'C:\\x "y"\nz,{}=连接', families['a_hostile'].samples
assert families['a_hostile'].samples[0].value == float('inf')
buckets = [s for s in families['db_wait_seconds'].samples if s.name.endswith('_bucket')]
assert [(s.labels['le'], s.value) for s in buckets] == [('0.1', 3), ('1.0', 5), ('10.0', 5), ('+Inf', 6)], buckets
print('well', len(families))
)")},
                metrics::expose(fullSnapshot(), Format::Text));
        QVERIFY2(outcome.exitCode == 0 && outcome.output.startsWith("well 5"), outcome.output.constData());
    }
    void pythonsStrictParserReadsOpenMetrics() {
        const Outcome outcome =
            run(QStringLiteral(POOLSCOPE_PYTHON), {QStringLiteral("-c"), QStringLiteral(R"(
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
page = sys.stdin.buffer.read().decode()
families = {f.name: f for f in text_string_to_metric_families(page)}
assert families['db_slow_query'].type == 'counter'
buckets = [s for s in families['db_wait_seconds'].samples if s.name.endswith('_bucket')]
assert buckets[0].exemplar.labels == {'site': 'a.cpp:1 f', 'tag': 'orders "x"'}, buckets
assert buckets[0].exemplar.value == 0.05 and buckets[3].exemplar.value == 99
print('well', len(families))
)")},
                metrics::expose(fullSnapshot(), Format::OpenMetrics));
        QVERIFY2(outcome.exitCode == 0 && outcome.output.startsWith("well 5"), outcome.output.constData());
    }
    void promtoolFindsNothingToComplainOf() {
        const QString promtool =
            qEnvironmentVariable("POOLSCOPE_PROMTOOL", QStringLiteral(POOLSCOPE_PROMTOOL));
        const Outcome outcome = run(promtool, {QStringLiteral("check"), QStringLiteral("metrics")},
                                    metrics::expose(fullSnapshot(), Format::Text));
        QVERIFY2(outcome.exitCode == 0, outcome.output.constData());
    }
};

QTEST_GUILESS_MAIN(ExpositionTest)
#include "tst_exposition.moc"

#include "monitor/record/comparison.h"
#include "monitor/record/tape_writer.h"
#include "monitor/series/head.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <functional>
#include <random>

class TestComparison : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void summaryIsThatOfTheTextbook();
    void rankTestAgreesWithScipy();
    void tiesAreCorrectedFor();
    void holmRejectsInOrder();
    void sameRecordingDiffersInNothing();
    void noiseIsNotCalledADifference();
    void driftingNoiseIsNotCalledADifference();
    void aShiftIsFoundWithItsSize();
    void countersAreComparedAsRates();
    void tooShortIsSaid();

private:
    using Value = std::function<double(int second)>;
    std::string recordingOf(const char* name, int seconds, const std::vector<std::pair<std::string, Value>>& series);
    core::Result<record::Comparison> compared(const std::string& before, const std::string& after);

    QTemporaryDir m_folder;
};

namespace {

constexpr std::int64_t kStart = 1'795'161'600'000;

const record::SeriesDifference& only(const record::Comparison& comparison)
{
    return comparison.series.front();
}

std::function<double(int)> noise(std::uint32_t seed, double level, double spread)
{
    return [random = std::mt19937(seed), spreading = std::normal_distribution<double>(level, spread)](int) mutable {
        return spreading(random);
    };
}

} // namespace

std::string TestComparison::recordingOf(const char* name, int seconds,
                                        const std::vector<std::pair<std::string, Value>>& series)
{
    series::Head head;
    for (int second = 0; second < seconds; ++second) {
        std::vector<series::NamedSample> samples;
        for (const auto& [metric, value] : series) {
            samples.push_back({{{"__name__", metric}}, value(second)});
        }
        head.append(kStart + second * 1000, samples);
    }
    record::TapeRequest request;
    request.file = m_folder.filePath(QString::fromLatin1(name)).toStdString();
    request.from = kStart;
    request.to = kStart + seconds * 1000;
    request.samples = &head;
    request.facts = {{"title", name}};
    const auto written = record::writeTape(request);
    return written ? request.file.string() : written.error().message;
}

core::Result<record::Comparison> TestComparison::compared(const std::string& before, const std::string& after)
{
    const auto first = record::Tape::open(before);
    const auto second = record::Tape::open(after);
    if (!first || !second) {
        return core::fail("cannot open " + before + " or " + after);
    }
    return record::compare(**first, **second);
}

void TestComparison::summaryIsThatOfTheTextbook()
{
    std::vector<double> values{4, 1, 3, 2, 10};
    const record::Summary summary = record::summaryOf(values);
    QCOMPARE(summary.count, std::size_t{5});
    QCOMPARE(summary.mean, 4.0);
    QCOMPARE(summary.p50, 3.0);
    QCOMPARE(summary.p95, 8.8);
    QCOMPARE(summary.max, 10.0);
    QCOMPARE(summary.deviation, std::sqrt(12.5));
    std::vector<double> nothing;
    QVERIFY(std::isnan(record::summaryOf(nothing).mean));
}

// scipy.stats.mannwhitneyu(a, b, method="asymptotic")
void TestComparison::rankTestAgreesWithScipy()
{
    const std::vector<double> a{1, 2, 3, 4, 5, 6};
    const std::vector<double> b{4.5, 5.5, 6.5, 7.5, 8.5, 9.5};
    const record::RankTest test = record::rankTest(a, b);
    QVERIFY2(std::abs(test.pValue - 0.0202) < 0.001, qPrintable(QString::number(test.pValue)));
    QVERIFY(std::abs(test.effect - (2 * 33.0 / 36 - 1)) < 1e-9);
    QCOMPARE(record::rankTest(a, a).effect, 0.0);
}

void TestComparison::tiesAreCorrectedFor()
{
    const std::vector<double> same(20, 3.0);
    QCOMPARE(record::rankTest(same, same).pValue, 1.0);
    const std::vector<double> a{1, 1, 1, 1, 1, 2}, b{2, 2, 2, 2, 2, 1};
    const record::RankTest test = record::rankTest(a, b);
    QVERIFY2(test.pValue > 0.02 && test.pValue < 0.06, qPrintable(QString::number(test.pValue)));
}

void TestComparison::holmRejectsInOrder()
{
    QVERIFY(record::holm({0.01, 0.04, 0.03, 0.005}, 0.05) == std::vector<bool>({true, false, false, true}));
    QVERIFY(record::holm({}, 0.05).empty());
}

void TestComparison::sameRecordingDiffersInNothing()
{
    const std::string file = recordingOf("same", 300, {{"a", noise(1, 5, 1)}, {"b_total", [](int s) { return s * 3.0; }}});
    const auto comparison = compared(file, file);
    QVERIFY2(comparison, comparison ? "" : comparison.error().message.c_str());
    QCOMPARE(comparison->series.size(), std::size_t{2});
    for (const record::SeriesDifference& one : comparison->series) {
        QVERIFY(one.verdict == record::Verdict::Noise);
        QCOMPARE(one.after.mean - one.before.mean, 0.0);
        QCOMPARE(one.relative(), 0.0);
    }
}

void TestComparison::noiseIsNotCalledADifference()
{
    std::vector<std::pair<std::string, Value>> before, after;
    for (std::uint32_t i = 0; i < 60; ++i) {
        before.emplace_back("m" + std::to_string(i), noise(i, 10, 3));
        after.emplace_back("m" + std::to_string(i), noise(1000 + i, 10, 3));
    }
    const auto comparison = compared(recordingOf("quiet1", 300, before), recordingOf("quiet2", 300, after));
    QVERIFY(comparison);
    QCOMPARE(comparison->series.size(), std::size_t{60});
    QCOMPARE(comparison->sure(), std::size_t{0});
}

// Each second is like the one before it: as single samples these would differ "significantly" nearly always.
void TestComparison::driftingNoiseIsNotCalledADifference()
{
    const auto drifting = [](std::uint32_t seed) {
        return [step = noise(seed, 0, 1), at = 0.0](int second) mutable {
            at = 0.8 * at + step(second);
            return 20 + at;
        };
    };
    std::vector<std::pair<std::string, Value>> before, after;
    for (std::uint32_t i = 0; i < 40; ++i) {
        before.emplace_back("m" + std::to_string(i), drifting(i));
        after.emplace_back("m" + std::to_string(i), drifting(500 + i));
    }
    const auto comparison = compared(recordingOf("drift1", 600, before), recordingOf("drift2", 600, after));
    QVERIFY(comparison);
    QCOMPARE(comparison->sure(), std::size_t{0});
}

void TestComparison::aShiftIsFoundWithItsSize()
{
    const auto comparison =
        compared(recordingOf("slow", 300, {{"calm", noise(3, 1, 0.1)}, {"latency", noise(4, 0.10, 0.02)}}),
                 recordingOf("fast", 300, {{"calm", noise(5, 1, 0.1)}, {"latency", noise(6, 0.15, 0.02)}}));
    QVERIFY(comparison);
    QCOMPARE(comparison->sure(), std::size_t{1});
    const record::SeriesDifference& latency = only(*comparison);
    QCOMPARE(latency.name, std::string("latency"));
    QVERIFY(latency.low > 0.04 && latency.high < 0.06 && latency.low < 0.05 && latency.high > 0.05);
    QVERIFY(std::abs(latency.relative() - 0.5) < 0.1);
    QVERIFY(latency.effect > 0.9);
    QCOMPARE(latency.before.count, std::size_t{300});
}

void TestComparison::countersAreComparedAsRates()
{
    const auto counting = [](double rate, int reset) {
        return [rate, reset](int second) { return rate * (second % reset); };
    };
    const auto comparison = compared(recordingOf("ten", 300, {{"n_total", counting(10, 1000)}}),
                                     recordingOf("twenty", 300, {{"n_total", counting(20, 100)}})); // begins anew twice
    QVERIFY(comparison);
    QVERIFY(only(*comparison).rate);
    QCOMPARE(only(*comparison).before.mean, 10.0);
    QCOMPARE(only(*comparison).after.mean, 20.0);
    QVERIFY(only(*comparison).verdict == record::Verdict::Differs);
}

void TestComparison::tooShortIsSaid()
{
    const auto comparison = compared(recordingOf("short1", 20, {{"a", noise(1, 1, 0.1)}}),
                                     recordingOf("short2", 20, {{"a", noise(2, 9, 0.1)}}));
    QVERIFY(comparison);
    QVERIFY(only(*comparison).verdict == record::Verdict::TooShort);
}

QTEST_GUILESS_MAIN(TestComparison)
#include "tst_comparison.moc"

#include "monitor/metrics/log_linear.h"
#include "monitor/metrics/quantile.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using metrics::LogLinear;
using metrics::LogLinearCounts;
using metrics::LogLinearLayout;

class LogLinearTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bucketsFollowEachOtherWithoutGaps() {
        for (std::size_t i = 0; i < LogLinearLayout::kBuckets; ++i) {
            const std::uint64_t low = LogLinearLayout::lowest(i);
            const std::uint64_t high = LogLinearLayout::lowest(i + 1) - 1;
            QCOMPARE(LogLinearLayout::index(low), i);
            QCOMPARE(LogLinearLayout::index(high), i);
        }
        QCOMPARE(LogLinearLayout::index(0), std::size_t{0});
        QCOMPARE(LogLinearLayout::index(std::numeric_limits<std::uint64_t>::max()),
                 LogLinearLayout::kBuckets - 1);
    }
    void everyValueIsReportedWithinOnePerCent() {
        std::mt19937_64 random(20261120);
        std::uniform_real_distribution<double> exponent(0, 43);
        for (int i = 0; i < 200'000; ++i) {
            const auto nanos = static_cast<std::uint64_t>(std::exp2(exponent(random)));
            const double reported = LogLinearLayout::middle(LogLinearLayout::index(nanos));
            QVERIFY(std::fabs(reported - static_cast<double>(nanos)) <= 0.01 * static_cast<double>(nanos));
        }
    }
    void percentilesAreThoseOfTheSortedValues() {
        LogLinear recorder;
        std::mt19937_64 random(7);
        std::lognormal_distribution<double> spread(13, 2); // around 0.4 ms, with a long tail
        std::vector<double> values;
        for (int i = 0; i < 50'000; ++i) {
            const auto nanos = static_cast<core::Nanos::rep>(spread(random));
            recorder.record(core::Nanos(nanos));
            values.push_back(static_cast<double>(nanos) * 1e-9);
        }
        std::sort(values.begin(), values.end());
        const LogLinearCounts counts = recorder.counts();
        for (const double q : {0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
            const auto rank = static_cast<std::size_t>(std::ceil(q * 50'000)) - 1;
            QVERIFY2(std::fabs(counts.quantile(q) - values[rank]) <= 0.01 * values[rank],
                     qPrintable(QString::number(q)));
        }
        QCOMPARE(counts.count(), std::uint64_t{50'000});
    }
    void nothingRecordedHasNoPercentile() {
        QVERIFY(std::isnan(LogLinearCounts().quantile(0.5)));
        LogLinear recorder;
        recorder.record(-5ns);
        QCOMPARE(recorder.counts().quantile(0.5), 0.0);
    }
    void mergedCountsAreThoseOfBoth() {
        LogLinear one;
        LogLinear two;
        for (int i = 0; i < 100; ++i) {
            one.record(1ms);
            two.record(1s);
        }
        LogLinearCounts all = one.counts();
        all.merge(two.counts());
        QCOMPARE(all.count(), std::uint64_t{200});
        QVERIFY(std::fabs(all.quantile(0.25) - 0.001) < 0.00001);
        QVERIFY(std::fabs(all.quantile(0.75) - 1.0) < 0.01);
    }
    void threadsLoseNothing() {
        LogLinear recorder;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 70; ++i) {
                threads.emplace_back([&recorder] {
                    for (int n = 0; n < 1000; ++n) {
                        recorder.record(core::Nanos(n));
                    }
                });
            }
        }
        QCOMPARE(recorder.counts().count(), std::uint64_t{70'000});
    }
    void whatIsOlderThanTheWindowIsForgotten() {
        LogLinear recorder;
        metrics::SlidingWindow window(recorder, 5min, 10);
        core::SteadyTime now{};
        recorder.record(9s); // before the first look: recent
        QCOMPARE(window.recent(now).count(), std::uint64_t{1});
        for (int second = 1; second <= 299; ++second) {
            now += 1s;
            recorder.record(1ms);
            static_cast<void>(window.recent(now));
        }
        QCOMPARE(window.recent(now).count(), std::uint64_t{300});
        for (int second = 0; second < 400; ++second) {
            now += 1s;
            static_cast<void>(window.recent(now));
        }
        QCOMPARE(window.recent(now).count(), std::uint64_t{0});
        recorder.record(2ms);
        QCOMPARE(window.recent(now).count(), std::uint64_t{1});
    }
    void aWindowCoversAtLeastItsLengthAndAtMostASliceMore() {
        LogLinear recorder;
        metrics::SlidingWindow window(recorder, 5min, 10);
        core::SteadyTime now{};
        static_cast<void>(window.recent(now));
        for (int second = 0; second < 3600; ++second) { // one value a second
            now += 1s;
            recorder.record(1ms);
            const std::uint64_t count = window.recent(now).count();
            QVERIFY(second < 330 || (count >= 300 && count <= 331));
        }
    }
    void fixedBucketsGivePrometheusQuantiles() {
        // Values of Prometheus 2.42's histogram_quantile over the same buckets.
        const std::vector<double> bounds{0.1, 0.5, 1};
        const std::vector<std::uint64_t> counts{10, 30, 40, 20};
        QCOMPARE(metrics::bucketQuantile(0.05, bounds, counts), 0.05);
        QCOMPARE(metrics::bucketQuantile(0.25, bounds, counts), 0.3);
        QCOMPARE(metrics::bucketQuantile(0.5, bounds, counts), 0.625);
        QCOMPARE(metrics::bucketQuantile(0.95, bounds, counts), 1.0);
        QCOMPARE(metrics::bucketQuantile(1.5, bounds, counts), std::numeric_limits<double>::infinity());
        QCOMPARE(metrics::bucketQuantile(-1, bounds, counts), -std::numeric_limits<double>::infinity());
        QVERIFY(std::isnan(metrics::bucketQuantile(0.5, bounds, std::vector<std::uint64_t>{0, 0, 0, 0})));
        QVERIFY(std::isnan(metrics::bucketQuantile(std::nan(""), bounds, counts)));
        QVERIFY(std::isnan(metrics::bucketQuantile(0.5, bounds, std::vector<std::uint64_t>{1})));
        QCOMPARE(
            metrics::bucketQuantile(0.5, std::vector<double>{-1, 0}, std::vector<std::uint64_t>{4, 0, 0}),
            -1.0);
    }
};

QTEST_GUILESS_MAIN(LogLinearTest)
#include "tst_log_linear.moc"

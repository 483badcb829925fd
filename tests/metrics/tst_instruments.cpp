#include "monitor/metrics/counter.h"
#include "monitor/metrics/gauge.h"
#include "monitor/metrics/histogram.h"
#include "monitor/metrics/thread_shard.h"

#include <QTest>

#include <array>
#include <atomic>
#include <barrier>
#include <cmath>
#include <limits>
#include <set>
#include <thread>
#include <vector>

namespace {

constexpr std::array kBounds{0.1, 0.5, 1.0};

// Runs `work` on `count` threads that are all alive at once.
template <class Work>
void onThreads(std::size_t count, Work work) {
    std::barrier together(static_cast<std::ptrdiff_t>(count));
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < count; ++i) {
        threads.emplace_back([&together, &work, i] {
            together.arrive_and_wait();
            work(i);
            together.arrive_and_wait();
        });
    }
}

} // namespace

class InstrumentsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void livingThreadsNeverShareAnOwnShard() {
        std::array<std::atomic<std::size_t>, 100> shards{};
        onThreads(shards.size(), [&](std::size_t i) { shards[i] = metrics::threadShard(); });
        std::set<std::size_t> own;
        std::size_t shared = 0;
        for (const auto& shard : shards) {
            if (shard == metrics::kSharedShard) {
                ++shared;
            } else {
                QVERIFY(own.insert(shard).second);
            }
        }
        QVERIFY(shared >= shards.size() - metrics::kThreadShards);
        QVERIFY(!own.empty());
    }
    void shardsAreGivenBackWhenThreadsEnd() {
        for (int i = 0; i < 500; ++i) {
            std::size_t shard = metrics::kSharedShard;
            std::jthread([&shard] { shard = metrics::threadShard(); }).join();
            QVERIFY(shard < metrics::kThreadShards);
        }
    }
    void counterLosesNothingWithMoreThreadsThanShards() {
        metrics::Counter counter;
        onThreads(80, [&](std::size_t) {
            for (int i = 0; i < 2000; ++i) {
                counter.inc();
            }
        });
        counter.inc(5);
        QCOMPARE(counter.value(), std::uint64_t{80 * 2000 + 5});
    }
    void returnsAreNeverAboveGrantsWhileBothGrow() {
        metrics::Counter grants;
        metrics::Counter returns;
        std::atomic<bool> stop{false};
        std::vector<std::jthread> borrowers;
        for (int i = 0; i < 4; ++i) {
            borrowers.emplace_back([&] {
                while (!stop) {
                    grants.inc();
                    returns.inc();
                }
            });
        }
        bool above = false;
        for (int i = 0; i < 20'000; ++i) {
            const std::uint64_t back = returns.value(); // first
            above = above || back > grants.value();
        }
        stop = true;
        borrowers.clear();
        QVERIFY(!above);
        QCOMPARE(returns.value(), grants.value());
    }
    void gaugeIsAbsentUntilSet() {
        metrics::Gauge gauge;
        QVERIFY(std::isnan(gauge.value()));
        gauge.set(2);
        gauge.add(0.5);
        QCOMPARE(gauge.value(), 2.5);
    }
    void boundsBelongToTheirBucket() {
        const metrics::Histogram histogram{kBounds};
        QCOMPARE(histogram.bucketOf(0.1), std::size_t{0});
        QCOMPARE(histogram.bucketOf(std::nextafter(0.1, 1)), std::size_t{1});
        QCOMPARE(histogram.bucketOf(1.0), std::size_t{2});
        QCOMPARE(histogram.bucketOf(1.1), std::size_t{3});
        QCOMPARE(histogram.bucketOf(std::numeric_limits<double>::infinity()), std::size_t{3});
        QCOMPARE(histogram.bucketOf(-1), std::size_t{0});
    }
    void durationsOnTheBoundCountAsWithin() {
        constexpr std::array kMillis{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0};
        metrics::Histogram histogram{kMillis};
        for (const int millis : {1, 5, 10, 50, 100, 500, 1000, 5000, 10000}) {
            histogram.observe(core::Millis(millis));
        }
        const metrics::HistogramValue value = histogram.value();
        for (std::size_t i = 0; i < kMillis.size(); ++i) {
            QCOMPARE(value.counts[i], std::uint64_t{1});
        }
        QCOMPARE(value.counts.back(), std::uint64_t{0});
    }
    void countIsTheSumOfTheBucketsAndNanIsIgnored() {
        metrics::Histogram histogram{kBounds};
        histogram.observe(0.25);
        histogram.observe(0.5);
        histogram.observe(7);
        histogram.observe(std::numeric_limits<double>::quiet_NaN());
        const metrics::HistogramValue value = histogram.value();
        QCOMPARE(value.counts, (std::vector<std::uint64_t>{0, 2, 0, 1}));
        QCOMPARE(value.count, std::uint64_t{3});
        QCOMPARE(value.sum, 7.75);
        QCOMPARE(value.bounds, std::vector<double>(kBounds.begin(), kBounds.end()));
    }
    void histogramLosesNothingWithMoreThreadsThanShards() {
        metrics::Histogram histogram{kBounds};
        onThreads(80, [&](std::size_t i) {
            for (int n = 0; n < 1000; ++n) {
                histogram.observe(i % 2 == 0 ? 0.25 : 2.0);
            }
        });
        const metrics::HistogramValue value = histogram.value();
        QCOMPARE(value.counts, (std::vector<std::uint64_t>{0, 40'000, 0, 40'000}));
        QCOMPARE(value.sum, 40'000 * 2.25);
    }
};

QTEST_GUILESS_MAIN(InstrumentsTest)
#include "tst_instruments.moc"

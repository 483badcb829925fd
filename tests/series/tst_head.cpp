// The past in memory: packing without loss, staleness, expiry, clocks that step back, readers beside a
// writer.
#include "monitor/series/breaks.h"
#include "monitor/series/head.h"
#include "monitor/series/own_reader.h"

#include <QRegularExpression>
#include <QTest>

#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <thread>

using metrics::MetricDef;
using series::Matcher;
using series::Sample;

namespace {

constexpr MetricDef kGauge{"g", metrics::Kind::Gauge, core::Unit::None, "", {}};
constexpr MetricDef kHistogram{"h_seconds", metrics::Kind::Histogram, core::Unit::Seconds, "", {}};
constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

metrics::Snapshot snapshotAt(std::int64_t second)
{
    metrics::Snapshot snapshot;
    snapshot.at = core::WallTime(std::chrono::seconds(second));
    return snapshot;
}

void tick(series::Head& head, std::int64_t second, double value, const metrics::Labels& labels = {})
{
    metrics::Snapshot snapshot = snapshotAt(second);
    metrics::SampleBuilder(snapshot).push(kGauge, value, labels);
    head.append(snapshot);
}

std::vector<Matcher> named(const char* name)
{
    return {Matcher::equal("__name__", name)};
}

} // namespace

class TstHead final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void everyBitComesBackFromAChunk()
    {
        std::mt19937_64 random(7);
        for (int round = 0; round < 200; ++round) {
            series::Chunk chunk;
            std::vector<Sample> written;
            std::int64_t at = static_cast<std::int64_t>(random() % 2'000'000'000'000);
            double value = 0;
            while (!chunk.full()) {
                const auto kind = random() % 8;
                at += kind == 0 ? static_cast<std::int64_t>(random() % 100'000'000'000) + 1
                                : 1000 + static_cast<std::int64_t>(random() % 3) - (kind == 1 ? 900 : 0);
                value = kind < 3   ? value
                        : kind < 5 ? value + 1
                                   : std::bit_cast<double>(static_cast<std::uint64_t>(random()));
                value = kind == 7 ? series::staleMarker() : value;
                chunk.append({at, value});
                written.push_back({at, value});
            }
            std::vector<Sample> read;
            chunk.read(0, kForever, read);
            QCOMPARE(read.size(), written.size());
            for (std::size_t i = 0; i < read.size(); ++i) {
                QCOMPARE(read[i].at, written[i].at);
                QCOMPARE(std::bit_cast<std::uint64_t>(read[i].value),
                         std::bit_cast<std::uint64_t>(written[i].value));
            }
        }
    }

    void bothEndsOfARangeAreIncluded()
    {
        series::Head head;
        for (int i = 0; i < 500; ++i) {
            tick(head, i, i);
        }
        const auto found = head.select(named("g"), 100'000, 350'000);
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].samples.size(), std::size_t{251});
        QCOMPARE(found[0].samples.front().value, 100.0);
        QCOMPARE(found[0].samples.back().value, 350.0);
        QCOMPARE(head.latest(named("g"), 0, 123'500).at(0).sample.value, 123.0);
        QCOMPARE(head.latest(named("g"), 600'000, 700'000).size(), std::size_t{0});
    }

    void theEndsOfARangeAreThoseOfItsSamples()
    {
        std::mt19937_64 random(11);
        for (int round = 0; round < 20; ++round) {
            series::Head head;
            const std::int64_t begin = 1'000'000;
            const std::uint64_t falls = round % 4 == 0 ? 1'000'000 : 5 + random() % 400;
            double value = 0;
            for (std::int64_t second = 0; second < 500; ++second) {
                if (round % 3 == 1 && random() % 60 == 0) {
                    head.append(snapshotAt(begin + second)); // the series is missing: a stale marker
                    continue;
                }
                value = random() % falls == 0 ? 0 : value + static_cast<double>(random() % 3);
                tick(head, begin + second, value, {{"a", "b"}});
                second += random() % 90 == 0 ? 200 : 0;
            }
            for (int range = 0; range < 300; ++range) {
                const std::int64_t to =
                    (begin + static_cast<std::int64_t>(random() % 600)) * 1000 - (range % 5 == 0 ? 300 : 0);
                const std::int64_t from =
                    range % 50 == 0 ? 0 : to - static_cast<std::int64_t>(random() % 400'000);
                const auto fast = head.ends(named("g"), from, to);
                const auto slow = head.Reader::ends(named("g"), from, to);
                QCOMPARE(fast.size(), slow.size());
                for (std::size_t i = 0; i < fast.size(); ++i) {
                    QCOMPARE(*fast[i].labels, *slow[i].labels);
                    QCOMPARE(fast[i].count, slow[i].count);
                    QCOMPARE(fast[i].first.at, slow[i].first.at);
                    QCOMPARE(fast[i].first.value, slow[i].first.value);
                    QCOMPARE(fast[i].last.at, slow[i].last.at);
                    QCOMPARE(fast[i].last.value, slow[i].last.value);
                    QCOMPARE(fast[i].beforeFalls, slow[i].beforeFalls);
                }
            }
        }
    }

    void aHistogramBecomesCumulativeBuckets()
    {
        series::Head head;
        metrics::Snapshot snapshot = snapshotAt(1);
        auto histogram = std::make_shared<metrics::HistogramValue>();
        *histogram = {{0.1, 1, 10}, {1, 2, 3, 4}, {}, 10, 55.5};
        metrics::SampleBuilder(snapshot).push(kHistogram, histogram, {{"kind", "a"}});
        head.append(snapshot);
        const auto value = [&](const char* name, const char* le) {
            std::vector<Matcher> matchers = named(name);
            matchers.push_back(Matcher::equal("le", le));
            return head.latest(matchers, 0, 1000).at(0).sample.value;
        };
        QCOMPARE(value("h_seconds_bucket", "0.1"), 1.0);
        QCOMPARE(value("h_seconds_bucket", "1.0"), 3.0);
        QCOMPARE(value("h_seconds_bucket", "10.0"), 6.0);
        QCOMPARE(value("h_seconds_bucket", "+Inf"), 10.0);
        QCOMPARE(value("h_seconds_count", ""), 10.0);
        QCOMPARE(value("h_seconds_sum", ""), 55.5);
        QCOMPARE(head.labelValues("le", named("h_seconds_bucket")).size(), std::size_t{4});
    }

    void aMissingSeriesEndsWithAStaleMarkerOnce()
    {
        series::Head head;
        tick(head, 1, 1, {{"a", "x"}});
        tick(head, 2, 1, {{"a", "y"}});
        tick(head, 3, 1, {{"a", "y"}});
        const std::vector<Matcher> matchers{Matcher::equal("a", "x")};
        const auto found = head.select(matchers, 0, kForever);
        QCOMPARE(found.at(0).samples.size(), std::size_t{2});
        QVERIFY(series::isStale(found[0].samples.back().value));
        QVERIFY(head.latest(matchers, 0, 3000).empty());
        QCOMPARE(head.latest(matchers, 0, 1500).size(), std::size_t{1});
    }

    void whereNobodyLookedAValueDoesNotLast()
    {
        series::Head head;
        tick(head, 1, 5);
        tick(head, 2, 6);
        head.interrupt(std::chrono::seconds(1));
        tick(head, 60, 7);
        const auto found = head.select({}, 0, 100'000'000'000'000);
        QCOMPARE(found.size(), std::size_t{1});
        const auto& samples = found[0].samples;
        QCOMPARE(samples.size(), std::size_t{4});
        QVERIFY(series::isStale(samples[2].value));
        QCOMPARE(samples[2].at, samples[1].at + 1'000);
        QCOMPARE(samples[3].value, 7.0);
    }

    void aSilenceEndsASeriesOnceAndAtItsOwnPace_data()
    {
        using Moments = std::vector<std::int64_t>;
        QTest::addColumn<Moments>("at");
        QTest::addColumn<std::int64_t>("until");
        QTest::addColumn<Moments>("ends");
        QTest::newRow("steady") << Moments{0, 1, 2, 3} << std::int64_t{0} << Moments{};
        QTest::newRow("one tick missed") << Moments{0, 1, 3, 4} << std::int64_t{0} << Moments{};
        QTest::newRow("a restart") << Moments{0, 1, 30, 31} << std::int64_t{0} << Moments{2};
        QTest::newRow("two restarts") << Moments{0, 1, 30, 31, 60, 61} << std::int64_t{0} << Moments{2, 32};
        QTest::newRow("a longer interval from here on") << Moments{0, 1, 2, 12, 22, 32} << std::int64_t{0} << Moments{};
        QTest::newRow("nothing to the end") << Moments{0, 1, 2} << std::int64_t{60} << Moments{3};
        QTest::newRow("the end is near") << Moments{0, 1, 2} << std::int64_t{4} << Moments{};
        QTest::newRow("one sample has no pace") << Moments{7} << std::int64_t{600} << Moments{};
        QTest::newRow("none") << Moments{} << std::int64_t{600} << Moments{};
    }
    void aSilenceEndsASeriesOnceAndAtItsOwnPace()
    {
        QFETCH(std::vector<std::int64_t>, at);
        QFETCH(std::int64_t, until);
        QFETCH(std::vector<std::int64_t>, ends);
        std::vector<series::Sample> samples;
        for (const std::int64_t second : at) {
            samples.push_back({second * 1'000, 1});
        }
        series::endAtBreaks(samples, 0, until * 1'000);
        std::vector<std::int64_t> found;
        for (const series::Sample& sample : samples) {
            if (series::isStale(sample.value)) {
                found.push_back(sample.at / 1'000);
            }
        }
        QCOMPARE(found, ends);
        QCOMPARE(samples.size(), at.size() + ends.size());
        const std::size_t before = samples.size();
        series::endAtBreaks(samples, 0, until * 1'000); // a silence that has its end gets no second one
        QCOMPARE(samples.size(), before);
    }

    void whatIsTooOldIsForgotten()
    {
        series::Head head({std::chrono::minutes(10), 100});
        for (int i = 0; i < 3600; ++i) {
            tick(head, i, i, i < 60 ? metrics::Labels{{"a", "gone"}} : metrics::Labels{});
        }
        QCOMPARE(head.stats().series, std::size_t{1});
        QVERIFY(head.stats().oldest >= 3599'000 - 600'000 - 240'000);
        QVERIFY(head.stats().samples <= 600 + 240);
    }

    void aClockThatStepsBackDropsTheFuture()
    {
        series::Head head;
        for (int i = 0; i < 1000; ++i) {
            tick(head, i, i);
        }
        tick(head, 500, -1);
        const auto found = head.select(named("g"), 0, kForever);
        QCOMPARE(found.at(0).samples.size(), std::size_t{501});
        QCOMPARE(found[0].samples.back().value, -1.0);
        QCOMPARE(head.stats().newest, std::int64_t{500'000});
    }

    void tooManySeriesAreRefusedAndCounted()
    {
        series::Head head({std::chrono::hours(1), 3});
        metrics::Snapshot snapshot = snapshotAt(1);
        metrics::SampleBuilder builder(snapshot);
        for (int i = 0; i < 10; ++i) {
            builder.push(kGauge, 1, {{"i", std::to_string(i)}});
        }
        head.append(snapshot);
        QCOMPARE(head.stats().series, std::size_t{3});
        QCOMPARE(head.stats().refusedSeries, std::uint64_t{7});
    }

    void twoHoursOfFourHundredSeriesFitInThirtyMegabytes()
    {
        series::Head head;
        std::mt19937 random(1);
        for (int second = 0; second < 7200; ++second) {
            metrics::Snapshot snapshot = snapshotAt(second);
            metrics::SampleBuilder builder(snapshot);
            for (int i = 0; i < 400; ++i) { // a quarter of them noise, the worst there is
                const double value = i % 4 == 0   ? static_cast<double>(random()) / 7
                                     : i % 4 == 1 ? second * i
                                                  : i;
                builder.push(kGauge, value, {{"i", std::to_string(i)}});
            }
            head.append(snapshot);
        }
        const auto stats = head.stats();
        QCOMPARE(stats.samples, std::size_t{7200 * 400});
        qInfo("%.1f bytes a sample, %.1f MB",
              static_cast<double>(stats.chunkBytes) / static_cast<double>(stats.samples),
              static_cast<double>(stats.chunkBytes) / 1e6);
        QVERIFY(stats.chunkBytes < 30'000'000);
    }

    void matchersAreAnchoredAndBounded()
    {
        const auto make = [](series::MatchOp op, const char* value) { return Matcher::make(op, "a", value); };
        QVERIFY(make(series::MatchOp::Regex, "b|c")->matches("b"));
        QVERIFY(!make(series::MatchOp::Regex, "b|c")->matches("bc"));
        QVERIFY(make(series::MatchOp::NotRegex, "b.*")->matches("ab"));
        QVERIFY(make(series::MatchOp::NotEqual, "b")->matches(""));
        QVERIFY(!make(series::MatchOp::Regex, "("));
        QVERIFY(!make(series::MatchOp::Regex, "((a{1000}){1000}){1000}"));
        QVERIFY(!make(series::MatchOp::Regex, "(a*)*b")
                     ->matches(std::string(100'000, 'a'))); // linear, not exponential
    }

    void readersBesideAWriterSeeWholeTicks()
    {
        series::Head head({std::chrono::minutes(5), 100});
        std::atomic<bool> done{false};
        std::atomic<int> wrong{0};
        const auto read = [&] {
            while (!done.load()) {
                for (const auto& data : head.select(named("g"), 0, kForever)) {
                    for (std::size_t i = 1; i < data.samples.size(); ++i) {
                        wrong += data.samples[i].at <= data.samples[i - 1].at ||
                                         data.samples[i].value != static_cast<double>(data.samples[i].at)
                                     ? 1
                                     : 0;
                    }
                }
                (void)head.latest(named("g"), 0, kForever);
                (void)head.stats();
            }
        };
        std::jthread first(read);
        std::jthread second(read);
        for (int i = 0; i < 2000; ++i) {
            tick(head, i, i * 1000.0);
        }
        done = true;
        first.join();
        second.join();
        QCOMPARE(wrong.load(), 0);
    }

    void whatTargetsTellUnderOurNamesIsLeftOut()
    {
        series::Head head;
        const std::vector<series::NamedSample> samples{{{{"__name__", "g"}}, 1},
                                                       {{{"__name__", "g"}, {"target", "shop"}}, 2},
                                                       {{{"__name__", "target_up"}, {"target", "shop"}}, 3}};
        QCOMPARE(head.append(1000, samples), std::size_t{0});
        const series::OwnReader own(head);
        QCOMPARE(head.latest(named("g"), 0, 2000).size(), std::size_t{2});
        QCOMPARE(own.latest(named("g"), 0, 2000).size(), std::size_t{1});
        QCOMPARE(own.latest(named("g"), 0, 2000).front().sample.value, 1.0);
        QCOMPARE(own.select(named("g"), 0, 2000).size(), std::size_t{1});
        QCOMPARE(own.latest(named("target_up"), 0, 2000).size(), std::size_t{1}); // is about targets
        std::vector<Matcher> asked{Matcher::equal("__name__", "g"), Matcher::equal("target", "shop")};
        QCOMPARE(own.latest(asked, 0, 2000).size(), std::size_t{1}); // was asked for
    }

    void roomIsLeftForOthers()
    {
        series::Head head(series::HeadOptions{.maxSeries = 10});
        std::vector<series::NamedSample> many;
        for (int i = 0; i < 12; ++i) {
            many.push_back({{{"__name__", "x"}, {"i", std::to_string(i)}}, 1});
        }
        QCOMPARE(head.append(1000, many, 4), std::size_t{6});
        QCOMPARE(head.stats().series, std::size_t{6});
        QCOMPARE(head.append(2000, many), std::size_t{2});
        QCOMPARE(head.append(3000, many, 9), std::size_t{2}); // those that are there stay
        head.setMaxSeries(11);
        QCOMPARE(head.append(4000, many), std::size_t{1});
        head.setMaxSeries(3);
        QCOMPARE(head.append(5000, many), std::size_t{1});
        QCOMPARE(head.stats().series, std::size_t{11});
    }
};

QTEST_GUILESS_MAIN(TstHead)
#include "tst_head.moc"

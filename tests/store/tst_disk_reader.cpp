// Reading the history: the samples as they were, roll-ups that lead to the same, spikes that survive, memory
// and disk as one.
#include "monitor/promql/querier.h"
#include "monitor/series/merged_reader.h"
#include "monitor/store/disk_reader.h"
#include "monitor/store/level_plan.h"
#include "monitor/store/write_session.h"
#include "tests/store/ticks.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <algorithm>
#include <cmath>
#include <memory>
#include <thread>

using series::Matcher;
using series::Sample;
using store::Level;
using store::Segment;
using support::kStart;
using support::labelsOf;
using support::tickAt;

namespace {

const auto kGauge = labelsOf("g", {{"pool", "main"}});
const auto kCounter = labelsOf("c_total");

std::vector<Matcher> named(const char* name)
{
    return {Matcher::equal("__name__", name)};
}

// A gauge with one second's spike, and a counter that begins anew every 5,000 s.
double gaugeAt(std::int64_t second)
{
    return second == 40'000 ? 1000 : std::sin(static_cast<double>(second) / 900);
}
double counterAt(std::int64_t second)
{
    return static_cast<double>(second % 5'000) * 3;
}

store::TickSamples tick(std::int64_t second)
{
    return tickAt(kStart + second * 1000, {{kGauge, gaugeAt(second)}, {kCounter, counterAt(second)}});
}

std::vector<series::NamedSample> namedTick(std::int64_t second)
{
    return {{*kGauge, gaugeAt(second)}, {*kCounter, counterAt(second)}};
}

std::vector<double> valuesOf(const core::Result<std::vector<metrics::PointSeries>>& answer)
{
    std::vector<double> values;
    if (answer && answer->size() == 1) {
        for (const metrics::Point& point : answer->front().points) {
            values.push_back(point.value);
        }
    }
    return values;
}

} // namespace

class TstDiskReader final : public QObject {
    Q_OBJECT

    static constexpr std::int64_t kSeconds = 100'000; // more than a day
    std::unique_ptr<QTemporaryDir> m_folder;
    store::StoreOptions m_options;
    std::unique_ptr<store::DiskReader> m_reader;
    series::Head m_all{
        {std::chrono::hours(100), 100}}; // the same in memory: what the answers are held against

    static std::int64_t at(std::int64_t second) { return kStart + second * 1000; }
    std::size_t countOf(const series::Use& use, std::int64_t from, std::int64_t to) const
    {
        const auto found = m_reader->sampled(named("g"), from, to, use);
        return found.empty() ? 0 : found.front().samples.size();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));
        m_folder = std::make_unique<QTemporaryDir>();
        m_options.file = std::filesystem::path(m_folder->path().toStdString()) / "history.db";
        store::WriteSession session(m_options);
        std::vector<store::TickSamples> ticks;
        for (std::int64_t second = 0; second < kSeconds; ++second) {
            ticks.push_back(tick(second));
            m_all.append(at(second), namedTick(second));
        }
        session.write(ticks);
        session.close();
        m_reader = std::make_unique<store::DiskReader>(m_options.file);
    }
    void cleanupTestCase() { m_reader.reset(); }

    void whatWasWrittenIsRead()
    {
        const auto found = m_reader->select(named("g"), at(700), at(1900));
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(*found[0].labels, *kGauge);
        QCOMPARE(found[0].samples.size(), std::size_t{1201});
        for (std::size_t i = 0; i < found[0].samples.size(); ++i) {
            QCOMPARE(found[0].samples[i].at, at(700 + static_cast<std::int64_t>(i)));
            QCOMPARE(found[0].samples[i].value, gaugeAt(700 + static_cast<std::int64_t>(i)));
        }
        QCOMPARE(m_reader->latest(named("c_total"), at(100), at(777)).at(0).sample.value, counterAt(777));
        QCOMPARE(m_reader->list({}, 0, at(kSeconds)).size(), std::size_t{2});
        QCOMPARE(m_reader->list({}, 0, kStart - 1).size(), std::size_t{0});
        QCOMPARE(m_reader->labelNames({}), (std::vector<std::string>{"__name__", "pool"}));
        QCOMPARE(m_reader->labelValues("pool", {}), (std::vector<std::string>{"main"}));
    }

    void theResolutionFollowsTheStep()
    {
        const auto value = [&](std::int64_t step) {
            return countOf({series::Use::Kind::Value, at(0), at(72'000), step * 1000, 0}, at(0), at(72'000));
        };
        QCOMPARE(value(1), std::size_t{72'001});
        QVERIFY(value(60) < 1300);
        QVERIFY(value(600) <= 130);
        QVERIFY(value(3600) <= 90);
        QCOMPARE(countOf({series::Use::Kind::Exact, at(0), at(72'000), 3'600'000, 0}, at(0), at(72'000)),
                 std::size_t{72'001});
    }

    void aRateOverRollUpsIsTheRateOfTheSamples_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<int>("step");
        for (const int step : {60, 300, 1200, 3600, 7200}) {
            for (const char* range : {"10m", "1h", "3h", "6h"}) {
                QTest::addRow("rate %s every %d s", range, step)
                    << QStringLiteral("rate(c_total[%1])").arg(QLatin1String(range)) << step;
            }
        }
        QTest::addRow("increase") << QStringLiteral("increase(c_total[6h])") << 7200;
    }
    void aRateOverRollUpsIsTheRateOfTheSamples()
    {
        QFETCH(QString, expression);
        QFETCH(int, step);
        const promql::Querier disk(*m_reader);
        const promql::Querier memory(m_all);
        const auto range = [&](const promql::Querier& querier) {
            return valuesOf(
                querier.range(expression.toStdString(), at(22'000), at(kSeconds - 4000), step * 1000));
        };
        const auto found = range(disk);
        const auto wanted = range(memory);
        QCOMPARE(found.size(), wanted.size());
        QVERIFY(!wanted.empty());
        for (std::size_t i = 0; i < found.size(); ++i) {
            QVERIFY2(std::abs(found[i] - wanted[i]) <= 0.03 * wanted[i],
                     qPrintable(QStringLiteral("%1 is not %2").arg(found[i]).arg(wanted[i])));
        }
    }

    void extremesOverWindowsSurvive()
    {
        const promql::Querier disk(*m_reader);
        const auto highest = valuesOf(disk.range("max_over_time(g[2h])", at(7'200), at(90'000), 3'600'000));
        QCOMPARE(*std::max_element(highest.begin(), highest.end()), 1000.0);
        const auto lowest = valuesOf(disk.range("min_over_time(g[2h])", at(7'200), at(90'000), 3'600'000));
        QVERIFY(*std::min_element(lowest.begin(), lowest.end()) < -0.999);
        const promql::Querier memory(m_all);
        const auto mean = valuesOf(disk.range("avg_over_time(g[2h])", at(7'200), at(90'000), 3'600'000));
        const auto wanted = valuesOf(memory.range("avg_over_time(g[2h])", at(7'200), at(90'000), 3'600'000));
        QCOMPARE(mean.size(), wanted.size());
        for (std::size_t i = 0; i < mean.size(); ++i) {
            QVERIFY(std::abs(mean[i] - wanted[i]) < 0.05);
        }
    }

    void aSpikeOfOneSecondIsSeenWhateverTheRange()
    {
        for (const std::size_t columns : {1'000U, 300U, 100U, 20U, 1U}) {
            const series::ColumnGrid grid{at(0), at(99'000), columns};
            const auto found = m_reader->envelopeOf(named("g"), grid);
            QCOMPARE(found.size(), std::size_t{1});
            std::int64_t count = 0;
            double highest = 0;
            for (const auto& column : found[0].columns) {
                count += column.count;
                highest = std::max(highest, column.count > 0 ? column.max : 0);
            }
            QCOMPARE(highest, 1000.0);
            QCOMPARE(count, 99'000);
        }
    }

    // A counter that grows by one a second, and by 5,000 within one of them.
    void aBurstOfOneSecondIsSeenInARateWhateverTheRange()
    {
        const QTemporaryDir folder;
        store::StoreOptions options;
        options.file = std::filesystem::path(folder.path().toStdString()) / "history.db";
        const auto burst = labelsOf("burst_total", {{"pool", "main"}});
        const auto calm = labelsOf("burst_total", {{"pool", "other"}});
        constexpr std::int64_t kLength = 30'000;
        constexpr std::int64_t kAt = 17'399; // the last second of a minute: its five seconds reach into the next
        {
            store::WriteSession session(options);
            for (std::int64_t second = 0; second < kLength; ++second) {
                const double count = static_cast<double>(second >= kAt ? 5'000 : 7);
                const std::array ticks{tickAt(at(second), {{burst, count}, {calm, 3}})};
                session.write(ticks);
            }
            session.close();
        }
        const store::DiskReader reader(options.file);
        const promql::Querier disk(reader);
        for (const std::int64_t step : {30'000, 100'000, 900'000, 7'200'000, 30'000'000}) {
            for (const char* text : {"sum(rate(burst_total[5m]))", "rate(burst_total{pool=\"main\"}[5m])"}) {
                const auto found = disk.extremes({}, text, {at(0), at(kLength), step});
                QVERIFY(found && found->size() == 1);
                double highest = 0;
                int high = 0;
                for (const metrics::Extremes& one : found->front().steps) {
                    highest = std::max(highest, one.max);
                    high += one.max > 900 ? 1 : 0;
                }
                QCOMPARE(highest, 4'993.0 / 5);
                QVERIFY(high <= 2);
            }
        }
    }

    void aShortRestartIsAGap()
    {
        const QTemporaryDir folder;
        store::StoreOptions options;
        options.file = std::filesystem::path(folder.path().toStdString()) / "history.db";
        for (const auto& [from, to] : {std::pair{0, 100}, std::pair{140, 200}}) {
            store::WriteSession session(options);
            for (std::int64_t second = from; second < to; ++second) {
                const std::array ticks{tickAt(at(second), {{kGauge, 1}})};
                session.write(ticks);
            }
            session.close();
        }
        const store::DiskReader reader(options.file);
        const promql::Querier disk(reader);
        const auto found = disk.range("g", at(90), at(150), 1'000);
        QVERIFY(found && found->size() == 1);
        const auto& points = found->front().points;
        QCOMPARE(points.size(), std::size_t{21}); // 90 … 99 and 140 … 150
        QCOMPARE(points.at(9).at, at(99));
        QCOMPARE(points.at(10).at, at(140));
        QCOMPARE(reader.select(named("g"), at(90), at(150)).at(0).samples.size(), std::size_t{21}); // as written
    }

    void memoryAndDiskAreOne()
    {
        // The head knows the last two hours and 17 s.
        series::Head head;
        for (std::int64_t second = kSeconds - 7'217; second < kSeconds; ++second) {
            head.append(at(second), namedTick(second));
        }
        const series::MergedReader merged(head, *m_reader);
        const auto all = merged.select(named("g"), at(kSeconds - 20'000), at(kSeconds));
        QCOMPARE(all.size(), std::size_t{1});
        QCOMPARE(all[0].samples.size(), std::size_t{20'000});
        for (std::size_t i = 1; i < all[0].samples.size(); ++i) {
            QCOMPARE(all[0].samples[i].at - all[0].samples[i - 1].at, 1000);
        }
        const promql::Querier disk(merged);
        const promql::Querier memory(m_all);
        for (const char* expression : {"g", "rate(c_total[30m])", "sum(g) + 1", "max_over_time(g[1h])"}) {
            for (const int step : {15, 61, 600, 1800, 3700}) {
                const auto found =
                    valuesOf(disk.range(expression, at(kSeconds - 30'000), at(kSeconds), step * 1000));
                const auto wanted =
                    valuesOf(memory.range(expression, at(kSeconds - 30'000), at(kSeconds), step * 1000));
                QCOMPARE(found.size(), wanted.size());
                for (std::size_t i = 0; i < found.size(); ++i) {
                    const double tolerance = std::string_view(expression).starts_with("rate")
                                                 ? 0.05 * wanted[i]
                                                 : 4.0 * step / 900 + 0.01;
                    QVERIFY2(std::abs(found[i] - wanted[i]) <= tolerance,
                             qPrintable(QStringLiteral("%1 every %2 s: %3 is not %4")
                                            .arg(QLatin1String(expression))
                                            .arg(step)
                                            .arg(found[i])
                                            .arg(wanted[i])));
                }
            }
        }
        const series::ColumnGrid grid{at(kSeconds - 80'000), at(kSeconds), 777};
        std::int64_t count = 0;
        const auto envelopes = merged.envelopeOf(named("g"), grid);
        for (const auto& column : envelopes.at(0).columns) {
            count += column.count;
        }
        QVERIFY(count >= 80'000 && count < 80'060); // the first bucket may begin before the range
        QCOMPARE(merged.latest(named("g"), at(5'000), at(6'000)).at(0).sample.at, at(6'000));
        QCOMPARE(merged.list(named("g"), at(0), at(kSeconds)).size(), std::size_t{1});
    }

    void theHeadTakesItsPastBack()
    {
        series::Head head;
        for (std::int64_t second = kSeconds; second < kSeconds + 10; ++second) {
            head.append(at(second), namedTick(second));
        }
        QCOMPARE(head.completeFrom(), at(kSeconds));
        head.adoptPast(m_reader->select(named("g"), at(kSeconds - 3'600), at(kSeconds + 5)));
        head.adoptPast(m_reader->select(named("c_total"), at(kSeconds - 3'600), at(kSeconds + 5)));
        head.pastIsComplete(at(kSeconds - 3'600));
        QCOMPARE(head.completeFrom(), at(kSeconds - 3'600));
        const auto found = head.select(named("g"), at(kSeconds - 5'000), at(kSeconds + 100));
        QCOMPARE(found.at(0).samples.size(), std::size_t{3'610});
        QVERIFY(std::is_sorted(found[0].samples.begin(), found[0].samples.end(),
                               [](const Sample& a, const Sample& b) { return a.at < b.at; }));
        head.append(at(kSeconds + 10), namedTick(kSeconds + 10));
        QCOMPARE(head.select(named("g"), 0, at(kSeconds + 100)).at(0).samples.size(), std::size_t{3'611});
        QCOMPARE(head.select(named("c_total"), 0, at(kSeconds + 100)).at(0).samples.size(),
                 std::size_t{3'611});
        head.adoptPast(m_reader->select({}, at(kSeconds - 3'600), at(kSeconds - 1))); // it has a past already
        QCOMPARE(head.select(named("g"), 0, at(kSeconds + 100)).at(0).samples.size(), std::size_t{3'611});
    }

    void whatIsGoneFromAFineLevelIsToldByACoarserOne()
    {
        const store::Coverage coverage{9'000'000, 3'600'000, 1'000, 20'000'000};
        const std::vector<Segment> wanted{{Level::Hour, 0, 3'599'999},
                                          {Level::TenMinutes, 3'600'000, 3'599'999 + 5'400'000},
                                          {Level::Raw, 9'000'000, 15'000'000}};
        const auto plan = store::planLevels(0, 15'000'000, Level::Raw, coverage);
        std::int64_t next = 0;
        for (const Segment& segment : plan) {
            QCOMPARE(segment.from, next);
            QVERIFY(segment.to >= segment.from);
            next = segment.to + 1;
        }
        QCOMPARE(next, 15'000'001);
        QCOMPARE(plan.front(), wanted.front());
        QCOMPARE(plan.back(), wanted.back());
        // A bucket that reaches beyond the end is told in finer ones.
        const auto hours = store::planLevels(0, 15'000'000, Level::Hour, {1, 1, 1, 20'000'000});
        QCOMPARE(hours, (std::vector<Segment>{{Level::Hour, 0, 14'399'999},
                                              {Level::TenMinutes, 14'400'000, 14'999'999},
                                              {Level::Raw, 15'000'000, 15'000'000}}));
        // All began in the middle of an hour: the samples say more than their hour.
        QCOMPARE(
            store::planLevels(3'600'000, 9'000'000, Level::Raw, {5'400'000, 5'400'000, 3'600'000, 8'000'000}),
            (std::vector<Segment>{{Level::Raw, 3'600'000, 8'000'000}}));
        QVERIFY(store::planLevels(0, 100, Level::Raw, {}).empty());
        QVERIFY(store::planLevels(200, 100, Level::Raw, coverage).empty());
    }

    void manyThreadsMayAskAndNobodyHangsAtTheEnd()
    {
        auto reader = std::make_unique<store::DiskReader>(m_options.file);
        std::vector<std::jthread> threads;
        std::atomic<int> answers{0};
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int round = 0; round < 5; ++round) {
                    answers += reader->select(named("g"), at(0), at(600)).size() == 1 ? 1 : 0;
                }
            });
        }
        threads.clear();
        QCOMPARE(answers.load(), 20);
        reader->stop();
        QVERIFY(reader->select(named("g"), at(0), at(600)).empty());
        const store::DiskReader none(std::filesystem::path(m_folder->path().toStdString()) / "none.db");
        QVERIFY(none.select(named("g"), at(0), at(600)).empty());
    }

    void tooMuchIsRefusedAndSaidSo()
    {
        const promql::Querier disk(*m_reader);
        QVERIFY(disk.instant("count_over_time(g[1d])", at(kSeconds)));
        promql::EvalOptions small;
        small.maxSamples = 1000;
        const promql::Querier narrow(*m_reader, small);
        const auto refused = narrow.instant("stddev_over_time(g[1d])", at(kSeconds));
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("too many samples") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TstDiskReader)
#include "tst_disk_reader.moc"

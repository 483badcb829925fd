// Charts over a real history on disk: 90 days, most of them kept as roll-ups only.
#include "monitor/promql/querier.h"
#include "monitor/series/merged_reader.h"
#include "monitor/store/disk_reader.h"
#include "monitor/store/write_session.h"
#include "tests/store/ticks.h"
#include "widgets/charts/chart_group.h"
#include "widgets/charts/past_buckets.h"

#include <QImage>
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>

#include <cmath>
#include <memory>

using support::kStart;
using widgets::ChartGroup;
using widgets::ChartWidget;

namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kTick = 2 * kMinute;
constexpr std::int64_t kDay = 24 * 60 * kMinute;
constexpr std::int64_t kEnd = kStart + 90 * kDay;
constexpr std::int64_t kSpike = kStart + 23 * kDay + 7 * kMinute + 11'000; // its samples are long gone
const auto kTaken = support::labelsOf("taken", {{"pool", "a"}});
const auto kOther = support::labelsOf("taken", {{"pool", "b"}});
const auto kCount = support::labelsOf("borrowed_total");
// Of ten observations a minute six are at most 10 ms long, three at most 100 ms, one is longer.
const auto kShort = support::labelsOf("lat_bucket", {{"le", "0.01"}});
const auto kMiddle = support::labelsOf("lat_bucket", {{"le", "0.1"}});
const auto kAny = support::labelsOf("lat_bucket", {{"le", "+Inf"}});

// Every other minute, and around the spike every second.
void fill(store::WriteSession& session)
{
    std::vector<store::TickSamples> ticks;
    double count = 0;
    const auto tick = [&](std::int64_t at) {
        const double other = 3 + std::sin(static_cast<double>(at));
        const auto minutes = static_cast<double>((at - kStart) / kMinute);
        ticks.push_back(support::tickAt(at, {{kTaken, at == kSpike ? 30.0 : 2.0},
                                             {kOther, other},
                                             {kCount, count},
                                             {kShort, 6 * minutes},
                                             {kMiddle, 9 * minutes},
                                             {kAny, 10 * minutes}}));
        count += at == kSpike ? 90'000 : 60;
    };
    for (std::int64_t at = kStart; at < kEnd; at += kTick) {
        tick(at);
        for (std::int64_t fine = at + 1000; at <= kSpike && kSpike < at + kTick && fine < at + kTick;
             fine += 1000) {
            tick(fine);
        }
        if (ticks.size() >= 720) {
            session.write(ticks);
            ticks.clear();
        }
    }
    session.write(ticks);
}

struct Page {
    Page(const metrics::Querier& querier, widgets::Feed feed)
        : chart(new ChartWidget({"Chart", core::Unit::None, {}, {{"series"}}}, &window))
        , group(&querier)
    {
        window.resize(800, 300);
        auto* column = new QVBoxLayout(&window);
        column->addWidget(chart);
        group.add(chart, {std::move(feed)});
        window.show();
        group.setActivity(ChartGroup::Activity::Shown);
        auto snapshot = std::make_shared<metrics::Snapshot>();
        snapshot->tick = 1;
        snapshot->at = core::WallTime(core::Millis(kEnd));
        snapshot->interval = std::chrono::seconds(1);
        group.showSnapshot(snapshot);
    }
    bool open(std::int64_t from, std::int64_t to)
    {
        QSignalSpy loaded(&group, &ChartGroup::loaded);
        group.setTimeRange({std::chrono::milliseconds(to - from), true, to, true});
        return loaded.count() > 0 || loaded.wait(30'000);
    }
    [[nodiscard]] widgets::ColumnPoint highest() const
    {
        widgets::ColumnPoint highest{0, -1};
        for (const widgets::ColumnPoint& point : chart->drawnPoints(0)) {
            highest = point.value > highest.value ? point : highest;
        }
        return highest;
    }
    QWidget window;
    ChartWidget* chart;
    ChartGroup group;
};

} // namespace

class ChartHistoryTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<store::DiskReader> m_disk;
    series::Head m_head;
    std::unique_ptr<series::MergedReader> m_merged;
    std::unique_ptr<promql::Querier> m_querier;

private Q_SLOTS:
    void initTestCase()
    {
        store::StoreOptions options;
        options.file = std::filesystem::path(m_folder.path().toStdString()) / "history.db";
        {
            store::WriteSession session(options);
            fill(session);
            session.close();
        }
        m_disk = std::make_unique<store::DiskReader>(options.file);
        m_merged = std::make_unique<series::MergedReader>(m_head, *m_disk);
        m_querier = std::make_unique<promql::Querier>(*m_merged);
    }
    void aSpikeOfASecondInNinetyDaysIsDrawn()
    {
        Page page(*m_querier, widgets::gauge("taken", {{"pool", "a"}}));
        QVERIFY(page.open(kStart, kEnd));
        const widgets::ColumnPoint highest = page.highest();
        QCOMPARE(highest.value, 30.0);
        QVERIFY(std::abs(highest.at - kSpike) < 4 * 60 * kMinute); // two of its pixels
        // And in pixels: a line stands there that reaches far above its neighbourhood.
        const QImage picture = page.chart->grab().toImage();
        const QPointF top = page.chart->pixelOf(highest.at, 30);
        const QPointF middle = page.chart->pixelOf(highest.at, 15);
        const QRgb line = widgets::Theme::of().seriesColor(0).rgb();
        const auto drawn = [&](int x, int y) {
            const QColor here = picture.pixelColor(x, y);
            const QColor wanted(line);
            return std::abs(here.red() - wanted.red()) + std::abs(here.green() - wanted.green()) +
                       std::abs(here.blue() - wanted.blue()) <
                   200;
        };
        int beside = 0;
        for (int dx = -2; dx <= 2; ++dx) {
            beside += drawn(qRound(middle.x()) + dx, qRound(middle.y())) ? 1 : 0;
        }
        QVERIFY(beside >= 1);
        QVERIFY(!drawn(qRound(middle.x()) + 20, qRound(middle.y())));
        QVERIFY(top.y() < middle.y());
    }
    void aSumReachesWhatItDidReach()
    {
        Page page(*m_querier, widgets::gaugeSum("taken"));
        QVERIFY(page.open(kStart, kEnd));
        QVERIFY(page.highest().value >= 30 + 2); // the other one was never lower
        QVERIFY(page.highest().value <= 30 + 4);
    }
    void aBurstOfACounterIsSeenInAWeek()
    {
        Page page(*m_querier, widgets::rateSum("borrowed_total"));
        QVERIFY(page.open(kSpike - 3 * kDay, kSpike + 4 * kDay));
        QVERIFY2(page.highest().value > 100,
                 qPrintable(QString::number(page.highest().value))); // 1 a second else
        QVERIFY(std::abs(page.highest().at - kSpike) < 20 * kMinute);
    }
    // 90,000 within one second of 90 days: over the five seconds of a rate.
    void aBurstOfACounterIsSeenInNinetyDays()
    {
        Page page(*m_querier, widgets::rateSum("borrowed_total"));
        QVERIFY(page.open(kStart, kEnd));
        QVERIFY2(std::abs(page.highest().value - 18'048) < 1, qPrintable(QString::number(page.highest().value)));
        QVERIFY(std::abs(page.highest().at - kSpike) < 4 * 60 * kMinute);
        QVERIFY(page.chart->model().marks.empty()); // nothing was reset
    }
    void aCounterThatBeganAnewLeavesAGapWithItsReason()
    {
        series::Head head;
        for (std::int64_t second = 0; second < 300; ++second) {
            const std::vector<series::NamedSample> samples{{*kCount, static_cast<double>(second < 200 ? 1000 + second : second - 200)}};
            head.append(kStart + second * 1'000, samples);
        }
        const promql::Querier querier(head);
        Page page(querier, widgets::rateSum("borrowed_total"));
        QVERIFY(page.open(kStart, kStart + 290'000));
        const auto at = [](std::int64_t second) { return kStart + second * 1'000; };
        QVERIFY(!page.chart->samples(0).all().empty());
        for (const metrics::Point& point : page.chart->samples(0).all()) {
            const bool across = point.at >= at(200) && point.at < at(205);
            QVERIFY2(std::isnan(point.value) || !across, qPrintable(QString::number(point.at - kStart)));
            QVERIFY(across || point.at < at(10) || std::abs(point.value - 1) < 0.01);
        }
        QCOMPARE(page.chart->model().marks.size(), std::size_t{1});
        QCOMPARE(page.chart->model().marks[0].at, at(200));
        QCOMPARE(page.chart->model().reasons.size(), std::size_t{1});
        QCOMPARE(page.chart->model().reasons[0].reason, QStringLiteral("counter reset"));
        QVERIFY(page.chart->model().reasons[0].from >= at(199) && page.chart->model().reasons[0].to >= at(205));
        QVERIFY(page.open(kStart + 210'000, kStart + 290'000));
        QVERIFY(page.chart->model().marks.empty());
    }
    void aResetIsSaidInLongRangesToo()
    {
        using Steps = metrics::ExtremesSeries;
        const std::vector<Steps> counters{{{}, {{0, 5, 9, 7}, {10, 9, 12, 10}, {20, 1, 4, 2}, {30, 4, 6, 5}}},
                                          {{}, {{0, 1, 1, 1}, {10, 1, 1, 1}, {20, 0, 3, 1}}}};
        QCOMPARE(widgets::resetsIn(counters, 10), (std::vector<widgets::Reset>{{20, 30}}));
        QVERIFY(widgets::resetsIn(std::vector<Steps>{}, 10).empty());
    }
    void theTableOfALongRangeHasARowAStep()
    {
        Page page(*m_querier, widgets::gauge("taken", {{"pool", "a"}}));
        QVERIFY(page.open(kStart, kEnd));
        const QList<QByteArray> lines = page.chart->csv().split('\n');
        QVERIFY2(lines.at(0).startsWith("time_utc,series_mean,series_min,series_max"), lines.at(0));
        QSet<QByteArray> moments;
        bool spike = false;
        for (qsizetype i = 1; i + 1 < lines.size(); ++i) {
            const QList<QByteArray> cells = lines.at(i).trimmed().split(',');
            QCOMPARE(cells.size(), 4);
            QVERIFY(!moments.contains(cells.at(0)));
            moments.insert(cells.at(0));
            QVERIFY(cells.at(2).toDouble() <= cells.at(1).toDouble() && cells.at(1).toDouble() <= cells.at(3).toDouble());
            spike = spike || cells.at(3).toDouble() == 30;
        }
        QVERIFY(spike);
        QVERIFY(moments.size() > 100);
        const qint64 step = page.chart->model().interval;
        QVERIFY(std::abs(moments.size() - kEnd / step + kStart / step) < 4);
    }
    void theMeanOfAStepIsNoMeanOfExtremes()
    {
        Page page(*m_querier, widgets::gauge("taken", {{"pool", "a"}}));
        QVERIFY(page.open(kStart, kEnd));
        double highest = 0;
        for (const metrics::Point& mean : page.chart->means(0).all()) {
            highest = std::max(highest, mean.value);
        }
        QVERIFY(highest > 2);
        QVERIFY(highest < 2.5);
    }
    void aHistogramOfThePastComesFromItsCounters_data()
    {
        QTest::addColumn<qint64>("from");
        QTest::addColumn<qint64>("to");
        QTest::newRow("ten days of a month ago") << qint64(kStart + 50 * kDay) << qint64(kStart + 60 * kDay);
        QTest::newRow("six hours of the last day") << qint64(kEnd - kDay / 2) << qint64(kEnd - kDay / 4);
        QTest::newRow("all of it") << qint64(kStart + kDay) << qint64(kEnd - kDay / 10);
    }
    void aHistogramOfThePastComesFromItsCounters()
    {
        QFETCH(qint64, from);
        QFETCH(qint64, to);
        widgets::PastBuckets buckets(m_querier.get(), {"lat", "nothing"});
        QSignalSpy arrived(&buckets, &widgets::PastBuckets::arrived);
        buckets.load(from, to);
        QTRY_VERIFY(!buckets.of(0).columns.empty());
        QVERIFY(arrived.count() >= 1);
        const widgets::HistogramBars bars = buckets.of(0).bars();
        QCOMPARE(bars.bounds, (std::vector<double>{0.01, 0.1}));
        const double total = 10.0 * static_cast<double>((to - from) / kMinute);
        QVERIFY2(std::abs(static_cast<double>(bars.total()) - total) < 0.03 * total,
                 qPrintable(QStringLiteral("%1 of %2").arg(bars.total()).arg(total)));
        QVERIFY(std::abs(static_cast<double>(bars.counts[0]) - 0.6 * total) < 0.03 * total);
        QVERIFY(std::abs(static_cast<double>(bars.counts[2]) - 0.1 * total) < 0.03 * total);
        QVERIFY(std::abs(bars.percentiles.p50 - 0.01 * 5 / 6) < 1e-4); // linear within the bucket
        QVERIFY(std::isnan(bars.percentiles.p99)); // longer than the last bound: nobody knows
        // The heat map has every one of them, at its moment.
        double cells = 0;
        qint64 last = 0;
        for (const metrics::HeatColumnPtr& column : buckets.of(0).heat(metrics::Stage::Query)) {
            QVERIFY(core::epochMillis(column->from) >= last);
            last = core::epochMillis(column->to);
            for (const std::uint32_t count :
                 column->counts[static_cast<std::size_t>(metrics::Stage::Query)]) {
                cells += count;
            }
        }
        QCOMPARE(last, to);
        QVERIFY(std::abs(cells - total) < 0.05 * total);
        QVERIFY(buckets.of(1).columns.empty());
    }
    void hostileBucketsAreNoHistogram()
    {
        using Labels = metrics::Labels;
        const auto series = [](Labels labels, double value) {
            return metrics::PointSeries{std::move(labels), {{1'000, value}}};
        };
        QVERIFY(widgets::pastHistogram({}, 1'000).columns.empty());
        QVERIFY(widgets::pastHistogram({series({}, 1)}, 1'000).columns.empty());
        QVERIFY(widgets::pastHistogram({series({{"le", "x"}}, 1)}, 1'000).columns.empty());
        QVERIFY(widgets::pastHistogram({series({{"le", "1"}}, 1)}, 1'000).columns.empty()); // without +Inf
        const auto odd = widgets::pastHistogram(
            {series({{"le", "1"}}, 5), series({{"le", "2"}}, std::nan("")), series({{"le", "+Inf"}}, 3)},
            1'000);
        QCOMPARE(odd.bars().counts, (std::vector<std::uint64_t>{5, 0, 0})); // never below nothing
        QCOMPARE(odd.heat(metrics::Stage::Wait).size(), std::size_t(1));
    }
    void shortRangesShowTheSamplesThemselves()
    {
        Page page(*m_querier, widgets::gauge("taken", {{"pool", "a"}}));
        QVERIFY(page.open(kEnd - 3 * kDay, kEnd));
        QVERIFY(page.open(kEnd - 5 * kMinute, kEnd));
        QVERIFY(page.chart->means(0).empty());
        QCOMPARE(page.highest().value, 2.0);
    }
};

QTEST_MAIN(ChartHistoryTest)
#include "tst_chart_history.moc"

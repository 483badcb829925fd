// Charts whose past is a server's: what memory lacks comes from there, in one query a metric, and the seam
// between is seen.
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"
#include "widgets/charts/chart_group.h"
#include "widgets/charts/past_buckets.h"
#include "widgets/past_source.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <deque>
#include <memory>
#include <mutex>
#include <semaphore>

using namespace std::chrono_literals;
using widgets::ChartGroup;
using widgets::ChartWidget;

namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kNow = 1'795'161'600'000;      // ms
constexpr std::int64_t kMemory = kNow - 10 * kMinute; // memory begins here
constexpr std::int64_t kSpike = kNow - 3 * kHour - 7 * kMinute;

series::NamedSample named(const char* name, metrics::Labels labels, double value)
{
    labels.emplace_back("__name__", name);
    std::sort(labels.begin(), labels.end());
    return {labels, value};
}

// A server that has scraped two consoles every 15 s for six hours.
class Far final : public metrics::QuerySource {
public:
    Far()
    {
        for (std::int64_t at = kNow - 6 * kHour; at <= kNow; at += 15'000) {
            std::vector<series::NamedSample> tick;
            const auto seconds = static_cast<double>((at - kNow + 6 * kHour) / 1000);
            for (const char* instance : {"me:8000", "other:8000"}) {
                const double own = instance == std::string("me:8000") ? 1 : 100;
                const auto add = [&](const char* name, metrics::Labels labels, double value) {
                    labels.emplace_back("job", "poolscope");
                    labels.emplace_back("instance", instance);
                    tick.push_back(named(name, std::move(labels), value * own));
                };
                add("taken", {}, at == kSpike ? 30 : 2);
                add("borrowed_total", {}, seconds * 4);
                for (const char* q : {"0.5", "0.9", "0.95", "0.99", "0.999", "1"}) {
                    add("db_pool_latency_seconds", {{"stage", "wait"}, {"q", q}}, std::stod(q));
                }
                add("lat_bucket", {{"le", "0.01"}}, seconds);
                add("lat_bucket", {{"le", "+Inf"}}, seconds * 2);
                add("target_pool_in_use", {{"target", "a"}, {"pool", "x"}}, 3);
                add("target_pool_in_use", {{"target", "b|c"}, {"pool", "x"}}, 5);
                add("taken", {{"target", "a"}}, 50); // another Poolscope's, told under our name
            }
            m_head.append(at, tick);
        }
    }
    core::Result<std::vector<metrics::PointSeries>> range(std::string_view expression, std::int64_t start,
                                                          std::int64_t end, std::int64_t step) const override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_asked.emplace_back(expression);
        }
        if (refusesUnions && expression.find(widgets::kPart) != std::string_view::npos) {
            return core::fail("the query exceeded the maximum number of series", "execution");
        }
        return away ? core::fail("connection refused", "unreachable")
                    : m_querier.range(expression, start, end, step);
    }
    core::Result<std::vector<metrics::PointSeries>> rangeUntil(const std::stop_token& stop,
                                                               std::string_view expression,
                                                               std::int64_t start, std::int64_t end,
                                                               std::int64_t step) const override
    {
        if (hangs) {
            std::binary_semaphore over(0);
            const std::stop_callback wake(stop, [&over] { over.release(); });
            ++hanging;
            over.acquire();
            ++stopped;
            return core::fail("query was canceled", "canceled");
        }
        return range(expression, start, end, step);
    }
    core::Result<std::vector<metrics::PointSeries>> instant(std::string_view expression,
                                                            std::int64_t at) const override
    {
        return m_querier.instant(expression, at);
    }
    core::Result<std::string> narrowed(std::string_view expression,
                                       const metrics::Labels& labels) const override
    {
        return m_querier.narrowed(expression, labels);
    }
    std::string name() const override { return "central"; }
    std::int64_t leastStep() const override { return 15'000; }
    metrics::SourceNews news() const override
    {
        return {away, away ? "connection refused" : "", warnings, "Prometheus"};
    }
    metrics::Labels own() const override { return match; }
    std::vector<std::string> takeAsked() const
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_asked, {});
    }

    metrics::Labels match{{"instance", "me:8000"}};
    std::vector<std::string> warnings;
    std::atomic<bool> away{false};
    std::atomic<bool> hangs{false};
    std::atomic<bool> refusesUnions{false};
    mutable std::atomic<int> hanging{0};
    mutable std::atomic<int> stopped{0};

private:
    static series::HeadOptions options()
    {
        series::HeadOptions options;
        options.retention = 24h;
        return options;
    }
    series::Head m_head{options()};
    promql::Querier m_querier{m_head};
    mutable std::mutex m_mutex; // guards m_asked
    mutable std::vector<std::string> m_asked;
};

// This console's memory: ten minutes at a sample a second.
struct Memory {
    Memory()
    {
        for (std::int64_t at = kMemory; at <= kNow; at += 1000) {
            head.append(at, std::vector<series::NamedSample>{named("taken", {}, 7)});
        }
    }
    series::Head head;
    promql::Querier querier{head};
};

struct Page {
    // Asks this server.
    Page(const metrics::Querier& querier, const Far& server, std::vector<std::vector<widgets::Feed>> feeds,
         std::chrono::milliseconds length = 1h)
        : source({&server})
        , group(&querier)
    {
        source.choose("central");
        window.resize(900, 300);
        auto* column = new QVBoxLayout(&window);
        group.setSource(&source);
        for (std::vector<widgets::Feed>& some : feeds) {
            widgets::ChartSpec spec{"Chart", core::Unit::None, {}, {}};
            for (std::size_t i = 0; i < some.size(); ++i) {
                spec.series.push_back({QString::number(i), static_cast<int>(i)});
            }
            charts.push_back(new ChartWidget(spec, &window));
            column->addWidget(charts.back());
            group.add(charts.back(), std::move(some));
        }
        window.show();
        group.setTimeRange({length});
        group.setActivity(ChartGroup::Activity::Shown);
        tick(kNow);
    }
    void tick(std::int64_t at)
    {
        auto snapshot = std::make_shared<metrics::Snapshot>();
        snapshot->tick = 1;
        snapshot->at = core::WallTime(core::Millis(at));
        snapshot->interval = 1s;
        group.showSnapshot(snapshot);
    }
    [[nodiscard]] double valueAt(std::int64_t at, std::int64_t within = 15'000) const
    {
        double value = std::nan("");
        for (const metrics::Point& point : charts[0]->samples(0).all()) {
            value = point.at <= at && at - point.at < within ? point.value : value;
        }
        return value;
    }
    [[nodiscard]] const widgets::PlotSources& sources() const { return charts[0]->model().sources; }

    widgets::PastSource source;
    QWidget window;
    std::vector<ChartWidget*> charts;
    ChartGroup group;
};

} // namespace

class ChartSeamTest : public QObject {
    Q_OBJECT

    const Far m_healthy;
    const Memory m_memory;

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        static_cast<void>(m_healthy.takeAsked());
    }

    void whatMemoryLacksIsTheServersAndTheSeamIsDrawn()
    {
        Page page(m_memory.querier, m_healthy, {{widgets::gauge("taken")}});
        QTRY_COMPARE(page.sources().step, 15'000);
        QCOMPARE(page.sources().seam, kMemory);
        QCOMPARE(page.valueAt(kNow - 50 * kMinute), 2.0);
        QCOMPARE(page.valueAt(kMemory - 10'000), 2.0);
        QCOMPARE(page.valueAt(kMemory + 5'000, 1000), 7.0);
        QCOMPARE(page.valueAt(kNow - kMinute, 1000), 7.0);
        QVERIFY2(page.sources().left.startsWith("central · 15"), qPrintable(page.sources().left));
        QVERIFY2(page.sources().own.startsWith("memory · 1"), qPrintable(page.sources().own));
        QCOMPARE(m_healthy.takeAsked(), std::vector<std::string>{R"(taken{instance="me:8000",target=""})"});
        // In pixels: dots of the accent's colour from top to bottom, and nowhere beside.
        const QImage picture = page.charts[0]->grab().toImage();
        const QRectF plot = page.charts[0]->plotArea();
        const int seam = qRound(page.charts[0]->pixelOf(kMemory, 0).x());
        const auto dots = [&](int x) {
            int count = 0;
            const QColor accent = widgets::Theme::of().palette().accent;
            for (int y = qRound(plot.top()) + 2; y < qRound(plot.bottom()) - 20; ++y) {
                const QColor here = picture.pixelColor(x, y);
                count += std::abs(here.red() - accent.red()) + std::abs(here.green() - accent.green()) +
                                     std::abs(here.blue() - accent.blue()) <
                                 140
                             ? 1
                             : 0;
            }
            return count;
        };
        int found = 0;
        for (int dx = -2; dx <= 2; ++dx) {
            found = std::max(found, dots(seam + dx));
        }
        QVERIFY2(found > plot.height() / 5, qPrintable(QString::number(found)));
        QVERIFY2(dots(seam + 30) < found / 2,
                 qPrintable(QStringLiteral("%1 of %2").arg(dots(seam + 30)).arg(found)));
        // What the ticks bring is added to it, and nobody is asked again.
        page.tick(kNow + 1000);
        QCOMPARE(page.valueAt(kNow - 50 * kMinute), 2.0);
        QVERIFY(m_healthy.takeAsked().empty());
    }
    void whatMemoryHoldsIsNotAskedFor()
    {
        Page page(m_memory.querier, m_healthy, {{widgets::gauge("taken")}}, 5min);
        page.tick(kNow + 1000);
        QVERIFY(m_healthy.takeAsked().empty());
        QVERIFY(page.sources().left.isEmpty() || page.sources().seam <= kNow - 5 * kMinute + 1000);
    }
    void metricsShareAQueryWhateverTheirLines()
    {
        std::vector<widgets::Feed> percentiles;
        for (const char* q : {"1", "0.999", "0.99", "0.95", "0.9", "0.5"}) {
            percentiles.push_back(widgets::percentile("wait", q));
        }
        Page page(m_memory.querier, m_healthy,
                  {percentiles,
                   {widgets::gauge("taken"), widgets::rateSum("borrowed_total")},
                   {widgets::gauge("taken")}});
        QTRY_COMPARE(page.charts[2]->model().sources.step, 15'000);
        QTRY_COMPARE(page.charts[1]->model().sources.step, 15'000);
        for (std::size_t i = 0; i < 6; ++i) {
            QVERIFY(!page.charts[0]->samples(i).empty());
        }
        QCOMPARE(page.charts[0]->samples(5).all().front().value, 0.5);
        QCOMPARE(page.charts[1]->samples(1).all().back().value, 4.0);
        QCOMPARE(m_healthy.takeAsked().size(), std::size_t{1});
    }
    void whatIsRefusedTogetherIsAskedApart()
    {
        Far far;
        far.refusesUnions = true;
        Page page(m_memory.querier, far,
                  {{widgets::gauge("taken"), widgets::rateSum("borrowed_total")}, {widgets::gauge("unheard_of")}});
        QTRY_COMPARE(page.charts[0]->model().sources.step, 15'000);
        QTRY_VERIFY(!page.charts[0]->samples(1).empty());
        QCOMPARE(page.charts[0]->samples(1).all().back().value, 4.0);
        QVERIFY2(page.charts[0]->model().sources.problem.isEmpty(), qPrintable(page.charts[0]->model().sources.problem));
        QCOMPARE(far.takeAsked().size(), std::size_t{4}); // all at once, then each of the three
    }
    void aSpikeBetweenTwoPixelsIsDrawn()
    {
        Page page(m_memory.querier, m_healthy, {{widgets::gauge("taken")}}, 6h);
        QTRY_VERIFY(page.sources().step > 15'000);
        double highest = 0;
        double mean = 0;
        for (const metrics::Point& point : page.charts[0]->samples(0).all()) {
            highest = std::max(highest, point.value);
        }
        for (const metrics::Point& point : page.charts[0]->means(0).all()) {
            mean = std::max(mean, point.at < kMemory ? point.value : 0);
        }
        QCOMPARE(highest, 30.0);
        QVERIFY(mean > 2 && mean < 30);
        QCOMPARE(m_healthy.takeAsked().size(), std::size_t{1});
    }
    void whoIsAwayLeavesTheOwnSamplesAndIsNamed()
    {
        Far far;
        far.away = true;
        Page page(m_memory.querier, far, {{widgets::gauge("taken")}});
        QTRY_COMPARE(page.sources().problem, QStringLiteral("connection refused"));
        QCOMPARE(page.valueAt(kNow - kMinute, 1000), 7.0);
        QCOMPARE(page.sources().step, 0);
        far.away = false;
        page.source.choose({});
        page.source.choose("central");
        QTRY_COMPARE(page.sources().step, 15'000);
        QVERIFY(page.sources().problem.isEmpty());
    }
    void halfAnAnswerSaysSo()
    {
        Far far;
        far.warnings = {"a store is away"};
        Page page(m_memory.querier, far, {{widgets::gauge("taken")}});
        QTRY_COMPARE(page.sources().problem, QStringLiteral("a store is away"));
        QCOMPARE(page.sources().step, 15'000); // and what there is of it is shown
        QCOMPARE(page.valueAt(kNow - 50 * kMinute), 2.0);
    }
    void consolesAreNeverMixedUp()
    {
        Far far;
        far.match = {};
        Page page(m_memory.querier, far,
                  {{widgets::gauge("taken")}, {widgets::rateSum("borrowed_total")}});
        QTRY_VERIFY2(page.sources().problem.startsWith("2 instances answer"),
                     qPrintable(page.sources().problem));
        QTRY_VERIFY(page.charts[1]->model().sources.problem.startsWith("2 instances answer"));
        QVERIFY(std::isnan(page.valueAt(kNow - 50 * kMinute)));
    }
    void aZoomEndsTheQueryUnderWay()
    {
        Far far;
        far.hangs = true;
        Page page(m_memory.querier, far,
                  {{widgets::gauge("taken")}, {widgets::rateSum("borrowed_total")}});
        QTRY_COMPARE(far.hanging, 1);
        page.group.setTimeRange({2h});
        QTRY_COMPARE(far.stopped, 1);
        QTRY_COMPARE(far.hanging, 2);
        page.group.setActivity(ChartGroup::Activity::Hidden);
        QTRY_COMPARE(far.stopped, 2);
    }
    void theOtherWayRoundOnlyTheOwnSamplesAreLeft()
    {
        Page page(m_memory.querier, m_healthy, {{widgets::gauge("taken")}});
        QTRY_COMPARE(page.valueAt(kNow - 50 * kMinute), 2.0);
        page.source.choose({});
        QTRY_VERIFY(std::isnan(page.valueAt(kNow - 50 * kMinute)));
        QVERIFY(page.sources().server.isEmpty());
        page.source.chooseNext();
        QCOMPARE(page.source.name(), QStringLiteral("central"));
        page.source.chooseNext();
        QVERIFY(page.source.chosen() == nullptr);
        page.source.choose("gone");
        QVERIFY(page.source.chosen() == nullptr);
    }
    void anotherDayIsTheServersToo()
    {
        Page page(m_memory.querier, m_healthy, {{widgets::gauge("taken")}}, 5min);
        widgets::TimeRange range{5min};
        range.compare = widgets::Comparison::Day;
        page.group.setTimeRange(range);
        std::size_t asked = 0;
        QTRY_VERIFY((asked += m_healthy.takeAsked().size()) == 1);
    }
    void histogramsBeforeTheSeamAreTheServers()
    {
        widgets::PastSource source({&m_healthy});
        widgets::PastBuckets buckets(&m_memory.querier, {"lat"});
        buckets.setSource(&source, &m_memory.querier);
        buckets.load(kNow - 6 * kHour, kNow);
        source.choose("central");
        QTRY_COMPARE(buckets.server(), QStringLiteral("central"));
        QTRY_VERIFY(!buckets.of(0).columns.empty());
        QCOMPARE(buckets.of(0).bounds, std::vector<double>{0.01});
        const widgets::HistogramBars bars = buckets.of(0).bars();
        const double seconds = 5.8 * 3600;
        QVERIFY2(std::abs(static_cast<double>(bars.total()) - 2 * seconds) < 0.05 * 2 * seconds,
                 qPrintable(QString::number(bars.total())));
        QVERIFY(buckets.of(0).columns.back().to <= kMemory);
        source.choose({});
        QTRY_VERIFY(buckets.of(0).columns.empty());
    }
    void everySelectorIsNarrowed_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("expected"); // empty: refused
        const QString own = QStringLiteral("job=\"j\\\"k\""); // not raw: moc loses its way in escapes of raw strings
        QTest::newRow("metric") << "up" << QStringLiteral("up{%1}").arg(own);
        QTest::newRow("nested") << "sum by (a) (rate(x_total[5m])) / on (a) max_over_time((y > 0)[1h:1m])"
                                << QStringLiteral("sum by (a) (rate(x_total{%1}[5m])) / on (a) "
                                                  "max_over_time((y{%1} > 0)[1h:1m])")
                                       .arg(own);
        QTest::newRow("said itself") << R"(up{job!="a"})" << R"(up{job!="a"})";
        QTest::newRow("no metric") << R"({__name__=~"a|b"} offset 5m)" << QStringLiteral("{__name__=~\"a|b\",%1} offset 5m").arg(own);
        QTest::newRow("no selector") << "1 + 2" << "1 + 2";
        QTest::newRow("nothing") << "" << "";
        QTest::newRow("cut off") << "sum(up{" << "";
        QTest::newRow("types") << "rate(up)" << "";
        QTest::newRow("deep") << QString(1000, u'(') + "up" + QString(1000, u')') << "";
    }
    void everySelectorIsNarrowed()
    {
        QFETCH(QString, expression);
        QFETCH(QString, expected);
        const auto narrowed = m_memory.querier.narrowed(expression.toStdString(), {{"job", "j\"k"}});
        QCOMPARE(narrowed ? QString::fromStdString(*narrowed) : QString(), expected);
    }
    void targetsNamesMeanThemselves()
    {
        widgets::Feed feed = widgets::gauge("target_pool_in_use");
        feed.shared = "sum by (job, instance, target) (target_pool_in_use{target=~\"a|b\\\\|c\"})";
        feed.which = {{"target", "b|c"}};
        Page page(m_memory.querier, m_healthy, {{feed}});
        QTRY_COMPARE(page.valueAt(kNow - 50 * kMinute), 5.0);
    }
};

QTEST_MAIN(ChartSeamTest)
#include "tst_chart_seam.moc"

// The picture panels and their parts over the demo's story: nothing blank, nothing clipped, no warning.
#include "tests/support/demo_flow.h"
#include "widgets/charts/axis_ticks.h"
#include "widgets/charts/flow_grid.h"
#include "widgets/charts/histogram_chart.h"
#include "widgets/charts/histogram_feed.h"
#include "widgets/charts/pool_strip.h"
#include "widgets/charts/tile.h"
#include "widgets/panels/host_panel.h"
#include "widgets/panels/latency_panel.h"
#include "widgets/panels/levels.h"
#include "widgets/panels/overview_panel.h"

#include <QApplication>
#include <QRegularExpression>
#include <QScrollArea>
#include <QTest>

#include <memory>

using namespace std::chrono_literals;

namespace {

const widgets::Commands kCommands;

widgets::PanelContext contextOf(const demo::Flow& flow)
{
    widgets::PanelContext context;
    context.querier = &flow.querier();
    context.commands = &kCommands;
    return context;
}

std::unique_ptr<widgets::Panel> panelNamed(const QString& name, const demo::Flow& flow)
{
    if (name == QLatin1String("overview")) {
        return std::make_unique<widgets::OverviewPanel>(contextOf(flow));
    }
    if (name == QLatin1String("latency")) {
        return std::make_unique<widgets::LatencyPanel>(contextOf(flow));
    }
    return std::make_unique<widgets::HostPanel>(contextOf(flow));
}

} // namespace

class PicturesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { widgets::Theme::of().apply(widgets::ThemeMode::Dark); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void panelsLiveThroughTheStory_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"overview", "latency", "host"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }
    void panelsLiveThroughTheStory()
    {
        QFETCH(QString, name);
        demo::Flow flow;
        const auto panel = panelNamed(name, flow);
        panel->resize(900, 640);
        panel->showSnapshot(demo::emptySnapshot({}));
        panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(panel.get()));
        for (const auto at : {10s, 320s, 700s, 860s, 1510s, 1700s}) {
            panel->showSnapshot(flow.runUntil(at));
            panel->showSnapshot(flow.next());
            QCoreApplication::processEvents();
        }
        // As narrow as the window may become, nothing is wider than the page.
        panel->resize(860, 560);
        QCoreApplication::processEvents();
        const auto* area = panel->findChild<QScrollArea*>();
        QVERIFY(area);
        QVERIFY(area->widget()->minimumSizeHint().width() <= area->viewport()->width());
        for (const widgets::ChartWidget* chart : panel->findChildren<widgets::ChartWidget*>()) {
            QVERIFY(!chart->accessibleName().isEmpty());
            QVERIFY(chart->paintCount() >= 0);
            QVERIFY(chart->height() >= chart->minimumSizeHint().height());
        }
    }
    void aHiddenPanelPaintsNothing()
    {
        demo::Flow flow;
        widgets::OverviewPanel panel(contextOf(flow));
        panel.resize(1100, 700);
        for (int tick = 0; tick < 30; ++tick) {
            panel.showSnapshot(flow.next());
        }
        QCoreApplication::processEvents();
        for (const widgets::ChartWidget* chart : panel.findChildren<widgets::ChartWidget*>()) {
            QCOMPARE(chart->paintCount(), 0);
        }
    }
    void aPausedPageStandsStillButGoesOnCollecting()
    {
        demo::Flow flow;
        widgets::OverviewPanel panel(contextOf(flow));
        panel.resize(1100, 700);
        panel.show();
        const auto first = flow.runUntil(100s);
        panel.showSnapshot(first);
        const qint64 at = core::epochMillis(first->at);
        panel.setTimeRange({5min, true, at});
        const auto last = flow.runUntil(130s);
        panel.showSnapshot(last);
        auto* chart = panel.findChild<widgets::ChartWidget*>();
        QCOMPARE(chart->model().end, at);
        QCOMPARE(chart->samples(0).lastAt(), core::epochMillis(last->at));
    }
    void theStripHasACellForEachPlaceFromOneToAThousand()
    {
        for (const int count : {1, 3, 30, 100, 1000}) {
            demo::FlowOptions options;
            options.poolSize = std::max(1, count / 3);
            options.maxOverflow = count - options.poolSize;
            demo::Flow flow(options);
            widgets::PoolStrip strip;
            strip.resize(1000, 100);
            strip.show(flow.runUntil(700s)->pool);
            strip.resize(1000, strip.heightForWidth(1000));
            for (int slot = 0; slot < count; ++slot) {
                const QRectF cell = strip.cellRect(slot);
                QVERIFY(strip.rect().contains(cell.toAlignedRect()));
                QCOMPARE(strip.slotAt(cell.center().toPoint()), slot);
            }
            QCOMPARE(strip.slotAt(QPoint(-5, -5)), -1);
            QVERIFY(!strip.grab().isNull());
        }
    }
    void theHistogramCountsTheRangeOnly()
    {
        demo::Flow flow;
        const auto early = flow.runUntil(100s);
        const auto late = flow.runUntil(220s);
        widgets::HistogramFeed feed("db_query_duration_seconds", "query");
        const auto count = [](const metrics::Snapshot& s) {
            return s.find("db_query_duration_seconds")->series[0].histogram->count;
        };
        const qint64 length = core::epochMillis(late->at) - core::epochMillis(early->at);
        QCOMPARE(feed.take(*late, length, &flow.querier()).total(), count(*late) - count(*early));
        QCOMPARE(feed.take(*late, 3'600'000, &flow.querier()).total(), count(*late));
        QCOMPARE(widgets::HistogramFeed("nothing", "none").take(*late, length, &flow.querier()).total(),
                 std::uint64_t(0));
    }
    void percentileLinesLieInTheirBuckets()
    {
        widgets::HistogramChart chart(0);
        chart.resize(300, 160);
        chart.show(widgets::HistogramBars{{0.001, 0.01, 0.1}, {5, 10, 2, 1}, {}});
        QVERIFY(chart.xOf(0.005) > chart.barRect(1).left() &&
                chart.xOf(0.005) < chart.barRect(1).right() + 1);
        QVERIFY(chart.xOf(99) > chart.barRect(3).left());
        QVERIFY(chart.barRect(3).height() >= 2);
    }
    void ticksLieOnRoundTimesOfTheZone()
    {
        const QTimeZone kolkata("Asia/Kolkata"); // +05:30
        const qint64 to = 1'795'183'217'000;
        const auto ticks = widgets::timeTicks(to - 3'600'000, to, 6, kolkata);
        QVERIFY(!ticks.at.empty() && ticks.at.size() <= 7);
        for (const qint64 at : ticks.at) {
            QCOMPARE((at + 19'800'000) % ticks.step, 0);
        }
    }
    void scalesAreRoundInTheirUnit()
    {
        QCOMPARE(widgets::valueScale(27, core::Unit::Count, 3).step, 10.0);
        QCOMPARE(widgets::valueScale(1, core::Unit::Ratio, 5).top, 1.0);
        QCOMPARE(widgets::valueScale(0, core::Unit::Count, 4).step, 1.0);
        QVERIFY(widgets::valueScale(3.2e6, core::Unit::Bytes, 4).step == 1024.0 * 1024.0);
        QCOMPARE(widgets::valueTickText(1024.0 * 1024 * 2, core::Unit::BytesPerSecond),
                 QStringLiteral("2 MiB/s"));
        QCOMPARE(widgets::valueTickText(0.2, core::Unit::Ratio), QStringLiteral("20 %"));
    }
    void usageOnTheLineIsNotOverIt()
    {
        metrics::PoolView pool;
        pool.present = true;
        pool.usage = 0.8;
        QVERIFY(widgets::usageLevel(pool) == widgets::StatusLevel::Ok);
        pool.usage = 25.0 / 30;
        QVERIFY(widgets::usageLevel(pool) == widgets::StatusLevel::Warning);
        pool.usage = 28.0 / 30;
        QVERIFY(widgets::usageLevel(pool) == widgets::StatusLevel::Critical);
    }
    void aCounterResetIsAGapNotANegativeRate()
    {
        static constexpr metrics::MetricDef kDef{
            "c_total", metrics::Kind::Counter, core::Unit::Count, "", {"", ""}};
        const auto feed = widgets::rateSum("c_total");
        const auto at = [&](int second, double count) {
            metrics::Snapshot snapshot;
            snapshot.steady = core::SteadyTime(std::chrono::seconds(second));
            metrics::SampleBuilder(snapshot).push(kDef, count);
            return feed.value(snapshot);
        };
        QVERIFY(std::isnan(at(1, 100)));
        QCOMPARE(at(2, 110), 10.0);
        for (int second = 3; second < 8;
             ++second) { // until a whole span lies behind it, as in the past that is asked for
            QVERIFY(std::isnan(at(second, 5 + 2.0 * (second - 3))));
        }
        QCOMPARE(at(8, 15), 2.0);
    }
};

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    PicturesTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_pictures.moc"

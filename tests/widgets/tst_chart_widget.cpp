// A time chart draws what was measured: at its time, never more than two points a column, nothing where
// nothing was.
#include "widgets/charts/chart_feeder.h"
#include "widgets/charts/chart_group.h"
#include "widgets/charts/chart_widget.h"
#include "widgets/charts/crosshair.h"
#include "widgets/charts/plot_marks.h"

#include "tests/support/demo_flow.h"

#include <QApplication>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <map>

using namespace std::chrono_literals;
using widgets::ChartWidget;

namespace {

constexpr qint64 kEnd = 1'795'183'200'000;
constexpr qint64 kFiveMinutes = 300'000;

widgets::ChartSpec ratioSpec()
{
    return {QStringLiteral("Usage"),
            core::Unit::Ratio,
            1.0,
            {{QStringLiteral("usage"), 0}},
            widgets::Density::Full};
}

void fillEverySecond(ChartWidget& chart, qint64 from, qint64 to, double value)
{
    for (qint64 at = from; at <= to; at += 1000) {
        chart.samples(0).append(at, value, 2500);
    }
}

void showIn(ChartWidget& chart, qint64 length)
{
    chart.resize(700, 240);
    chart.setWindow(kEnd, length, ChartWidget::Edge::Now);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    chart.refresh();
}

// Pixels of the first series' colour in a rectangle of the chart.
int inkIn(ChartWidget& chart, const QRectF& box)
{
    const QImage image = chart.grab().toImage();
    const QColor wanted = widgets::Theme::of().seriesColor(0);
    int found = 0;
    for (int y = static_cast<int>(box.top()); y < static_cast<int>(box.bottom()); ++y) {
        for (int x = static_cast<int>(box.left()); x < static_cast<int>(box.right()); ++x) {
            const QColor color = image.pixelColor(x, y);
            found += std::abs(color.red() - wanted.red()) + std::abs(color.green() - wanted.green()) +
                                 std::abs(color.blue() - wanted.blue()) <
                             115
                         ? 1
                         : 0;
        }
    }
    return found;
}

} // namespace

class ChartWidgetTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { widgets::Theme::of().apply(widgets::ThemeMode::Dark); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aPointLiesWithinAPixelOfItsTime()
    {
        ChartWidget chart(ratioSpec());
        fillEverySecond(chart, kEnd - kFiveMinutes, kEnd, 0.1);
        showIn(chart, kFiveMinutes);
        const QRectF area = chart.plotArea();
        for (const qint64 before : {0, 60'000, 150'000, 299'000}) {
            const double expected = area.right() - static_cast<double>(before) / kFiveMinutes * area.width();
            QVERIFY(std::fabs(chart.pixelOf(kEnd - before, 0).x() - expected) <= 1.0);
        }
    }
    void paintedInkLiesAtItsTimeAndValue()
    {
        ChartWidget chart(ratioSpec());
        fillEverySecond(chart, kEnd - kFiveMinutes, kEnd, 0.5);
        showIn(chart, kFiveMinutes);
        const QPointF middle = chart.pixelOf(kEnd - kFiveMinutes / 2, 0.5);
        QVERIFY(inkIn(chart, QRectF(middle.x() - 2, middle.y() - 3, 4, 6)) > 0);
        QCOMPARE(inkIn(chart, QRectF(middle.x() - 2, middle.y() + 8, 4, 20)), 0);
    }
    void aGapLeavesNoInk()
    {
        ChartWidget chart(ratioSpec());
        fillEverySecond(chart, kEnd - kFiveMinutes, kEnd - 200'000, 0.5);
        fillEverySecond(chart, kEnd - 100'000, kEnd, 0.5);
        showIn(chart, kFiveMinutes);
        const double left = chart.pixelOf(kEnd - 198'000, 0.5).x();
        const double right = chart.pixelOf(kEnd - 102'000, 0.5).x();
        QCOMPARE(inkIn(chart, QRectF(left, chart.plotArea().top(), right - left, chart.plotArea().height())),
                 0);
        QVERIFY(inkIn(chart, QRectF(right + 8, chart.plotArea().top(), 20, chart.plotArea().height())) > 0);
    }
    void atMostTwoPointsAColumnHoweverManySamples()
    {
        ChartWidget chart(ratioSpec());
        for (int i = 0; i <= 30'000; ++i) {
            chart.samples(0).append(kEnd - 3'000'000 + i * 100, 0.5 + 0.4 * std::sin(i * 0.7), 250);
        }
        showIn(chart, 3'000'000);
        const QRectF area = chart.plotArea();
        const auto points = chart.drawnPoints(0);
        QVERIFY(points.size() > static_cast<std::size_t>(area.width()));
        QVERIFY(points.size() <= 2 * static_cast<std::size_t>(area.width()) + 4);
    }
    void aSpikeOfOneSampleSurvives()
    {
        ChartWidget chart(ratioSpec());
        for (qint64 at = kEnd - 3'600'000; at <= kEnd; at += 1000) {
            chart.samples(0).append(at, at == kEnd - 1'234'000 ? 0.97 : 0.1, 2500);
        }
        showIn(chart, 3'600'000);
        double highest = 0;
        qint64 when = 0;
        for (const widgets::ColumnPoint& point : chart.drawnPoints(0)) {
            if (point.value > highest) {
                highest = point.value;
                when = point.at;
            }
        }
        QCOMPARE(highest, 0.97);
        QCOMPARE(when, kEnd - 1'234'000);
    }
    void aHiddenChartNeverPaints()
    {
        ChartWidget chart(ratioSpec());
        chart.resize(700, 240);
        for (int tick = 0; tick < 100; ++tick) {
            chart.samples(0).append(kEnd + tick * 1000, 0.5, 2500);
            chart.setWindow(kEnd + tick * 1000, kFiveMinutes, ChartWidget::Edge::Now);
            chart.refresh();
        }
        QCoreApplication::processEvents();
        QCOMPARE(chart.paintCount(), 0);
        chart.show();
        QTRY_VERIFY(chart.paintCount() > 0);
    }
    void theCrosshairOfOneChartMovesInAll()
    {
        widgets::Crosshair crosshair;
        ChartWidget first(ratioSpec());
        ChartWidget second(ratioSpec());
        first.setCrosshair(&crosshair);
        second.setCrosshair(&crosshair);
        fillEverySecond(first, kEnd - 10'000, kEnd, 0.25);
        showIn(first, kFiveMinutes);
        QTest::keyClick(&first, Qt::Key_Left);
        QVERIFY(second.model().cursor.has_value());
        QCOMPARE(*second.model().cursor, kEnd - 1000);
        QVERIFY(first.accessibleDescription().contains(QStringLiteral("25.0 %")));
    }
    void statsTellTheExtremesOfAColumn()
    {
        const std::vector<metrics::Point> samples{{0, 1}, {10, 5}, {20, std::nan("")}, {30, 3}, {40, 9}};
        const auto stats = widgets::statsOf(samples, 0, 40);
        QCOMPARE(stats.count, 3);
        QCOMPARE(stats.minimum, 1.0);
        QCOMPARE(stats.maximum, 5.0);
        QCOMPARE(stats.mean, 3.0);
        QCOMPARE(widgets::statsOf(samples, 50, 60).count, 0);
    }
    void halfAnHourOfTicksDoesNotGrow()
    {
        widgets::SampleBuffer buffer(600);
        for (int i = 0; i < 18'000; ++i) {
            buffer.append(i * 100, i, 250);
        }
        QVERIFY(buffer.size() <= 600 + 600 / 8 + 1);
        QCOMPARE(buffer.all().back().value, 17'999.0);
        buffer.append(5, 1, 250); // older than the last: dropped
        QCOMPARE(buffer.all().back().value, 17'999.0);
    }
    void whatWasMissedIsAskedOnceAndTicksAreAppended()
    {
        demo::Flow flow;
        ChartWidget chart(ratioSpec());
        widgets::ChartFeeder feeder(&chart, {widgets::gauge("db_pool_usage")});
        const auto first = flow.runUntil(200s);
        feeder.take(*first, 120'000, &flow.querier());
        const std::size_t filled = chart.samples(0).size();
        QVERIFY(filled >= 119 && filled <= 122);
        feeder.take(*first, 120'000, &flow.querier());
        QCOMPARE(chart.samples(0).size(), filled);
        const auto second = flow.next();
        feeder.take(*second, 120'000, &flow.querier());
        QCOMPARE(chart.samples(0).size(), filled + 1);
        QCOMPARE(chart.samples(0).all().back().value, second->pool.usage);
    }
    void theGridFollowsTheLabelsThroughEverySize()
    {
        ChartWidget chart(ratioSpec());
        fillEverySecond(chart, kEnd - kFiveMinutes, kEnd, 0.9);
        showIn(chart, kFiveMinutes);
        for (const int height : {240, 300, 180, 261}) {
            chart.resize(700, height);
            QCoreApplication::sendPostedEvents();
            const double y = chart.pixelOf(kEnd, 0.2).y(); // steps of 0.2 or 0.5: 0 and 1 have a line anyway
            const double bottom = chart.plotArea().bottom();
            const double top = chart.plotArea().top();
            const QImage image = chart.grab().toImage();
            const auto isGrid = [&](double at) {
                const int x = static_cast<int>(chart.plotArea().center().x());
                for (int row = static_cast<int>(at) - 1; row <= static_cast<int>(at) + 1; ++row) {
                    if (image.pixelColor(x, row) == widgets::Theme::of().palette().grid) {
                        return true;
                    }
                }
                return false;
            };
            QVERIFY2(isGrid(y) || isGrid((top + bottom) / 2), qPrintable(QString::number(height)));
            QVERIFY2(isGrid(bottom), qPrintable(QString::number(height)));
        }
    }
    void marksThatTouchShareOneText()
    {
        widgets::PlotModel model;
        model.spec = ratioSpec();
        model.marks = {{1000, QStringLiteral("▶ ramp"), widgets::StatusLevel::NoData},
                       {1010, QStringLiteral("▲ A"), widgets::StatusLevel::Warning},
                       {1020, QStringLiteral("▲ B"), widgets::StatusLevel::Warning},
                       {3000, QStringLiteral("● A"), widgets::StatusLevel::Ok},
                       {3005, QStringLiteral("▲ C"), widgets::StatusLevel::Warning},
                       {9000, QStringLiteral("later"), widgets::StatusLevel::NoData}};
        const widgets::PlotFrame frame{QRectF(0, 0, 500, 100), 0, 5000, 1};
        const auto clusters = widgets::clusterMarks(model, frame);
        QCOMPARE(clusters.size(), std::size_t(2)); // the last mark lies right of the frame
        QCOMPARE(clusters[0].text(), QStringLiteral("▶ ramp +2"));
        QCOMPARE(clusters[1].text(), QStringLiteral("▲ C +1"));
        model.cursor = 1015;
        QCOMPARE(widgets::marksAtCursor(model, frame).size(), std::size_t(3));
        model.spec.density = widgets::Density::Compact;
        QCOMPARE(widgets::clusterMarks(model, frame).size(), std::size_t(1)); // causes only
        QCOMPARE(widgets::marksAtCursor(model, frame).size(), std::size_t(1));
    }
    void csvHasEveryShownSample()
    {
        ChartWidget chart(ratioSpec());
        fillEverySecond(chart, kEnd - 2000, kEnd, 0.5);
        chart.setWindow(kEnd, kFiveMinutes, ChartWidget::Edge::Now);
        const QList<QByteArray> lines = chart.csv().split('\n');
        QCOMPARE(lines.size(), 5); // head, three rows, the end
        QVERIFY(lines.at(0).startsWith("time_utc,usage_ratio"));
        QVERIFY(lines.at(1).contains("2026-11-20T14:00:00.000Z"));
    }
    void thresholdsComeFromTheRules()
    {
        demo::Flow flow;
        const auto snapshot = flow.next();
        const auto found = widgets::thresholdsOf(*snapshot, "db_pool_usage");
        QCOMPARE(found.size(), std::size_t(2));
        QCOMPARE(found[0].value, 0.8);
        QVERIFY(found[1].level == widgets::StatusLevel::Critical);
        QVERIFY(widgets::thresholdsOf(*snapshot, "db_pool_checked_in").empty());
    }
};

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    ChartWidgetTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_chart_widget.moc"

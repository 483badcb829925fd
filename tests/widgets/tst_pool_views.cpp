// Life-lines and heat maps: what is drawn where, what is said of it, and that size costs nothing.
#include "models/zone.h"
#include "tests/support/demo_witness.h"
#include "widgets/charts/alert_list.h"
#include "widgets/charts/heat_map.h"
#include "widgets/charts/histogram_chart.h"
#include "widgets/charts/lane_view.h"
#include "widgets/panels/culprit_card.h"
#include "widgets/table_view.h"
#include "widgets/theme.h"
#include "widgets/verdict_bar.h"

#include <QApplication>
#include <QLabel>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <ctime>
#include <string>

using metrics::SlotState;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kStart = 1'795'183'200'000; // 2026-11-20T14:00:00Z in ms

metrics::Snapshot snapshotAt(int second, int places)
{
    metrics::Snapshot snapshot;
    snapshot.at = core::WallTime(std::chrono::milliseconds(kStart + second * 1000LL));
    snapshot.interval = 1s;
    snapshot.pool.present = true;
    for (int slot = 0; slot < places; ++slot) {
        metrics::SlotRow row;
        row.slot = slot;
        row.state = second % 20 < 10 ? SlotState::Active : SlotState::IdleInTransaction;
        row.backendPid = 100 + slot;
        row.heldFor = std::chrono::seconds(second % 20 + 1);
        row.tag = "orders";
        row.site = "orders.cpp:42 load";
        snapshot.pool.slots.push_back(row);
    }
    return snapshot;
}

double threadCpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

QImage pictureOf(QWidget& widget)
{
    return widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
}

metrics::AlertRow firing(const char* name, const char* incident)
{
    metrics::AlertRow row;
    row.name = name;
    row.state = metrics::AlertState::Firing;
    row.severity = metrics::Severity::Critical;
    row.summary = "27 requests wait for a connection";
    row.incidentId = incident;
    row.value = 27;
    row.threshold = 0;
    row.op = ">";
    return row;
}

} // namespace

class PoolViewsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        widgets::Theme::of().apply(widgets::ThemeMode::Dark);
        models::Zone::of().set(models::Zone::Kind::Utc);
    }
    void alertOfTheOverviewIsAcknowledgedAndSnoozedWhereItStands()
    {
        widgets::AlertList list;
        list.resize(300, 120);
        metrics::AlertRow pending = firing("HighPoolUsage", "");
        pending.state = metrics::AlertState::Pending;
        list.show({pending, firing("PoolWaiters", "inc-7")});
        const QSignalSpy acknowledged(&list, &widgets::AlertList::acknowledgeWanted);
        const QSignalSpy snoozed(&list, &widgets::AlertList::snoozeWanted);
        const QSignalSpy chosen(&list, &widgets::AlertList::alertClicked);
        const auto clickAt = [&list](int fromRight, int y) {
            QTest::mouseClick(&list, Qt::LeftButton, {}, QPoint(list.width() - fromRight, y));
        };
        clickAt(20, 34); // the firing one is the first; "snooze" ends ten pixels before its right end
        QCOMPARE(snoozed.count(), 1);
        int x = 40;
        while (acknowledged.isEmpty() && x < 140) { // left of it, wherever the font puts it
            clickAt(x += 4, 34);
        }
        QCOMPARE(acknowledged.count(), 1);
        QCOMPARE(acknowledged.first().first().value<metrics::AlertRow>().incidentId, std::string("inc-7"));
        clickAt(280, 12);
        QCOMPARE(chosen.last().first().toString(), QStringLiteral("PoolWaiters"));
        const auto spoken = acknowledged.count() + snoozed.count();
        for (int right = 4; right < 290; right += 4) { // nothing can be said of one that only pends
            clickAt(right, 80);
        }
        QCOMPARE(acknowledged.count() + snoozed.count(), spoken);
        QCOMPARE(chosen.last().first().toString(), QStringLiteral("HighPoolUsage"));
    }

    void aLaneHasTheColourOfItsStateAndAGapIsHatched()
    {
        demo::Witness witness;
        for (int second = 1; second <= 300; ++second) {
            if (second < 100 || second > 160) {
                witness.take(snapshotAt(second, 8));
            }
        }
        widgets::LaneView view;
        view.resize(700, 260);
        view.setColumns(witness.lanes());
        view.setWindow(kStart + 300'000, 300'000);
        view.show();
        const QImage picture = pictureOf(*view.viewport());
        const auto colorAt = [&](int second) {
            return QColor(picture.pixel(view.pointOf(3, kStart + second * 1000LL - 500)));
        };
        QCOMPARE(colorAt(25), widgets::laneColor(SlotState::Active));
        QCOMPARE(colorAt(35), widgets::laneColor(SlotState::IdleInTransaction));
        QVERIFY(colorAt(130) != widgets::laneColor(SlotState::Active));
        QVERIFY(colorAt(130) != widgets::laneColor(SlotState::IdleInTransaction));
        QVERIFY(view.textAt(view.pointOf(3, kStart + 130'000)).isEmpty());
    }

    void hoverSaysWhatSinceWhenAndWho()
    {
        demo::Witness witness;
        for (int second = 1; second <= 60; ++second) {
            witness.take(snapshotAt(second, 8));
        }
        metrics::PoolEventRow closed;
        closed.at = core::WallTime(std::chrono::milliseconds(kStart + 35'000));
        closed.kind = "closed";
        closed.slot = 3;
        closed.detail = "lifetime";
        witness.add(closed);
        widgets::LaneView view;
        view.resize(700, 260);
        view.setColumns(witness.lanes());
        view.addMarks(witness.laneMarks(0));
        view.setWindow(kStart + 60'000, 300'000);
        const QString text = view.textAt(view.pointOf(3, kStart + 34'600));
        for (const char* part : {"Place 3", "14:00:35", "idle in tx", "since 14:00:30", "orders",
                                 "orders.cpp:42 load", "backend 103", "closed: lifetime"}) {
            QVERIFY2(text.contains(QLatin1String(part)),
                     qPrintable(QLatin1String(part) + QStringLiteral(" / ") + text));
        }
        QVERIFY(view.textAt(view.pointOf(4, kStart + 34'600)).contains(QStringLiteral("Place 4")));
        QVERIFY(!view.textAt(view.pointOf(4, kStart + 34'600)).contains(QStringLiteral("closed")));
        QVERIFY(view.textAt({2, 2}).isEmpty());
    }

    void aThousandLanesOfAnHourScrollSmoothly()
    {
        demo::Witness witness;
        metrics::Snapshot snapshot = snapshotAt(0, 1000);
        for (int second = 1; second <= 3700; ++second) { // the worst: a lane changes with every tick
            snapshot.at = core::WallTime(std::chrono::milliseconds(kStart + second * 1000LL));
            for (metrics::SlotRow& row : snapshot.pool.slots) {
                row.state = static_cast<SlotState>(1 + (second + row.slot) % 9);
            }
            witness.take(snapshot);
        }
        for (int i = 0; i < 10'000; ++i) {
            metrics::PoolEventRow mark;
            mark.at = core::WallTime(std::chrono::milliseconds(kStart + 100'000 + i * 300LL));
            mark.kind = i % 2 == 0 ? "closed" : "connected";
            mark.slot = i % 1000;
            mark.duration = 20ms;
            witness.add(mark);
        }
        widgets::LaneView view;
        view.resize(1700, 800);
        view.setColumns(witness.lanes());
        view.addMarks(witness.laneMarks(0));
        view.setWindow(kStart + 3'700'000, 3'600'000);
        view.show();
        QCOMPARE(view.laneCount(), 1000);
        (void)view.grab();
        double longest = 0;
        for (int step = 0; step < 20; ++step) {
            view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() * step / 20);
            const double before = threadCpuMs();
            (void)view.viewport()->grab();
            longest = std::max(longest, threadCpuMs() - before);
        }
        QVERIFY(view.paintCount() > 20);
        qInfo("1,000 lanes over an hour: at most %.1f ms a frame", longest);
#if !defined(__SANITIZE_ADDRESS__)
        QVERIFY(longest < 40);
#endif
        QVERIFY(view.textAt(view.pointOf(950, kStart + 3'600'000)).startsWith(QStringLiteral("Place 950")));
    }

    void aCellIsWhereItsValueAndTimeAre()
    {
        std::vector<metrics::HeatColumnPtr> columns;
        for (int second = 1; second <= 300; ++second) {
            if (second > 100 && second <= 150) {
                continue; // a gap
            }
            auto column = std::make_shared<metrics::HeatColumn>();
            column->from = core::WallTime(std::chrono::milliseconds(kStart + (second - 1) * 1000LL));
            column->to = core::WallTime(std::chrono::milliseconds(kStart + second * 1000LL));
            column->counts[0][metrics::HeatLayout::row(5'000'000)] = 100;
            column->counts[0][metrics::HeatLayout::row(160'000'000)] = second == 200 ? 7 : 0;
            columns.push_back(column);
        }
        widgets::HeatMap map(metrics::Stage::Wait, 0);
        map.resize(600, 220);
        map.setColumns(columns);
        map.setWindow(kStart + 300'000, 300'000);
        const QImage picture = pictureOf(map);
        const auto colorAt = [&](int second, double seconds) {
            return QColor(picture.pixel(map.pointOf(kStart + second * 1000LL - 500, seconds).toPoint()));
        };
        QVERIFY(colorAt(50, 0.005) != colorAt(50, 0.05)); // something and nothing
        QCOMPARE(colorAt(50, 0.005), colorAt(250, 0.005));
        QVERIFY(colorAt(200, 0.16) != colorAt(250, 0.16)); // seven among thousands are seen
        QVERIFY(colorAt(200, 0.16) != colorAt(50, 0.005));
        QVERIFY(
            map.textAt(map.pointOf(kStart + 199'500, 0.16).toPoint()).contains(QStringLiteral("7 of 107")));
        QVERIFY(map.textAt(map.pointOf(kStart + 125'000, 0.005).toPoint()).isEmpty());
        QSignalSpy chosen(&map, &widgets::HeatMap::cellChosen);
        QTest::mouseClick(&map, Qt::LeftButton, {}, map.pointOf(kStart + 199'500, 0.16).toPoint());
        QCOMPARE(chosen.count(), 1);
        QVERIFY(chosen[0][0].toDouble() < 0.16 && chosen[0][1].toDouble() >= 0.16);
        QTest::keyClick(&map, Qt::Key_Up);
        QTest::keyClick(&map, Qt::Key_Return);
        QCOMPARE(chosen.count(), 2);
    }

    void anEmptyHeatMapSaysSoInBothThemes()
    {
        widgets::HeatMap map(metrics::Stage::Query, 3);
        map.resize(400, 200);
        map.setWindow(kStart, 300'000);
        for (const widgets::ThemeMode mode : {widgets::ThemeMode::Dark, widgets::ThemeMode::Light}) {
            widgets::Theme::of().apply(mode);
            const QImage picture = pictureOf(map);
            QVERIFY(picture.size().width() == 400);
        }
        QVERIFY(map.textAt({200, 100}).isEmpty());
    }

    void aClickOnABarGivesItsBucketAndTheKeyboardDoesToo()
    {
        widgets::HistogramChart chart(0);
        chart.resize(300, 220);
        widgets::HistogramBars bars;
        bars.bounds = {0.001, 0.01, 0.1};
        bars.counts = {5, 3, 2, 1};
        chart.show(bars);
        QSignalSpy chosen(&chart, &widgets::HistogramChart::bucketChosen);
        QTest::mouseClick(&chart, Qt::LeftButton, {}, chart.barRect(2).center().toPoint());
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toInt(), 2);
        for (const int key : {Qt::Key_Right, Qt::Key_Right, Qt::Key_Return}) {
            QTest::keyClick(&chart, static_cast<Qt::Key>(key));
        }
        QCOMPARE(chosen.count(), 2);
        QCOMPARE(chosen[1][0].toInt(), 1);
    }

    void culpritsAreListedWithWhoAndWhere()
    {
        demo::Witness witness;
        for (const double value : {0.02, 0.2, 0.3, 5.0}) {
            metrics::Exemplar culprit;
            culprit.value = value;
            culprit.at = core::WallTime(std::chrono::milliseconds(kStart));
            culprit.labels = {
                {"fingerprint", "00ab"}, {"site", "orders.cpp:42 load"}, {"slot", "3"}, {"tag", "orders"}};
            witness.addCulprit(culprit);
        }
        widgets::CulpritCard card(&witness);
        QVERIFY(!card.isVisibleTo(nullptr) || card.isHidden());
        const metrics::Snapshot snapshot = snapshotAt(1, 1);
        card.choose(
            {metrics::Stage::Query, QStringLiteral("Query duration"), "db_query_duration_seconds", 0.1, 0.5},
            snapshot);
        QVERIFY(!card.isHidden());
        const auto* view = card.findChild<widgets::TableView*>(QStringLiteral("culprits"));
        QCOMPARE(view->model()->rowCount(), 2);
        QCOMPARE(view->model()->index(0, 2).data().toString(), QStringLiteral("orders"));
        QCOMPARE(view->model()->index(0, 4).data().toString(), QStringLiteral("orders.cpp:42 load"));
        QCOMPARE(view->model()->index(0, 5).data().toString(), QStringLiteral("00ab"));
    }

    void theVerdictIsThereWhenSomethingIsWrong()
    {
        widgets::VerdictBar bar(widgets::VerdictBar::WhenWell::Hidden);
        metrics::Snapshot snapshot = snapshotAt(1, 5);
        snapshot.pool.verdict = "ok";
        snapshot.pool.maxConnections = 30;
        bar.show(snapshot.pool);
        QVERIFY(bar.isHidden());
        snapshot.pool.slots[2].longUse = true;
        bar.show(snapshot.pool);
        QVERIFY(!bar.isHidden());
        QVERIFY2(bar.text().contains(QStringLiteral("Long use: place 2")), qPrintable(bar.text()));
        snapshot.pool.verdict = "exhausted";
        snapshot.pool.waiting = 12;
        bar.show(snapshot.pool);
        QVERIFY(bar.text().startsWith(QStringLiteral("Exhausted")));
        QVERIFY(bar.accessibleName().startsWith(QStringLiteral("critical")));
    }
};

QTEST_MAIN(PoolViewsTest)
#include "tst_pool_views.moc"

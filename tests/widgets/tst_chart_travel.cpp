// Charts in the past: what the mouse asks for, what the history is asked, how spikes survive.
#include "widgets/charts/chart_group.h"
#include "widgets/charts/past_loader.h"

#include <QAbstractScrollArea>
#include <QAction>
#include <QImage>
#include <QMenu>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <utility>

using widgets::ChartGroup;
using widgets::ChartWidget;
using widgets::PastLoader;
using widgets::TravelWish;

namespace {

constexpr qint64 kNow = 1'700'000'000'000;
constexpr qint64 kHour = 3'600'000;

// A history of one flat series with one spike of a second; an answer can be held back.
class FakeHistory final : public metrics::Querier {
public:
    core::Result<std::vector<metrics::PointSeries>> range(std::string_view expression, std::int64_t start,
                                                          std::int64_t end, std::int64_t step) const override
    {
        std::unique_lock lock(m_mutex);
        m_asked.push_back(std::string(expression));
        m_open.wait(lock, [this] { return !m_held; });
        if (expression.find("broken") != std::string_view::npos) {
            return core::fail("broken");
        }
        metrics::PointSeries series;
        for (std::int64_t at = start; at <= end; at += step) {
            const bool spike = m_spike > at - step && m_spike <= at;
            series.points.push_back({at, spike && step <= 1000 ? 9.0 : 1.0});
        }
        return std::vector{series};
    }
    core::Result<std::vector<metrics::ExtremesSeries>>
    extremes(const std::stop_token&, std::string_view expression, const metrics::Steps& steps) const override
    {
        std::unique_lock lock(m_mutex);
        m_asked.push_back(std::string(expression));
        m_open.wait(lock, [this] { return !m_held; });
        metrics::ExtremesSeries series;
        for (std::int64_t at = steps.start; at < steps.end; at += steps.step) {
            const bool spike = m_spike >= at && m_spike < at + steps.step;
            series.steps.push_back({at, 1.0, spike ? 9.0 : 1.0, spike ? 3.0 : 1.0});
        }
        if (expression.find("broken") != std::string_view::npos) {
            return core::fail("broken");
        }
        return std::vector{series};
    }
    core::Result<std::vector<metrics::PointSeries>> instant(std::string_view, std::int64_t) const override
    {
        return std::vector<metrics::PointSeries>();
    }
    void hold(bool held)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_held = held;
        }
        m_open.notify_all();
    }
    std::vector<std::string> asked() const
    {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }
    qint64 m_spike = kNow - 12 * kHour;

private:
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_open;
    mutable std::vector<std::string> m_asked;
    bool m_held = false;
};

metrics::SnapshotPtr tick(qint64 at)
{
    auto snapshot = std::make_shared<metrics::Snapshot>();
    snapshot->tick = 1;
    snapshot->at = core::WallTime(core::Millis(at));
    snapshot->interval = std::chrono::seconds(1);
    return snapshot;
}

struct Page {
    explicit Page(const metrics::Querier* querier, const std::string& expression = "m")
        : chart(new ChartWidget({"Chart", core::Unit::None, {}, {{"series"}}}, &window))
        , group(querier)
    {
        window.resize(800, 300);
        auto* column = new QVBoxLayout(&window);
        column->addWidget(chart);
        group.add(chart, {widgets::computed(expression, [](const metrics::Snapshot&) { return 1.0; })});
        window.show();
        group.setActivity(ChartGroup::Activity::Shown);
        group.showSnapshot(tick(kNow));
    }
    [[nodiscard]] double highest() const
    {
        double highest = 0;
        for (const widgets::ColumnPoint& point : chart->drawnPoints(0)) {
            highest = std::isnan(point.value) ? highest : std::max(highest, point.value);
        }
        return highest;
    }
    [[nodiscard]] QWidget* viewport() const { return chart->findChild<QAbstractScrollArea*>()->viewport(); }
    QWidget window;
    ChartWidget* chart;
    ChartGroup group;
};

widgets::TimeRange past(qint64 from, qint64 to)
{
    return {std::chrono::milliseconds(to - from), true, to, true};
}

} // namespace

class ChartTravelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWheelZoomsAtTheCursor()
    {
        Page page(nullptr);
        QSignalSpy asked(&page.group, &ChartGroup::travelAsked);
        const QRectF area = page.chart->plotArea();
        const QPointF at(area.left() + area.width() / 4, area.center().y());
        QWheelEvent turn(at, page.viewport()->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                         Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(page.viewport(), &turn);
        QCOMPARE(asked.count(), 1);
        const auto wish = asked.first().first().value<TravelWish>();
        QCOMPARE(wish.kind, TravelWish::Kind::Zoom);
        QVERIFY(wish.amount < 1);
        const qint64 length = page.group.range().length.count();
        QVERIFY(std::abs(wish.from - (page.group.edge() - length * 3 / 4)) < length / 50);
        QVERIFY(turn.isAccepted());
    }
    void besideThePlotThePageScrolls()
    {
        Page page(nullptr);
        QSignalSpy asked(&page.group, &ChartGroup::travelAsked);
        const QPointF at(page.chart->plotArea().left() / 2, 20);
        QWheelEvent turn(at, page.viewport()->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                         Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(page.viewport(), &turn);
        QCOMPARE(asked.count(), 0);
    }
    void draggingSelectsAndTheMenuZooms()
    {
        Page page(nullptr);
        QSignalSpy asked(&page.group, &ChartGroup::travelAsked);
        const QRectF area = page.chart->plotArea();
        const auto at = [&](double share) {
            return QPoint(qRound(area.left() + area.width() * share), qRound(area.center().y()));
        };
        QTest::mousePress(page.viewport(), Qt::LeftButton, {}, at(0.75));
        QTest::mouseMove(page.viewport(), at(0.4));
        QTest::mouseMove(page.viewport(), at(0.25));
        QTest::mouseRelease(page.viewport(), Qt::LeftButton, {}, at(0.25));
        auto* menu = page.chart->findChild<QMenu*>();
        QVERIFY(menu);
        QVERIFY(menu->defaultAction());
        menu->defaultAction()->trigger();
        menu->close();
        QCOMPARE(asked.count(), 1);
        const auto wish = asked.first().first().value<TravelWish>();
        QCOMPARE(wish.kind, TravelWish::Kind::Select);
        const qint64 length = page.group.range().length.count();
        QVERIFY(std::abs((wish.to - wish.from) - length / 2) < length / 50);
        // The same stretch as a file.
        const std::pair<QString, TravelWish::Kind> files[] = {
            {QString::fromUtf8("Export all series of this stretch…"), TravelWish::Kind::Export},
            {QString::fromUtf8("Report of this stretch…"), TravelWish::Kind::Report}};
        for (const auto& [words, kind] : files) {
            const auto actions = menu->actions();
            const auto action = std::find_if(actions.begin(), actions.end(),
                                             [&](const QAction* one) { return one->text() == words; });
            QVERIFY(action != actions.end());
            (*action)->trigger();
            const auto asks = asked.last().first().value<TravelWish>();
            QCOMPARE(asks.kind, kind);
            QCOMPARE(asks.from, wish.from);
            QCOMPARE(asks.to, wish.to);
        }
    }
    void aClickSelectsNothing()
    {
        Page page(nullptr);
        QTest::mouseClick(page.viewport(), Qt::LeftButton, {}, page.chart->plotArea().center().toPoint());
        QVERIFY(!page.chart->findChild<QMenu*>());
    }
    void theMiddleButtonDragsTheTimeAlong()
    {
        Page page(nullptr);
        QSignalSpy asked(&page.group, &ChartGroup::travelAsked);
        const QRectF area = page.chart->plotArea();
        const QPoint from = area.center().toPoint();
        const QPoint to = from + QPoint(qRound(area.width() / 4), 0);
        QTest::mousePress(page.viewport(), Qt::MiddleButton, {}, from);
        QMouseEvent move(QEvent::MouseMove, QPointF(to), page.viewport()->mapToGlobal(QPointF(to)),
                         Qt::NoButton, Qt::MiddleButton, Qt::NoModifier);
        QCoreApplication::sendEvent(page.viewport(), &move);
        QTest::mouseRelease(page.viewport(), Qt::MiddleButton, {}, to);
        QCOMPARE(asked.count(), 1);
        const auto wish = asked.first().first().value<TravelWish>();
        QCOMPARE(wish.kind, TravelWish::Kind::Pan);
        QVERIFY(std::abs(wish.amount + 0.25) < 0.01);
    }
    void aSpikeOfASecondIsSeenInAnyRange_data()
    {
        QTest::addColumn<qint64>("length");
        QTest::newRow("ten minutes") << qint64(600'000);
        QTest::newRow("a day") << 24 * kHour;
        QTest::newRow("a week") << 7 * 24 * kHour;
        QTest::newRow("90 days") << 90 * 24 * kHour;
    }
    void aSpikeOfASecondIsSeenInAnyRange()
    {
        QFETCH(qint64, length);
        FakeHistory history;
        Page page(&history);
        page.group.setTimeRange(past(history.m_spike - length / 2, history.m_spike + length / 2));
        QTRY_COMPARE(page.highest(), 9.0);
        QVERIFY(page.chart->drawnPoints(0).size() <=
                2 * static_cast<std::size_t>(page.chart->plotArea().width() + 2));
    }
    void theWindowDoesNotWaitForTheHistory()
    {
        FakeHistory history;
        Page page(&history);
        history.hold(true);
        page.group.setTimeRange(past(kNow - 24 * kHour, kNow - 23 * kHour)); // returns at once
        page.group.showSnapshot(tick(kNow + 1000));
        history.m_spike = kNow - 24 * kHour + 60'000;
        history.hold(false);
        QTRY_COMPARE(page.highest(), 9.0);
    }
    void aNewRangeDropsTheQuestionsOfTheOld()
    {
        FakeHistory history;
        PastLoader loader(&history);
        QSignalSpy arrived(&loader, &PastLoader::arrived);
        history.hold(true);
        loader.load({{0, 0, "old"}, {1, 0, "older"}}, {kNow - 10'000, kNow, 1000, 1000});
        QTRY_COMPARE(history.asked().size(), std::size_t(1));
        loader.load({{2, 3, "new"}}, {kNow - 10'000, kNow, 1000, 1000});
        history.hold(false);
        QTRY_VERIFY(arrived.count() >= 1);
        const auto answers = loader.take();
        QCOMPARE(answers.size(), std::size_t(1));
        QCOMPARE(answers.front().question.expression, std::string("new"));
        QCOMPARE(answers.front().question.series, std::size_t(3));
        QVERIFY(!loader.busy());
        QCOMPARE(history.asked(), (std::vector<std::string>{"old", "new"}));
    }
    void aQuestionThatFailsLeavesAnEmptyChart()
    {
        FakeHistory history;
        Page page(&history, "broken");
        page.group.setTimeRange(past(kNow - 2 * kHour, kNow - kHour));
        QTRY_VERIFY(page.chart->drawnPoints(0).empty());
    }
    void goingLiveShowsTheLiveSamplesAgain()
    {
        FakeHistory history;
        Page page(&history);
        page.group.setTimeRange(past(kNow - 24 * kHour, kNow - 23 * kHour));
        page.group.showSnapshot(tick(kNow + 1000));
        page.group.setTimeRange({});
        page.group.showSnapshot(tick(kNow + 2000));
        QCOMPARE(page.chart->samples(0).lastAt(), kNow + 2000);
        QVERIFY(page.chart->drawnPoints(0).size() > 100); // the five minutes before, asked at once
    }
    void theDayBeforeIsLaidUnderAndNamed()
    {
        FakeHistory history;
        history.m_spike = kNow - 24 * kHour - kHour / 2;
        Page page(&history);
        widgets::TimeRange range = past(kNow - kHour, kNow);
        range.compare = widgets::Comparison::Day;
        page.group.setTimeRange(range);
        const auto highest = [&page] {
            metrics::Point found{0, 0};
            for (const metrics::Point& point : page.chart->shadow(0).all()) {
                found = point.value > found.value ? point : found;
            }
            return found;
        };
        QTRY_COMPARE(highest().value,
                     3.0); // the mean of its step, half an hour before the end, as a day before
        QVERIFY(std::abs(highest().at - (kNow - kHour / 2)) < 10'000);
        QCOMPARE(page.chart->model().shadowName, QStringLiteral("the day before"));
        QCOMPARE(page.highest(), 1.0); // its own lines are as they were
        range.compare = widgets::Comparison::None;
        page.group.setTimeRange(range);
        QVERIFY(page.chart->shadow(0).empty());
        QVERIFY(page.chart->model().shadowName.isEmpty());
    }
    void aLiveRangeIsComparedToo()
    {
        FakeHistory history;
        history.m_spike = kNow - 7 * 24 * kHour - 100'000;
        Page page(&history);
        widgets::TimeRange range;
        range.compare = widgets::Comparison::Week;
        page.group.setTimeRange(range);
        QTRY_VERIFY(page.chart->shadow(0).size() > 250);
        QVERIFY(page.chart->shadow(0).lastAt() > kNow); // some of what is to come
        const auto before = history.asked().size();
        page.group.showSnapshot(tick(kNow + 1000));
        QCOMPARE(history.asked().size(), before);
        page.group.showSnapshot(tick(kNow + 120'000)); // beyond it
        QTRY_VERIFY(page.chart->shadow(0).lastAt() > kNow + 120'000);
    }
    void keysMoveTheCrosshairOfAllChartsInThePastToo()
    {
        FakeHistory history;
        Page page(&history);
        auto* other = new ChartWidget({"Other", core::Unit::None, {}, {{"series"}}}, &page.window);
        page.window.layout()->addWidget(other);
        page.group.add(other, {widgets::computed("n", [](const metrics::Snapshot&) { return 2.0; })});
        page.group.setTimeRange(past(kNow - 24 * kHour, kNow - 23 * kHour));
        QTRY_VERIFY(!other->samples(0).empty());
        page.chart->setFocus();
        QTest::keyClick(page.chart, Qt::Key_Left);
        QTest::keyClick(page.chart, Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(other->model().cursor.has_value());
        QCOMPARE(other->model().cursor, page.chart->model().cursor);
        const qint64 moved = kNow - 23 * kHour - *other->model().cursor;
        QCOMPARE(moved % 11, 0);
        QVERIFY(moved >= 11'000);
        // The other chart shows what it has there, in its line's colour.
        const QImage with = other->grab().toImage();
        QTest::keyClick(page.chart, Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(other->grab().toImage() != with);
    }
    void stepsAreWholeIntervals()
    {
        QCOMPARE(widgets::stepFor(300'000, 700, 1000), std::int64_t(1000));
        QCOMPARE(widgets::stepFor(24 * kHour, 700, 1000), std::int64_t(124'000));
        QCOMPARE(widgets::stepFor(24 * kHour, 0, 0), 24 * kHour);
        QCOMPARE(widgets::stepFor(600'000, 700, 250), std::int64_t(1000));
    }
};

QTEST_MAIN(ChartTravelTest)
#include "tst_chart_travel.moc"

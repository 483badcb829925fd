// Where the window looks in time: zoom, pan, select, back and forth.
#include "widgets/time_travel.h"

#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using widgets::TimeTravel;

namespace {

constexpr qint64 kNow = 1'700'000'000'000;
constexpr qint64 kMinute = 60'000;

} // namespace

class TimeTravelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_travel = std::make_unique<TimeTravel>();
        m_travel->setNow(kNow);
        m_travel->setBurst(0ms);
    }
    void zoomingKeepsTheMomentUnderTheCursor()
    {
        const qint64 at = kNow - 4 * kMinute; // a fifth from the left
        m_travel->zoom(at, 0.5);
        QVERIFY(m_travel->range().travelled);
        QCOMPARE(m_travel->range().length, std::chrono::milliseconds(150s));
        QCOMPARE(at - m_travel->start(), qint64(30'000));
    }
    void zoomingAtTheRightEdgeStaysLive()
    {
        m_travel->zoom(kNow, 0.5);
        QVERIFY(!m_travel->range().paused);
        m_travel->zoom(kNow - 4 * kMinute, 4); // further out than now reaches
        QVERIFY(!m_travel->range().paused);
        QCOMPARE(m_travel->range().length, std::chrono::milliseconds(10min));
    }
    void nothingLiesInTheFuture()
    {
        m_travel->select(kNow - kMinute, kNow + 10 * kMinute);
        QCOMPARE(m_travel->end(), kNow);
        m_travel->zoom(kNow - kMinute, 100);
        QCOMPARE(m_travel->end(), kNow);
    }
    void panningIntoNowGoesLive()
    {
        m_travel->pan(-2);
        QVERIFY(m_travel->range().travelled);
        QCOMPARE(m_travel->end(), kNow - 10 * kMinute);
        m_travel->pan(1);
        QCOMPARE(m_travel->end(), kNow - 5 * kMinute);
        m_travel->pan(5);
        QVERIFY(!m_travel->range().paused && !m_travel->range().travelled);
    }
    void aLiveRangeHasNothingLater()
    {
        QSignalSpy changed(m_travel.get(), &TimeTravel::changed);
        m_travel->pan(1);
        QCOMPARE(changed.count(), 0);
    }
    void rangesStayWithinTheirLimits()
    {
        for (int i = 0; i < 100; ++i) {
            m_travel->zoom(kNow - kMinute, 0.1);
        }
        QCOMPARE(m_travel->range().length, widgets::kShortestRange);
        for (int i = 0; i < 100; ++i) {
            m_travel->zoom(kNow - kMinute, 10);
        }
        QCOMPARE(m_travel->range().length, widgets::kLongestRange);
        m_travel->zoom(kNow, -1);
        m_travel->zoom(kNow, std::numeric_limits<double>::quiet_NaN());
        m_travel->zoom(kNow, std::numeric_limits<double>::infinity());
        m_travel->pan(std::numeric_limits<double>::quiet_NaN());
        QCOMPARE(m_travel->range().length, widgets::kLongestRange);
    }
    void backUndoesAndForwardRedoes()
    {
        m_travel->select(kNow - 3 * kMinute, kNow - 2 * kMinute);
        const widgets::TimeRange chosen = m_travel->range();
        m_travel->pan(-1);
        m_travel->back();
        QCOMPARE(m_travel->range(), chosen);
        m_travel->back();
        QVERIFY(!m_travel->range().paused);
        QVERIFY(!m_travel->canBack());
        m_travel->back();
        m_travel->forward();
        QCOMPARE(m_travel->range(), chosen);
        m_travel->live(); // a new way ends the old one
        QVERIFY(!m_travel->canForward());
    }
    void aBurstOfTheWheelIsUndoneAtOnce()
    {
        m_travel->setBurst(1h);
        for (int i = 0; i < 8; ++i) {
            m_travel->zoom(kNow - kMinute, 0.8);
        }
        m_travel->back();
        QCOMPARE(m_travel->range(), widgets::TimeRange());
    }
    void theWayBackIsBounded()
    {
        for (int i = 1; i <= 200; ++i) {
            m_travel->select(kNow - i * kMinute, kNow - (i - 1) * kMinute);
        }
        int steps = 0;
        while (m_travel->canBack()) {
            m_travel->back();
            ++steps;
        }
        QCOMPARE(steps, 50);
    }
    void pausingHoldsTheEdgeAndLengthsKeepIt()
    {
        m_travel->pause();
        m_travel->setNow(kNow + kMinute);
        m_travel->setLength(15min);
        QCOMPARE(m_travel->end(), kNow);
        QVERIFY(!m_travel->range().travelled);
        m_travel->live();
        QCOMPARE(m_travel->end(), kNow + kMinute);
    }
    void aComparisonGoesAlongAndIsUndone()
    {
        m_travel->toggleCompare(widgets::Comparison::Week);
        m_travel->select(kNow - 60 * kMinute, kNow - 30 * kMinute);
        QCOMPARE(m_travel->range().compare, widgets::Comparison::Week);
        m_travel->back();
        m_travel->back();
        QCOMPARE(m_travel->range().compare, widgets::Comparison::None);
        m_travel->toggleCompare(widgets::Comparison::Day);
        m_travel->toggleCompare(widgets::Comparison::Week); // the other one instead
        QCOMPARE(m_travel->range().compare, widgets::Comparison::Week);
        m_travel->toggleCompare(widgets::Comparison::Week); // the same again: none
        QCOMPARE(m_travel->range().compare, widgets::Comparison::None);
    }
    void withoutASampleThereIsNoPast()
    {
        TimeTravel fresh;
        fresh.zoom(1, 0.5);
        fresh.pan(-1);
        fresh.select(1, 2);
        QCOMPARE(fresh.range(), widgets::TimeRange());
    }

private:
    std::unique_ptr<TimeTravel> m_travel;
};

QTEST_GUILESS_MAIN(TimeTravelTest)
#include "tst_time_travel.moc"

// Why there was no sample for a while: told from three clocks.
#include "monitor/engine/gap_watch.h"

#include <QRegularExpression>
#include <QTest>

#include <chrono>

using engine::ClockReading;
using engine::GapWatch;
using metrics::GapReason;
using metrics::Mark;
using namespace std::chrono_literals;

namespace {

constexpr auto kBegin = core::WallTime(std::chrono::hours(24 * 20'000));

ClockReading at(core::Nanos wall, core::Nanos steady, core::Nanos boot)
{
    return {std::chrono::time_point_cast<core::WallTime::duration>(kBegin + wall), steady, boot};
}

} // namespace

class TstGapWatch final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void aQuietRunHasNoGaps()
    {
        GapWatch watch(1s);
        for (int i = 0; i < 100; ++i) {
            QVERIFY(!watch.tick(at(i * 1s, i * 1s, i * 1s)));
        }
        QVERIFY(!watch.tick(at(101'400ms, 101'400ms, 101'400ms))); // 2.4 intervals: late, no gap
    }
    void eachReasonIsToldFromTheClocks_data()
    {
        using Span = core::Nanos;
        QTest::addColumn<Span>("wall");
        QTest::addColumn<Span>("steady");
        QTest::addColumn<Span>("boot");
        QTest::addColumn<int>("reason");
        QTest::addColumn<Span>("lasted");
        const auto row = [](const char* name, Span wall, Span steady, Span boot, GapReason reason,
                            Span lasted) {
            QTest::newRow(name) << wall << steady << boot << static_cast<int>(reason) << lasted;
        };
        row("an hour asleep", 1h, 1s, 1h, GapReason::Suspended, 1h);
        row("asleep and late", 1h, 20s, 1h, GapReason::Suspended, 1h);
        row("clock set forward", 1h, 1s, 1s, GapReason::ClockStep, 1h);
        row("clock set back", -30min, 1s, 1s, GapReason::ClockStep, Span(0));
        row("stopped for a minute", 1min, 1min, 1min, GapReason::HeldUp, 1min);
    }
    void eachReasonIsToldFromTheClocks()
    {
        QFETCH(core::Nanos, wall);
        QFETCH(core::Nanos, steady);
        QFETCH(core::Nanos, boot);
        QFETCH(core::Nanos, lasted);
        QFETCH(int, reason);
        GapWatch watch(1s);
        QVERIFY(!watch.tick(at(0s, 0s, 0s)));
        const auto mark = watch.tick(at(wall, steady, boot));
        QVERIFY(mark);
        QCOMPARE(mark->kind, Mark::Kind::Gap);
        QCOMPARE(static_cast<int>(metrics::gapReasonFrom(mark->text).value()), reason);
        if (lasted.count() > 0) {
            QCOMPARE(mark->at, kBegin);
            QCOMPARE(core::Nanos(mark->until - mark->at), lasted);
        } else { // a moment
            QCOMPARE(mark->at, kBegin + wall);
            QCOMPARE(mark->until, core::WallTime{});
        }
        QVERIFY(!watch.tick(at(wall + 1s, steady + 1s, boot + 1s))); // once
    }
    void theKernelsClocksAgreeWhileTheMachineIsAwake()
    {
        GapWatch watch(1h);
        QVERIFY(!watch.tick(engine::readClocks()));
        QVERIFY(!watch.tick(engine::readClocks()));
    }
};

QTEST_GUILESS_MAIN(TstGapWatch)
#include "tst_gap_watch.moc"

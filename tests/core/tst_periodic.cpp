#include "monitor/core/periodic.h"

#include <QTest>

#include <atomic>
#include <condition_variable>
#include <mutex>

using namespace std::chrono_literals;

class PeriodicTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ticksKeepTheGridOfTheStart()
    {
        std::atomic<int> ticks{0};
        std::mutex mutex;
        std::vector<std::chrono::steady_clock::time_point> dues;
        core::Periodic periodic(5ms, [&](const core::PeriodicTick& tick, std::stop_token) {
            const std::lock_guard lock(mutex);
            dues.push_back(tick.due);
            ++ticks;
        });
        QTRY_VERIFY(ticks >= 10);
        periodic.stop();
        for (std::size_t i = 1; i < dues.size(); ++i) {
            QCOMPARE((dues[i] - dues[0]) % std::chrono::nanoseconds(5ms), std::chrono::nanoseconds(0));
        }
    }
    void lateTicksAreCountedNotMadeUpFor()
    {
        std::atomic<int> ticks{0};
        std::atomic<bool> numbersAddUp{true};
        core::Periodic periodic(2ms, [&](const core::PeriodicTick& tick, std::stop_token) {
            if (tick.number == 0) { // outlast several ticks
                const auto until = std::chrono::steady_clock::now() + 21ms;
                while (std::chrono::steady_clock::now() < until) {
                }
            }
            if (tick.number != static_cast<std::uint64_t>(ticks) + tick.missed) {
                numbersAddUp = false;
            }
            ++ticks;
        });
        QTRY_VERIFY(ticks >= 3);
        periodic.stop();
        QVERIFY(periodic.missed() >= 9);
        QVERIFY(numbersAddUp);
    }
    void newIntervalTakesEffectAtOnce()
    {
        std::atomic<int> ticks{0};
        core::Periodic periodic(1h, [&](const core::PeriodicTick&, std::stop_token) { ++ticks; });
        QTRY_COMPARE(ticks.load(), 1);
        periodic.setInterval(1ms);
        QTRY_VERIFY(ticks >= 5);
    }
    void stopDoesNotWaitForTheNextTick()
    {
        std::atomic<int> ticks{0};
        core::Periodic periodic(1h, [&](const core::PeriodicTick&, std::stop_token) { ++ticks; });
        QTRY_COMPARE(ticks.load(), 1);
        const auto before = std::chrono::steady_clock::now();
        periodic.stop();
        QVERIFY(std::chrono::steady_clock::now() - before < 1s);
    }
};

QTEST_GUILESS_MAIN(PeriodicTest)
#include "tst_periodic.moc"

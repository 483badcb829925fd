#include "monitor/core/fast_clock.h"

#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

class FastClockTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itStaysWithTheRealClock()
    {
        const core::FastClock& clock = core::FastClock::instance();
        const auto end = std::chrono::steady_clock::now() + 100ms;
        int near = 0;
        int readings = 0;
        for (core::SteadyTime before = std::chrono::steady_clock::now(); before < end; ++readings) {
            const core::SteadyTime now = clock.steadyNow();
            const core::SteadyTime after = std::chrono::steady_clock::now();
            near += now >= before - 2us && now <= after + 2us ? 1 : 0;
            before = after;
        }
        QVERIFY(readings > 1000);
        QCOMPARE(near, readings);
    }
    void itNeverGoesBackWithinAThread()
    {
        std::atomic<int> backward{0};
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t) {
                threads.emplace_back([&backward] {
                    const core::FastClock& clock = core::FastClock::instance();
                    core::SteadyTime last = clock.steadyNow();
                    const core::SteadyTime end = last + 50ms;
                    while (last < end) {
                        const core::SteadyTime now = clock.steadyNow();
                        backward += now < last ? 1 : 0;
                        last = now;
                    }
                });
            }
        }
        QCOMPARE(backward.load(), 0);
    }
    void theWallIsTheSystems()
    {
        const auto apart = core::FastClock::instance().wallNow() - core::SystemClock::instance().wallNow();
        QVERIFY(std::chrono::abs(apart) < 1s);
    }
};

QTEST_GUILESS_MAIN(FastClockTest)
#include "tst_fast_clock.moc"

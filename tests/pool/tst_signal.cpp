#include "monitor/pool/brief_mutex.h"
#include "monitor/pool/signal.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace std::chrono_literals;
using pool::Signal;

class SignalTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneServedBeforeItWaitsDoesNotSleep()
    {
        Signal signal;
        QVERIFY(!signal.serve()); // nobody sleeps: nobody is to be woken
        QVERIFY(signal.waitFor(1h, Signal::Patience::Sleeps));
    }
    void aWaitEndsWithItsSpan()
    {
        Signal signal;
        const auto begin = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() - begin < 20ms) {
            QVERIFY(!signal.waitFor(20ms, Signal::Patience::Spins));
        }
        QVERIFY(!signal.served());
    }
    void whoServesASleeperWakesIt()
    {
        for (int round = 0; round < 200; ++round) {
            Signal signal;
            int handedOver = 0;
            std::jthread waiter([&] {
                while (!signal.waitFor(1h, Signal::Patience::Sleeps)) {
                }
                handedOver *= 2;
            });
            handedOver = 21;
            if (signal.serve()) {
                Signal::wake(&signal);
            }
            waiter.join();
            QCOMPARE(handedOver, 42);
        }
    }
    void aNudgeReturnsWithoutServing()
    {
        Signal signal;
        std::atomic<bool> back{false};
        std::jthread waiter([&] { back = !signal.waitFor(1h, Signal::Patience::Sleeps); });
        while (!back) {
            signal.nudge();
            std::this_thread::yield();
        }
        waiter.join();
        QVERIFY(!signal.serve());
        signal.nudge(); // too late to undo it
        QVERIFY(signal.served());
        signal.reset();
        QVERIFY(!signal.served());
    }
    void theBriefMutexLetsInOneAtATime()
    {
        pool::BriefMutex mutex;
        int count = 0;
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 8; ++t) {
                threads.emplace_back([&] {
                    for (int i = 0; i < 20'000; ++i) {
                        const pool::BriefLock lock(mutex);
                        ++count;
                    }
                });
            }
        }
        QCOMPARE(count, 160'000);
    }
};

QTEST_GUILESS_MAIN(SignalTest)
#include "tst_signal.moc"

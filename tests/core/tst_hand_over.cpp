#include "monitor/core/bounded_queue.h"
#include "monitor/core/latest.h"
#include "monitor/core/mailbox.h"
#include "monitor/core/ring.h"

#include <QTest>

#include <memory>
#include <thread>
#include <vector>

class HandOverTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void fullQueueDropsTheNewestAndCounts()
    {
        core::BoundedQueue<int> queue(2);
        QVERIFY(queue.push(1));
        QVERIFY(queue.push(2));
        QVERIFY(!queue.push(3));
        QCOMPARE(queue.drain(), (std::vector<int>{1, 2}));
        QCOMPARE(queue.dropped(), std::uint64_t(1));
        QVERIFY(queue.drain().empty());
    }
    void waitingConsumerGetsEverythingInOrder()
    {
        core::BoundedQueue<int> queue(100'000);
        std::vector<int> got;
        std::jthread consumer([&](std::stop_token stop) {
            while (got.size() < 10'000 && !stop.stop_requested()) {
                for (const int item : queue.waitAndDrain(stop, std::chrono::seconds(1))) {
                    got.push_back(item);
                }
            }
        });
        for (int i = 0; i < 10'000; ++i) {
            queue.push(i);
        }
        consumer.join();
        QCOMPARE(got.size(), std::size_t(10'000));
        QVERIFY(std::is_sorted(got.begin(), got.end()));
    }
    void stalledReceiverFindsOnlyTheNewestAndIsWokenOnce()
    {
        int wakes = 0;
        core::Mailbox<int> box([&] { ++wakes; });
        box.post(1);
        box.post(2);
        box.post(3);
        QCOMPARE(wakes, 1);
        QCOMPARE(box.take(), std::optional<int>(3));
        QCOMPARE(box.take(), std::nullopt);
        box.post(4);
        QCOMPARE(wakes, 2);
    }
    void latestGivesWhatWasSetLast()
    {
        core::Latest<int> latest;
        QVERIFY(!latest.get());
        latest.set(std::make_shared<const int>(1));
        const auto held = latest.get();
        latest.set(std::make_shared<const int>(2));
        QCOMPARE(*held, 1);
        QCOMPARE(*latest.get(), 2);
    }
    void ringForgetsTheOldest()
    {
        core::Ring<int> ring(3);
        for (int i = 1; i <= 5; ++i) {
            ring.push(i);
        }
        QCOMPARE(ring.toVector(), (std::vector<int>{3, 4, 5}));
        QCOMPARE(ring.newest(), 5);
        ring.clear();
        QVERIFY(ring.empty());
        ring.push(9);
        QCOMPARE(ring.at(0), 9);
    }
};

QTEST_GUILESS_MAIN(HandOverTest)
#include "tst_hand_over.moc"

#include "monitor/load/crew.h"
#include "monitor/load/workers.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <latch>
#include <memory>
#include <semaphore>
#include <set>
#include <thread>

class CrewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asManyJobsAsTheLimitRunAtOnce() {
        std::latch all(8);
        std::atomic<int> done{0};
        load::Curfew curfew;
        load::Crew crew(8, curfew);
        for (int i = 0; i < 8; ++i) {
            QVERIFY(crew.post([&](std::stop_token) {
                all.arrive_and_wait(); // passes only when eight threads are in here
                ++done;
            }));
        }
        QTRY_COMPARE(done.load(), 8);
        QTRY_COMPARE(crew.busy(), 0);
    }
    void jobsBeyondTheLimitAreRefused() {
        std::binary_semaphore go(0);
        load::Curfew curfew;
        load::Crew crew(1, curfew);
        QVERIFY(crew.post([&](std::stop_token) { go.acquire(); }));
        bool ran = false;
        QVERIFY(!crew.post([&](std::stop_token) { ran = true; }));
        go.release();
        QTRY_COMPARE(crew.busy(), 0);
        QVERIFY(!ran);
        QVERIFY(crew.post([](std::stop_token) {}));
    }
    void threadsAreUsedAgain() {
        std::set<std::thread::id> seen;
        std::binary_semaphore done(0);
        load::Curfew curfew;
        load::Crew crew(16, curfew);
        for (int i = 0; i < 100; ++i) {
            QTRY_COMPARE(crew.busy(), 0);
            QVERIFY(crew.post([&](std::stop_token) {
                seen.insert(std::this_thread::get_id());
                done.release();
            }));
            done.acquire();
        }
        QTRY_COMPARE(crew.busy(), 0);
        QCOMPARE(seen.size(), std::size_t(1));
    }
    void everyTakenJobRunsExactlyOnceWhenTheCrewGoes() {
        std::atomic<int> ran{0};
        int taken = 0;
        {
            load::Curfew curfew;
            load::Crew crew(50, curfew);
            for (int i = 0; i < 200; ++i) {
                taken += crew.post([&](std::stop_token stop) {
                    std::binary_semaphore never(0);
                    const std::stop_callback wake(stop, [&] { never.release(); });
                    never.acquire();
                    ++ran;
                })
                             ? 1
                             : 0;
            }
            QCOMPARE(taken, 50);
        }
        QCOMPARE(ran.load(), taken);
    }
    void workersAreGoneWithTheirOwner() {
        std::atomic<int> inside{0};
        std::atomic<int> indices{0};
        const auto work = [&](std::stop_token stop, int index) {
            ++inside;
            indices += 1 << index;
            std::binary_semaphore never(0);
            const std::stop_callback wake(stop, [&] { never.release(); });
            never.acquire();
            --inside;
        };
        for (int round = 0; round < 20; ++round) {
            indices = 0;
            {
                load::Curfew curfew;
                load::Workers workers(curfew);
                workers.add(3, work);
                workers.add(2, work);
                QTRY_COMPARE(inside.load(), 5);
                QCOMPARE(indices.load(), 31);
            }
            QCOMPARE(inside.load(), 0);
        }
    }
    void whatIsUnderWayIsCutShortAfterAMomentAgainAndAgain() {
        QElapsedTimer timer;
        std::atomic<int> cuts{0};
        {
            load::Curfew curfew;
            load::Workers workers(curfew);
            std::binary_semaphore begun(0);
            workers.add(1, [&](std::stop_token, int) { // deaf to the first request
                std::binary_semaphore never(0);
                const load::Curfew::Lengthy lengthy(curfew, [&] {
                    if (++cuts == 2) { // the first request was lost
                        never.release();
                    }
                });
                begun.release();
                never.acquire();
            });
            begun.acquire();
            timer.start();
        }
        QCOMPARE(cuts.load(), 2);
        QVERIFY2(timer.elapsed() >= 1490 && timer.elapsed() < 2500,
                 qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_GUILESS_MAIN(CrewTest)
#include "tst_crew.moc"

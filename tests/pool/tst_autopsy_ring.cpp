#include "monitor/pool/autopsy_ring.h"

#include <QTest>

#include <thread>

using pool::AutopsyRing;

class AutopsyRingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEmptyRingHasNothingToTell()
    {
        const AutopsyRing ring;
        QVERIFY(ring.newest(20).empty());
    }
    void theNewestComeFirstAndAreNumbered()
    {
        AutopsyRing ring;
        for (const char* tag : {"a", "b", "c"}) {
            pool::Autopsy autopsy;
            autopsy.tag = tag;
            ring.add(std::move(autopsy));
        }
        const auto two = ring.newest(2);
        QCOMPARE(two.size(), std::size_t{2});
        QCOMPARE(two[0]->tag, std::string("c"));
        QCOMPARE(two[0]->number, std::uint64_t{3});
        QCOMPARE(two[1]->tag, std::string("b"));
        QVERIFY(ring.newest(0).empty());
    }
    void itKeepsTwoHundredAndWhatWasHandedOutStays()
    {
        AutopsyRing ring;
        ring.add({});
        const pool::AutopsyPtr first = ring.newest(1).front();
        for (std::size_t i = 0; i < 250; ++i) {
            ring.add({});
        }
        const auto all = ring.newest(1000);
        QCOMPARE(all.size(), AutopsyRing::kCapacity);
        QCOMPARE(all.front()->number, std::uint64_t{251});
        QCOMPARE(all.back()->number, std::uint64_t{52});
        QCOMPARE(first->number, std::uint64_t{1});
    }
    void manyMayAddWhileOthersRead()
    {
        AutopsyRing ring;
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t) {
                threads.emplace_back([&ring] {
                    for (int i = 0; i < 500; ++i) {
                        ring.add({});
                        (void)ring.newest(20);
                    }
                });
            }
        }
        const auto all = ring.newest(AutopsyRing::kCapacity);
        for (std::size_t i = 0; i < all.size(); ++i) {
            QCOMPARE(all[i]->number, std::uint64_t{2000 - i});
        }
    }
};

QTEST_GUILESS_MAIN(AutopsyRingTest)
#include "tst_autopsy_ring.moc"

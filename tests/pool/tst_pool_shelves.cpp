// Places that stay with their threads (monitor/pool/shelf.h): nothing that holds for the pool may hold less
// for them. One thread plays several; which one asks stands in the request.
#include "tests/pool/hand_pool.h"

#include <QTest>

#include <set>
#include <utility>

using namespace std::chrono_literals;
using pool::Check;
using pool::Outcome;
using pool::PoolCore;
using pool::Request;
using pool::Slot;
using pool::Step;
using support::HandPool;

namespace {

pool::PoolConfig sized(int size, int overflow)
{
    pool::PoolConfig config;
    config.size = size;
    config.maxOverflow = overflow;
    return config;
}

// Two places, one on the shelf of thread 1, and one that is idle or, with `others` at Held, thread 3's.
struct Scene {
    enum class Others { Idle, Held };
    explicit Scene(Others others = Others::Idle, pool::PoolConfig config = sized(2, 0))
        : hand(config)
    {
        hand.pool.setShelving(PoolCore::Shelving::Always);
        auto first = takeBy(1);
        held = takeBy(3);
        shelved = first->slot;
        hand.giveBack(*first);
        if (others == Others::Idle) {
            hand.pool.setShelving(PoolCore::Shelving::Never); // would empty the shelf
            hand.giveBack(*held);
            hand.pool.setShelving(PoolCore::Shelving::Always);
            auto again = takeBy(1);
            while (again->slot != shelved) {
                hand.giveBack(*std::exchange(again, takeBy(1)));
            }
            hand.giveBack(*again);
        }
    }
    std::unique_ptr<Request> takeBy(std::uint32_t thread)
    {
        auto request = std::make_unique<Request>();
        request->thread = thread;
        if (hand.pool.begin(*request) == Step::Queued) {
            hand.open();
        }
        if (request->step == Step::Check && request->check == Check::Look) {
            hand.pool.confirm(*request, hand.clock.steadyNow());
        }
        return request;
    }
    [[nodiscard]] bool onShelf() const { return shelved->shelf.load() != nullptr; }
    [[nodiscard]] pool::PoolStats stats()
    {
        return hand.pool.stats([](const Slot&, pool::SlotInfo&) {});
    }

    HandPool hand;
    Slot* shelved = nullptr;
    std::unique_ptr<Request> held;
};

} // namespace

class PoolShelvesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aThreadAloneGetsTheIdleOnesFirstInFirstOut()
    {
        HandPool hand(sized(3, 0));
        auto a = hand.take();
        auto b = hand.take();
        Slot* const first = a->slot;
        Slot* const second = b->slot;
        hand.giveBack(*a);
        hand.giveBack(*b);
        for (int i = 0; i < 200; ++i) {
            auto next = hand.take();
            QCOMPARE(next->slot, i % 2 == 0 ? first : second);
            hand.giveBack(*next);
        }
    }
    void inACrowdAThreadGetsBackWhatItGaveForALimitedNumberOfUses()
    {
        Scene scene;
        QVERIFY(scene.onShelf());
        std::set<std::uint64_t> numbers;
        std::uint64_t uses = 0;
        for (; scene.onShelf(); ++uses) {
            auto request = scene.takeBy(1);
            QCOMPARE(request->slot, scene.shelved);
            QVERIFY(numbers.insert(request->number).second);
            scene.hand.giveBack(*request);
        }
        QVERIFY(uses >= 32U && uses <= pool::Shelf::kUses);
        QVERIFY(scene.takeBy(1)->slot != scene.shelved); // the turn of the other
    }
    void whoFindsNothingElseGetsWhatLiesOnAnothersShelf()
    {
        Scene scene(Scene::Others::Held);
        QVERIFY(scene.onShelf());
        auto request = scene.takeBy(2);
        QCOMPARE(request->step, Step::Granted);
        QCOMPARE(request->slot, scene.shelved);
        QCOMPARE(scene.hand.pool.brokenRule(), std::string());
    }
    void nothingComesToAShelfWhileSomebodyWaits()
    {
        Scene scene(Scene::Others::Held);
        auto quick = scene.takeBy(1);
        Request waiter;
        waiter.thread = 2;
        QCOMPARE(scene.hand.pool.begin(waiter), Step::Queued);
        QVERIFY(!scene.onShelf()); // leased, and its return will be seen
        QCOMPARE(scene.hand.giveBack(*quick), pool::Disposal::Passed);
        QCOMPARE(waiter.slot, scene.shelved);
        Request late;
        late.thread = 1;
        QCOMPARE(scene.hand.pool.begin(late), Step::Queued);
    }
    void aThreadThatAsksForASecondOneIsNoticed()
    {
        Scene scene;
        auto first = scene.takeBy(1);
        QVERIFY(scene.onShelf());
        auto second = scene.takeBy(1);
        QVERIFY(second->nested);
        QVERIFY(second->slot != first->slot);
        scene.hand.giveBack(*second); // holds one still: not on a shelf, where the next would not be noticed
        auto third = scene.takeBy(1);
        QVERIFY(third->nested);
        QCOMPARE(scene.stats().nestedAcquires, 2U);
    }
    void figuresAreThoseOfTheMomentTheyAreLookedAt()
    {
        Scene scene;
        const pool::PoolStats before = scene.stats();
        scene.hand.giveBack(*scene.takeBy(1));
        scene.hand.giveBack(*scene.takeBy(1));
        scene.hand.giveBack(*scene.takeBy(1));
        auto held = scene.takeBy(1);
        const std::uint64_t version = scene.hand.pool.version();
        const pool::PoolStats after = scene.stats();
        QCOMPARE(after.requests, before.requests + 4);
        QCOMPARE(after.checkouts, before.checkouts + 4);
        QCOMPARE(after.checkins, before.checkins + 3);
        QCOMPARE(after.counts.leased, 1);
        QCOMPARE(after.counts.idle, 1);
        QVERIFY(after.peakLeased >= 1);
        QVERIFY(scene.hand.pool.version() > version);
        QCOMPARE(scene.hand.pool.brokenRule(), std::string());
    }
    void aLeaseFromAShelfCountsForThePeak()
    {
        pool::PoolConfig config = sized(2, 0);
        config.validateAfter = 1h;
        Scene scene(Scene::Others::Idle, config);
        scene.hand.clock.advance(2min); // what was before is forgotten
        QVERIFY(scene.onShelf());
        auto held = scene.takeBy(1);
        QVERIFY(scene.onShelf());
        QCOMPARE(scene.stats().peakLeased, 1);
    }
    void somethingMayHaveChangedAsLongAsShelvesAreInUse()
    {
        Scene scene;
        QVERIFY(scene.onShelf());
        const std::uint64_t version = scene.hand.pool.version();
        QVERIFY(scene.hand.pool.version() > version);
    }
    void whatHasBeenIdleForLongMustProveItself()
    {
        Scene scene;
        QVERIFY(scene.onShelf());
        scene.hand.clock.advance(5s);
        auto request = scene.takeBy(1);
        QCOMPARE(request->step, Step::Check);
        QCOMPARE(request->check, Check::Prove);
    }
    void whatIsTooOldIsReplaced()
    {
        pool::PoolConfig config = sized(2, 0);
        config.recycle = 60s;
        config.validateAfter = 1h;
        Scene scene(Scene::Others::Held, config);
        QVERIFY(scene.onShelf());
        scene.hand.clock.advance(61s);
        auto request = scene.takeBy(1);
        QCOMPARE(request->check, Check::Replace);
    }
    void aBrokenOneElsewhereMakesItProveItself()
    {
        Scene scene(Scene::Others::Held);
        scene.hand.clock.advance(1ms);
        QCOMPARE(scene.hand.giveBack(*scene.held, pool::Returned::Broken), pool::Disposal::Close);
        QVERIFY(!scene.onShelf());
        QCOMPARE(scene.takeBy(1)->check, Check::Prove);
    }
    void aFailedLookIsUndoneAsIfItHadNeverBeen()
    {
        Scene scene(Scene::Others::Held);
        Request request;
        request.thread = 1;
        QCOMPARE(scene.hand.pool.begin(request), Step::Check);
        const pool::PoolStats during = scene.stats();
        QCOMPARE(during.counts.waiting, 1);
        QCOMPARE(during.counts.leased, 1); // thread 3's
        const auto now = scene.hand.clock.steadyNow();
        QCOMPARE(scene.hand.pool.reject(request, pool::CloseReason::Invalid, now), Step::Queued);
        QCOMPARE(scene.stats().checkouts, during.checkouts);
        QCOMPARE(scene.hand.pool.brokenRule(), std::string());
    }
    void drainReachesIt()
    {
        Scene scene;
        scene.hand.pool.drain();
        QCOMPARE(scene.hand.pool.reap().size(), std::size_t{2});
    }
    void drainReachesALeaseOfIt()
    {
        Scene scene;
        auto request = scene.takeBy(1);
        scene.hand.pool.drain();
        QCOMPARE(scene.hand.giveBack(*request), pool::Disposal::Close);
        QCOMPARE(request->slot->closing, pool::CloseReason::Drain);
    }
    void suspensionHoldsItsThreadToo()
    {
        Scene scene;
        QVERIFY(scene.onShelf());
        scene.hand.pool.setGate(PoolCore::Gate::Hold);
        Request request;
        request.thread = 1;
        QCOMPARE(scene.hand.pool.begin(request), Step::Queued);
        scene.hand.pool.setGate(PoolCore::Gate::Open);
        QCOMPARE(request.step, Step::Check);
    }
    void aSmallerSizeClosesIt()
    {
        Scene scene;
        scene.hand.pool.configure(sized(1, 0));
        QCOMPARE(scene.hand.pool.reap().size(), std::size_t{1});
    }
    void limitsHoldForItsThread()
    {
        Scene scene;
        scene.hand.pool.setLimits({0, 0});
        QCOMPARE(scene.takeBy(1)->outcome, Outcome::Shed);
    }
    void aClosedPoolRefusesItsThread()
    {
        Scene scene;
        scene.hand.pool.close();
        QCOMPARE(scene.takeBy(1)->outcome, Outcome::Closed);
        QCOMPARE(scene.hand.pool.reap().size(), std::size_t{2});
    }
    void aSecondReturnIsRefused()
    {
        Scene scene;
        auto request = scene.takeBy(1);
        QCOMPARE(scene.hand.giveBack(*request), pool::Disposal::Kept);
        QCOMPARE(scene.hand.giveBack(*request), pool::Disposal::Refused);
        QCOMPARE(scene.stats().doubleReturns, 1U);
        QCOMPARE(scene.hand.pool.brokenRule(), std::string());
    }
    void whoHoldsItForLongIsSeen()
    {
        Scene scene;
        auto request = scene.takeBy(1);
        std::vector<int> leased;
        scene.hand.pool.visitAll(pool::SlotUse::Leased,
                                 [&leased](Slot& slot) { leased.push_back(slot.index); });
        QCOMPARE(leased, std::vector<int>{scene.shelved->index});
        QCOMPARE(scene.hand.giveBack(*request), pool::Disposal::Kept);
    }
};

QTEST_GUILESS_MAIN(PoolShelvesTest)
#include "tst_pool_shelves.moc"

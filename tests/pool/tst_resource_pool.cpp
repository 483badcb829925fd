// The core with ints on a fake clock: opening, growing, outages, limits, ages and threads. The ways in which well-known
// pools went wrong are in tst_pool_pitfalls; those that belong here bear their number, too.
#include "tests/pool/hand_pool.h"

#include <QTest>

#include <thread>

using namespace std::chrono_literals;
using pool::Outcome;
using pool::Request;
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

} // namespace

class ResourcePoolTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsOpenedUntilSomebodyAsks()
    {
        HandPool hand(sized(10, 20));
        QCOMPARE(hand.open(), 0);
        QCOMPARE(hand.pool.counts().total, 0);
    }
    void minIdleIsOpenedUnasked()
    {
        pool::PoolConfig config = sized(10, 20);
        config.minIdle = 3;
        HandPool hand(config);
        QCOMPARE(hand.open(), 3);
        QCOMPARE(hand.pool.counts().idle, 3);
    }
    void ofAWaitForANewOneTheOpeningIsToldApart()
    {
        HandPool hand(sized(1, 0));
        Request waiter;
        QCOMPARE(hand.pool.begin(waiter), Step::Queued);
        hand.clock.advance(20ms); // until somebody begins to open
        pool::Slot* const slot = hand.pool.beginOpening();
        QVERIFY(slot != nullptr);
        hand.clock.advance(150ms);
        hand.finishOpening(*slot);
        QCOMPARE(waiter.step, Step::Granted);
        QCOMPARE(waiter.endedAt - waiter.requestedAt, core::Nanos(170ms));
        QCOMPARE(waiter.connecting, core::Nanos(150ms));
        hand.giveBack(waiter);
        QCOMPARE(hand.take()->connecting, core::Nanos(0));
    }
    // P34
    void afterAnOutageOneConnectIsEnoughWhenNobodyElseWaits()
    {
        HandPool hand(sized(4, 0));
        hand.goDown();
        QCOMPARE(hand.pool.counts().state, pool::PoolState::Down);
        hand.clock.advance(200ms);
        QCOMPARE(hand.open(1), 1);
        QCOMPARE(hand.pool.counts().state, pool::PoolState::Up);
    }
    // P34
    void afterAnOutageTheRampLastsWhileAnybodyWaits()
    {
        HandPool hand(sized(4, 0));
        hand.goDown();
        hand.clock.advance(200ms);
        pool::Slot* opening = hand.pool.beginOpening();
        QVERIFY(opening);
        hand.pool.retryNow(); // the next ones may hope
        std::array<Request, 3> crowd;
        hand.clock.advance(1ms);
        hand.finishOpening(*opening);
        for (Request& request : crowd) {
            (void)hand.pool.begin(request);
        }
        QCOMPARE(crowd[0].step, Step::Check);
        QCOMPARE(crowd[1].step, Step::Queued);
        hand.finishOpening(*hand.pool.beginOpening());
        QCOMPARE(crowd[1].step, Step::Granted);
        QVERIFY(hand.pool.expire(crowd[2], Outcome::Cancelled));
        (void)hand.pool.reap();
        QCOMPARE(hand.pool.counts().state, pool::PoolState::Up);
        hand.pool.confirm(crowd[0], hand.clock.steadyNow());
    }
    // P22
    void growthIsNoMoreThanWhatIsWaitedForAndTwoAtATime()
    {
        HandPool hand(sized(5, 45));
        std::vector<std::unique_ptr<Request>> holders;
        for (int i = 0; i < 5; ++i) {
            holders.push_back(hand.take());
        }
        std::array<Request, 45> spike;
        for (Request& request : spike) {
            (void)hand.pool.begin(request);
        }
        QVERIFY(hand.pool.beginOpening());
        QVERIFY(hand.pool.beginOpening());
        QVERIFY(!hand.pool.beginOpening());
        // While two connects are under way the five that are there serve everybody: seven, not fifty.
        std::size_t served = 0;
        while (served < spike.size()) {
            auto holder = std::move(holders.front());
            holders.erase(holders.begin());
            hand.giveBack(*holder);
            Request& request = spike[served++];
            QCOMPARE(request.step, Step::Check);
            hand.pool.confirm(request, hand.clock.steadyNow());
            auto next = std::make_unique<Request>();
            next->slot = request.slot;
            next->number = request.number;
            holders.push_back(std::move(next));
        }
        QCOMPARE(hand.pool.counts().total, 7);
    }
    // P23
    void aFailedConnectFreesItsPlaceAndTriesAgain()
    {
        HandPool hand(sized(1, 0));
        Request waiter;
        (void)hand.pool.begin(waiter);
        pool::Slot* slot = hand.pool.beginOpening();
        (void)hand.pool.openFailed(*slot, {pool::FaultKind::Unreachable, "refused", "08001"},
                                   hand.clock.steadyNow());
        QCOMPARE(waiter.step, Step::Failed);
        QCOMPARE(waiter.outcome, Outcome::Down);
        QCOMPARE(hand.pool.counts().total, 0);
        QVERIFY(!hand.pool.beginOpening());
        hand.clock.advance(100ms);
        QCOMPARE(hand.open(), 1);
        QCOMPARE(hand.pool.counts().idle, 1);
    }
    // P36
    void knownToBeAwayItFailsAtOnceAndFortyTriesLoseNoPlace()
    {
        HandPool hand(sized(10, 20));
        for (int i = 0; i < 40; ++i) {
            Request request;
            if (hand.pool.begin(request) == Step::Queued) {
                pool::Slot* slot = hand.pool.beginOpening();
                QVERIFY(slot);
                (void)hand.pool.openFailed(*slot, {pool::FaultKind::Unreachable, "refused", "08001"},
                                           hand.clock.steadyNow());
            }
            QCOMPARE(request.outcome, Outcome::Down);
        }
        QCOMPARE(hand.pool.stats([](const pool::Slot&, pool::SlotInfo&) {}).connectErrors, 1U);
        hand.clock.advance(2s);
        QCOMPARE(hand.open(), 1);
        std::vector<std::unique_ptr<Request>> all;
        for (int i = 0; i < 30; ++i) {
            all.push_back(hand.take());
            QCOMPARE(all.back()->step, Step::Granted);
        }
        QCOMPARE(hand.pool.counts().leased, 30);
    }
    // P30
    void oneDeadConnectionMakesTheOlderOnesProveThemselves()
    {
        HandPool hand(sized(2, 0));
        auto a = hand.take();
        auto b = hand.take();
        hand.giveBack(*a);
        hand.giveBack(*b);
        Request request;
        QCOMPARE(hand.pool.begin(request), Step::Check);
        QCOMPARE(request.check, pool::Check::Look);
        pool::Slot& dead = *request.slot;
        QCOMPARE(hand.pool.reject(request, pool::CloseReason::Invalid, hand.clock.steadyNow()), Step::Check);
        hand.pool.closed(dead);
        QCOMPARE(request.check, pool::Check::Prove);
        hand.pool.confirm(request, hand.clock.steadyNow());
        QCOMPARE(HandPool::valueOf(request), 2);
        hand.giveBack(request);
    }
    // P20
    void aRequestWhoseCheckFailedKeepsItsPlaceInTheOrder()
    {
        HandPool hand(sized(1, 0));
        auto first = hand.take();
        hand.giveBack(*first);
        Request early;
        Request late;
        QCOMPARE(hand.pool.begin(early), Step::Check);
        QCOMPARE(hand.pool.begin(late), Step::Queued);
        pool::Slot& dead = *early.slot;
        QCOMPARE(hand.pool.reject(early, pool::CloseReason::Invalid, hand.clock.steadyNow()), Step::Queued);
        hand.pool.closed(dead);
        QCOMPARE(hand.open(1), 1);
        QCOMPARE(early.step, Step::Granted);
        QCOMPARE(late.step, Step::Queued);
        QVERIFY(hand.pool.expire(late, Outcome::Cancelled));
        hand.giveBack(early);
    }
    // P26
    void aSecondReturnIsRefusedAndHarmsNobody()
    {
        HandPool hand(sized(1, 0));
        auto first = hand.take();
        hand.giveBack(*first);
        auto second = hand.take();
        QCOMPARE(hand.giveBack(*first), pool::Disposal::Refused);
        QCOMPARE(hand.pool.counts().leased, 1);
        QCOMPARE(hand.pool.stats([](const pool::Slot&, pool::SlotInfo&) {}).doubleReturns, 1U);
        hand.giveBack(*second);
    }
    // P25
    void askingWhileHoldingIsNoticedWithTheOtherSite()
    {
        HandPool hand(sized(2, 0));
        Request outer;
        outer.site = std::source_location::current();
        (void)hand.pool.begin(outer);
        hand.open();
        auto inner = hand.take();
        QVERIFY(inner->nested);
        QCOMPARE(inner->nestedSite.line(), outer.site.line());
        bool elsewhere = true;
        hand.giveBack(*inner);
        std::jthread([&] {
            auto other = hand.take();
            elsewhere = other->nested;
            hand.giveBack(*other);
        }).join();
        QVERIFY(!elsewhere);
        hand.giveBack(outer);
    }
    void aFullQueueRefusesAtOnce()
    {
        pool::PoolConfig config = sized(1, 0);
        config.maxWaiters = 1;
        HandPool hand(config);
        auto holder = hand.take();
        Request waits;
        Request refused;
        QCOMPARE(hand.pool.begin(waits), Step::Queued);
        QCOMPARE(hand.pool.begin(refused), Step::Failed);
        QCOMPARE(refused.outcome, Outcome::QueueFull);
        (void)hand.pool.expire(waits, Outcome::Cancelled);
    }
    void aLimitOnBackgroundTurnsOnlyBackgroundAway()
    {
        HandPool hand(sized(2, 0));
        const auto ask = [&hand](pool::Priority priority) {
            auto request = std::make_unique<Request>();
            request->priority = priority;
            if (hand.pool.begin(*request) == Step::Queued) {
                hand.open();
            }
            if (request->step == Step::Check) {
                hand.pool.confirm(*request, hand.clock.steadyNow());
            }
            return request;
        };
        auto holding = ask(pool::Priority::Background);
        QCOMPARE(holding->step, Step::Granted);
        hand.pool.setLimits({-1, 1});
        auto shed = ask(pool::Priority::Background);
        QCOMPARE(shed->step, Step::Failed);
        QCOMPARE(shed->outcome, Outcome::Shed);
        auto normal = ask(pool::Priority::Normal);
        QCOMPARE(normal->step, Step::Granted);
        auto critical = ask(pool::Priority::Critical); // waits like anybody, is never turned away
        QCOMPARE(critical->step, Step::Queued);
        hand.pool.setLimits({0, 0});
        QCOMPARE(ask(pool::Priority::Normal)->outcome, Outcome::Shed);
        hand.giveBack(*holding); // who was in stays in; the place goes on in the order of requests
        QCOMPARE(critical->step, Step::Check);
        hand.pool.confirm(*critical, hand.clock.steadyNow());
        hand.pool.setLimits({});
        hand.giveBack(*normal);
        auto again = ask(pool::Priority::Background);
        QCOMPARE(again->step, Step::Granted);
        QCOMPARE(hand.pool.brokenRule(), std::string());
        hand.giveBack(*again);
        hand.giveBack(*critical);
        QCOMPARE(hand.pool.brokenRule(), std::string());
    }
    void whoWaitsInTheBackgroundCountsTowardsTheLimit()
    {
        HandPool hand(sized(1, 0));
        auto holder = hand.take();
        hand.pool.setLimits({-1, 1});
        Request waits;
        Request shed;
        waits.priority = shed.priority = pool::Priority::Background;
        QCOMPARE(hand.pool.begin(waits), Step::Queued);
        QCOMPARE(hand.pool.begin(shed), Step::Failed);
        QVERIFY(hand.pool.expire(waits, Outcome::Cancelled));
        Request next; // the one that gave up has left its place in the count
        next.priority = pool::Priority::Background;
        QCOMPARE(hand.pool.begin(next), Step::Queued);
        QVERIFY(hand.pool.expire(next, Outcome::Cancelled));
        hand.giveBack(*holder);
        QCOMPARE(hand.pool.brokenRule(), std::string());
    }
    // P33
    void ofThirtyBornTogetherNoTwoRetireTogether()
    {
        HandPool hand(sized(30, 0));
        std::vector<std::unique_ptr<Request>> all;
        for (int i = 0; i < 30; ++i) {
            all.push_back(hand.take());
        }
        std::vector<core::Nanos> lives;
        for (const auto& request : all) {
            lives.push_back(request->slot->retireAt - request->slot->openedAt);
        }
        std::sort(lives.begin(), lives.end());
        QVERIFY(lives.front() >= 3240s);
        QCOMPARE(lives.back(), core::Nanos(1h));
        for (std::size_t i = 1; i < lives.size(); ++i) {
            QVERIFY(lives[i] - lives[i - 1] >= 11s);
        }
    }
    void overflowLingersWhenAskedTo()
    {
        pool::PoolConfig config = sized(1, 2);
        config.overflowLinger = 10s;
        HandPool hand(config);
        auto a = hand.take();
        auto b = hand.take();
        hand.giveBack(*a);
        hand.giveBack(*b);
        QCOMPARE(hand.pool.counts().idle, 2);
        QVERIFY(hand.pool.reap().empty());
        hand.clock.advance(10s);
        const auto dead = hand.pool.reap();
        QCOMPARE(dead.size(), std::size_t(1));
        hand.pool.closed(*dead[0]);
    }
    // P12, P14
    void peaksOfTheLastMinuteAreSeenByEveryReader()
    {
        HandPool hand(sized(3, 0));
        const auto peak = [&] {
            return hand.pool.stats([](const pool::Slot&, pool::SlotInfo&) {}).peakLeased;
        };
        {
            auto a = hand.take();
            auto b = hand.take();
            hand.giveBack(*a);
            hand.giveBack(*b);
        }
        QCOMPARE(peak(), 2);
        QCOMPARE(peak(), 2);
        hand.clock.advance(59s);
        QCOMPARE(peak(), 2);
        hand.clock.advance(2s);
        QCOMPARE(peak(), 0);
    }
    void anUncontendedPairAllocatesNothingAndIsServedAtOnce()
    {
        pool::PoolConfig config = sized(10, 0);
        config.prePing = false;
        HandPool hand(config);
        hand.giveBack(*hand.take());
        for (int i = 0; i < 1000; ++i) {
            Request request;
            QCOMPARE(hand.pool.begin(request), Step::Granted);
            QVERIFY(!request.waited);
            QCOMPARE(hand.giveBack(request), pool::Disposal::Kept);
        }
    }
    void threadsOnFewPlacesAllGetTheirTurn()
    {
        pool::PoolConfig config = sized(2, 0);
        pool::ResourcePool<int> pool(config);
        std::jthread opener([&pool](const std::stop_token& stop) {
            while (pool::Slot* slot = pool.awaitOpening(stop)) {
                pool::Circuit::Turn turn = pool::Circuit::Turn::None;
                (void)pool.opened(*slot, pool.clock().steadyNow(), turn);
            }
        });
        std::atomic<int> held{0};
        std::atomic<int> most{0};
        std::atomic<int> failed{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 8; ++i) {
                threads.emplace_back([&] {
                    for (int round = 0; round < 2000; ++round) {
                        Request request;
                        Step step = pool.begin(request);
                        step = step == Step::Queued ? pool.await(request, {}) : step;
                        if (step == Step::Check) {
                            pool.confirm(request, pool.clock().steadyNow());
                        } else if (step == Step::Failed) {
                            ++failed;
                            continue;
                        }
                        ++pool::ResourcePool<int>::valueOf(
                            *request.slot); // a race here is the sanitizer's to find
                        const int now = ++held;
                        int before = most.load();
                        while (now > before && !most.compare_exchange_weak(before, now)) {
                        }
                        --held;
                        (void)pool.giveBack(*request.slot, request.number, pool::Returned::Clean,
                                            pool.clock().steadyNow());
                    }
                });
            }
        }
        QCOMPARE(failed.load(), 0);
        QVERIFY(most.load() <= 2);
        QCOMPARE(pool.brokenRule(), std::string());
        QCOMPARE(pool.stats([](const pool::Slot&, pool::SlotInfo&) {}).checkouts, 16'000U);
    }
};

QTEST_GUILESS_MAIN(ResourcePoolTest)
#include "tst_resource_pool.moc"

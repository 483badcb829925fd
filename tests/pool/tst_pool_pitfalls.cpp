// The ways in which well-known pools went wrong (numbers as in the comparison of pools the design rests on), each as a
// sentence that holds here, shown by the core with ints on a fake clock. README.md says where the others are shown.
#include "monitor/core/sleep_watch.h"
#include "tests/pool/hand_pool.h"

#include <QTest>

#include <memory>
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

// A pool of one, which somebody holds.
class OneLent final : public HandPool {
public:
    OneLent()
        : HandPool(sized(1, 0))
        , holder(take())
    {
    }
    std::unique_ptr<Request> holder;
};

pool::PoolStats statsOf(HandPool& hand)
{
    return hand.pool.stats([](const pool::Slot&, pool::SlotInfo&) {});
}

} // namespace

class PoolPitfallsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // P1
    void theWaitIsRequestToOutcomeAndNothingElse()
    {
        OneLent hand;
        Request waiter;
        QCOMPARE(hand.pool.begin(waiter), Step::Queued);
        hand.clock.advance(1515ms);
        hand.giveBack(*hand.holder);
        QCOMPARE(waiter.step, Step::Check);
        hand.pool.confirm(waiter, hand.clock.steadyNow());
        QCOMPARE(waiter.endedAt - waiter.requestedAt, core::Nanos(1515ms));
        hand.giveBack(waiter);
        hand.clock.advance(3s); // idle time is no wait
        auto next = hand.take();
        QCOMPARE(next->endedAt - next->requestedAt, core::Nanos(0));
    }
    // P2
    void failedWaitsHaveTheirLengthToo()
    {
        OneLent hand;
        Request waiter;
        (void)hand.pool.begin(waiter);
        hand.clock.advance(30s);
        QCOMPARE(hand.pool.await(waiter, {}), Step::Failed);
        QCOMPARE(waiter.outcome, Outcome::Timeout);
        QCOMPARE(waiter.endedAt - waiter.requestedAt, core::Nanos(30s));
        hand.giveBack(*hand.holder);
    }
    // P4
    void theOldestWaitIsOfThoseWhoWaitNowAndNotTheWorstEver()
    {
        OneLent hand;
        Request first;
        Request second;
        (void)hand.pool.begin(first);
        hand.clock.advance(9s);
        (void)hand.pool.begin(second);
        hand.clock.advance(1s);
        QCOMPARE(hand.pool.counts().oldestWait, core::Nanos(10s));
        QVERIFY(hand.pool.expire(first, Outcome::Cancelled));
        QCOMPARE(hand.pool.counts().oldestWait, core::Nanos(1s));
        QVERIFY(hand.pool.expire(second, Outcome::Cancelled));
        QCOMPARE(hand.pool.counts().oldestWait, core::Nanos(0));
        hand.giveBack(*hand.holder);
    }
    // P5
    void aWaiterSaysWhetherItWaitsForAReturnAConnectOrACheck()
    {
        pool::PoolConfig config = sized(2, 0);
        config.validateAfter = 0s;
        HandPool hand(config);
        hand.giveBack(*hand.take());
        Request checking;
        Request connecting;
        Request queueing;
        QCOMPARE(hand.pool.begin(checking), Step::Check);
        QCOMPARE(hand.pool.begin(connecting), Step::Queued);
        QCOMPARE(hand.pool.begin(queueing), Step::Queued);
        pool::Slot* opening = hand.pool.beginOpening();
        QVERIFY(opening);
        const pool::PoolStats stats = statsOf(hand);
        QCOMPARE(stats.waiters.size(), std::size_t(3));
        QCOMPARE(std::string(stats.waiters[0].phase), std::string("validate"));
        QCOMPARE(std::string(stats.waiters[1].phase), std::string("connect"));
        QCOMPARE(std::string(stats.waiters[2].phase), std::string("queue"));
        QCOMPARE(stats.counts.waiting, 3);
        hand.pool.confirm(checking, hand.clock.steadyNow());
        hand.finishOpening(*opening);
        QCOMPARE(connecting.step, Step::Granted);
        hand.giveBack(connecting);
        QCOMPARE(queueing.step, Step::Check);
    }
    // P6
    void timeSpentSuspendedIsTimeSpentWaitingAndWhoSpendsItIsCounted()
    {
        HandPool hand(sized(1, 0));
        hand.giveBack(*hand.take());
        hand.pool.setGate(pool::PoolCore::Gate::Hold);
        Request held;
        Request late;
        late.timeout = 1s;
        QCOMPARE(hand.pool.begin(held), Step::Queued);
        QCOMPARE(hand.pool.begin(late), Step::Queued);
        hand.clock.advance(4s);
        QCOMPARE(hand.pool.counts().waiting, 2);
        QCOMPARE(hand.pool.counts().oldestWait, core::Nanos(4s));
        QCOMPARE(hand.pool.await(late, {}), Step::Failed); // the deadline runs on meanwhile
        QCOMPARE(late.outcome, Outcome::Suspended);
        hand.pool.setGate(pool::PoolCore::Gate::Open);
        QCOMPARE(held.step, Step::Check);
        hand.pool.confirm(held, hand.clock.steadyNow());
        QCOMPARE(held.endedAt - held.requestedAt, core::Nanos(4s));
    }
    // P7, P11
    void whoIsServedAtOnceNeverWaitedAndWhoWaitedDidSoOnce()
    {
        HandPool hand(sized(1, 0));
        hand.giveBack(*hand.take()); // its connect was waited for
        const std::uint64_t before = statsOf(hand).waited;
        auto holder = hand.take();
        QCOMPARE(statsOf(hand).waited, before);
        Request waiter;
        (void)hand.pool.begin(waiter);
        for (int i = 0; i < 10; ++i) {
            hand.pool.poke(); // woken in vain
        }
        hand.giveBack(*holder);
        pool::Slot& dead = *waiter.slot;
        QCOMPARE(hand.pool.reject(waiter, pool::CloseReason::Invalid, hand.clock.steadyNow()), Step::Queued);
        hand.pool.closed(dead);
        hand.open();
        QCOMPARE(waiter.step, Step::Granted);
        QCOMPARE(statsOf(hand).waited, before + 1);
        QCOMPARE(statsOf(hand).requests, 3U);
        hand.giveBack(waiter);
    }
    // P9
    void tenThousandWaitsOfNineTenthsOfAMillisecondAreNineSeconds()
    {
        HandPool hand(sized(1, 0));
        core::Nanos sum{0};
        for (int i = 0; i < 10'000; ++i) {
            auto holder = hand.take();
            Request waiter;
            (void)hand.pool.begin(waiter);
            hand.clock.advance(900us);
            hand.giveBack(*holder);
            hand.pool.confirm(waiter, hand.clock.steadyNow());
            sum += waiter.endedAt - waiter.requestedAt;
            hand.giveBack(waiter);
        }
        QCOMPARE(sum, core::Nanos(9s));
    }
    // P12
    void readingTheFiguresChangesNoneOfThem()
    {
        HandPool hand(sized(2, 0));
        auto holder = hand.take();
        Request request;
        request.timeout = 0s;
        (void)hand.pool.begin(request);
        const pool::PoolStats first = statsOf(hand);
        const pool::PoolStats second = statsOf(hand);
        QCOMPARE(first.requests, second.requests);
        QCOMPARE(first.outcomes, second.outcomes);
        QCOMPARE(first.checkouts, second.checkouts);
        QCOMPARE(first.peakLeased, second.peakLeased);
        QCOMPARE(first.opened, second.opened);
        hand.giveBack(*holder);
    }
    // P15
    void thePeakIsOfLeasesAndNotOfOpenConnections()
    {
        pool::PoolConfig config = sized(5, 0);
        config.minIdle = 5;
        HandPool hand(config);
        QCOMPARE(hand.open(), 5);
        QCOMPARE(statsOf(hand).peakLeased, 0);
        hand.giveBack(*hand.take());
        QCOMPARE(statsOf(hand).peakLeased, 1);
    }
    // P20
    void waitersAreServedInTheOrderOfTheirRequests()
    {
        OneLent hand;
        std::array<Request, 5> waiters;
        for (Request& waiter : waiters) {
            (void)hand.pool.begin(waiter);
        }
        Request* last = hand.holder.get();
        for (Request& waiter : waiters) {
            hand.giveBack(*last);
            QCOMPARE(waiter.step, Step::Check);
            hand.pool.confirm(waiter, hand.clock.steadyNow());
            last = &waiter;
        }
        hand.giveBack(*last);
    }
    // P20
    void aNewcomerNeverOvertakesAWaiter()
    {
        OneLent hand;
        Request waiter;
        Request newcomer;
        (void)hand.pool.begin(waiter);
        QCOMPARE(hand.pool.begin(newcomer), Step::Queued);
        hand.giveBack(*hand.holder);
        QCOMPARE(waiter.step, Step::Check);
        QCOMPARE(newcomer.step, Step::Queued);
        QVERIFY(hand.pool.expire(newcomer, Outcome::Cancelled));
    }
    // P21
    void aWaiterThatExpiresSwallowsNothing()
    {
        OneLent hand;
        Request dead;
        Request next;
        (void)hand.pool.begin(dead);
        (void)hand.pool.begin(next);
        QVERIFY(hand.pool.expire(dead, Outcome::Timeout));
        QVERIFY(!hand.pool.expire(dead, Outcome::Timeout));
        hand.giveBack(*hand.holder);
        QCOMPARE(next.step, Step::Check);
        QVERIFY(!hand.pool.expire(next, Outcome::Cancelled)); // too late: it has been granted
        hand.pool.confirm(next, hand.clock.steadyNow());
        hand.giveBack(next);
        QCOMPARE(hand.pool.counts().idle, 1);
    }
    // P22
    void aConnectOutlivesItsBorrowerAndServesTheNext()
    {
        HandPool hand(sized(1, 0));
        Request impatient;
        Request patient;
        (void)hand.pool.begin(impatient);
        pool::Slot* opening = hand.pool.beginOpening();
        QVERIFY(opening);
        QVERIFY(hand.pool.expire(impatient, Outcome::Timeout));
        (void)hand.pool.begin(patient);
        QVERIFY(!hand.pool.beginOpening()); // the one under way will do
        hand.finishOpening(*opening);
        QCOMPARE(patient.step, Step::Granted);
        hand.giveBack(patient);
    }
    // P23
    void whenAHeldConnectionDiesAnotherIsOpenedForWhoeverWaits()
    {
        OneLent hand;
        Request waiter;
        (void)hand.pool.begin(waiter);
        QVERIFY(!hand.pool.beginOpening()); // the only place is taken
        QCOMPARE(hand.giveBack(*hand.holder, pool::Returned::Broken), pool::Disposal::Close);
        QCOMPARE(waiter.step, Step::Queued);
        QCOMPARE(hand.open(), 1);
        QCOMPARE(waiter.step, Step::Granted);
        hand.giveBack(waiter);
    }
    // P26
    void aReturnByAnotherThreadIsAsGoodAsAny()
    {
        OneLent hand;
        pool::Disposal disposal = pool::Disposal::Refused;
        std::jthread([&] { disposal = hand.giveBack(*hand.holder); }).join();
        QCOMPARE(disposal, pool::Disposal::Kept);
        QVERIFY(!hand.take()->nested); // and the taker is not thought to hold it still
    }
    // P30
    void aFreshConnectionIsLookedAtAndOneUnheardOfProvesItself()
    {
        HandPool hand(sized(1, 0));
        hand.giveBack(*hand.take());
        hand.clock.advance(999ms);
        auto soon = std::make_unique<Request>();
        QCOMPARE(hand.pool.begin(*soon), Step::Check);
        QCOMPARE(soon->check, pool::Check::Look);
        hand.pool.confirm(*soon, hand.clock.steadyNow());
        hand.giveBack(*soon);
        hand.clock.advance(1s);
        Request late;
        QCOMPARE(hand.pool.begin(late), Step::Check);
        QCOMPARE(late.check, pool::Check::Prove);
        hand.pool.confirm(late, hand.clock.steadyNow());
        hand.giveBack(late);
    }
    // P32
    void aClockSetBackOrForwardAnHourChangesNothing()
    {
        HandPool hand(sized(2, 0));
        auto first = hand.take();
        hand.clock.setWall(hand.clock.wallNow() - 1h);
        hand.giveBack(*first);
        hand.clock.setWall(hand.clock.wallNow() + 2h);
        auto again = hand.take();
        QCOMPARE(HandPool::valueOf(*again), 1); // not recycled
    }
    // P32
    void afterASleepOfTheMachineEveryConnectionProvesItself()
    {
        core::SleepWatch watch;
        QVERIFY(!watch.slept(100s, 90s)); // what was before is not known
        QVERIFY(!watch.slept(101s, 91s));
        QVERIFY(!watch.slept(102s + 50us, 92s)); // two clocks are never read at once
        QVERIFY(watch.slept(702s, 93s));
        QVERIFY(!watch.slept(703s, 94s));
        QVERIFY(!core::SleepWatch().slept());

        HandPool hand(sized(2, 0));
        auto first = hand.take();
        hand.giveBack(*hand.take());
        hand.giveBack(*first);
        hand.pool.doubtAll();
        for (int i = 0; i < 2; ++i) {
            Request request;
            QCOMPARE(hand.pool.begin(request), Step::Check);
            QCOMPARE(request.check, pool::Check::Prove); // though heard of this very moment
            hand.clock.advance(1ms);
            hand.pool.confirm(request, hand.clock.steadyNow());
            hand.giveBack(request);
        }
        QCOMPARE(hand.pool.counts().state, pool::PoolState::Up);
        Request again;
        QCOMPARE(hand.pool.begin(again), Step::Check);
        QCOMPARE(again.check, pool::Check::Look);
        hand.pool.confirm(again, hand.clock.steadyNow());
        hand.giveBack(again);
    }
    // P33
    void aCohortIsReplacedOneByOneAndNobodyMeetsTwoNewOnesInARow()
    {
        HandPool hand(sized(10, 0));
        std::vector<std::unique_ptr<Request>> all;
        for (int i = 0; i < 10; ++i) {
            all.push_back(hand.take());
        }
        for (const auto& request : all) {
            hand.giveBack(*request);
        }
        int replacedAtOnce = 0;
        for (int second = 0; second < 3600; second += 10) {
            hand.clock.advance(10s);
            int replaced = 0;
            for (int i = 0; i < 10; ++i) { // everybody is used every ten seconds
                Request request;
                (void)hand.pool.begin(request);
                while (request.step == Step::Check && request.check == pool::Check::Replace) {
                    pool::Slot& old = *request.slot;
                    (void)hand.pool.reject(request, pool::CloseReason::Lifetime, hand.clock.steadyNow());
                    hand.pool.closed(old);
                    ++replaced;
                }
                if (request.step == Step::Queued) {
                    hand.open();
                } else if (request.step == Step::Check) {
                    hand.pool.confirm(request, hand.clock.steadyNow());
                }
                QCOMPARE(request.step, Step::Granted);
                hand.giveBack(request);
            }
            replacedAtOnce = std::max(replacedAtOnce, replaced);
        }
        QCOMPARE(statsOf(hand).closed[static_cast<std::size_t>(pool::CloseReason::Lifetime)], 10U);
        QVERIFY2(replacedAtOnce <= 1, qPrintable(QString::number(replacedAtOnce)));
    }
    // P34, P35
    void howeverLongItIsAwaySomebodyLooksEveryTwoSecondsAndNeverTwoAtOnce()
    {
        HandPool hand(sized(10, 20));
        hand.goDown();
        for (int i = 0; i < 10'000; ++i) { // five and a half hours
            hand.clock.advance(2s);
            pool::Slot* slot = hand.pool.beginOpening();
            QVERIFY2(slot, qPrintable(QString::number(i)));
            QVERIFY(!hand.pool.beginOpening());
            (void)hand.pool.openFailed(*slot, {pool::FaultKind::Unreachable, "no", "08001"},
                                       hand.clock.steadyNow());
            QVERIFY(!hand.pool.beginOpening());
        }
        hand.clock.advance(2s);
        QCOMPARE(hand.open(1), 1);
        QCOMPARE(hand.take()->step, Step::Granted);
    }
    // P36
    void aRefusedLoginIsTriedAgainByNobodyUntilSomebodySaysSo()
    {
        HandPool hand(sized(10, 20));
        Request request;
        (void)hand.pool.begin(request);
        pool::Slot* slot = hand.pool.beginOpening();
        QVERIFY(slot);
        (void)hand.pool.openFailed(*slot, {pool::FaultKind::NeedsPerson, "password", "28P01"},
                                   hand.clock.steadyNow());
        QCOMPARE(request.outcome, Outcome::Blocked);
        for (int i = 0; i < 100; ++i) {
            hand.clock.advance(1h);
            Request another;
            QCOMPARE(hand.pool.begin(another), Step::Failed);
            QCOMPARE(another.outcome, Outcome::Blocked);
            QVERIFY(!hand.pool.beginOpening());
        }
        hand.pool.retryNow();
        QCOMPARE(hand.take()->step, Step::Granted);
    }
    // P36
    void exhaustedIsNoOutageAndAnOutageIsNotExhausted()
    {
        OneLent hand;
        Request waiter;
        waiter.timeout = 1s;
        (void)hand.pool.begin(waiter);
        hand.clock.advance(1s);
        QCOMPARE(hand.pool.await(waiter, {}), Step::Failed);
        QCOMPARE(waiter.outcome, Outcome::Timeout);
        QCOMPARE(hand.pool.counts().state, pool::PoolState::Up);
        (void)hand.giveBack(*hand.holder, pool::Returned::Broken);
        hand.goDown();
        Request refused;
        QCOMPARE(hand.pool.begin(refused), Step::Failed);
        QCOMPARE(refused.outcome, Outcome::Down);
        QCOMPARE(hand.pool.counts().leased, 0);
    }
};

QTEST_GUILESS_MAIN(PoolPitfallsTest)
#include "tst_pool_pitfalls.moc"

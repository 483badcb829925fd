// The simulation against traces worked out by hand.
#include "monitor/advise/replay.h"

#include <QTest>

#include <chrono>
#include <random>

using namespace std::chrono_literals;
using advise::Claim;
using advise::ReplayPool;
using core::Nanos;
using metrics::SizeForecast;

namespace {

Claim claim(Nanos arrival, Nanos hold, Nanos patience = 30s)
{
    return {arrival, patience, hold, Claim::Then::TimesOut};
}

// All kept, open from the beginning, connects cost nothing.
ReplayPool open(int places)
{
    ReplayPool pool;
    pool.places = pool.kept = pool.openAtStart = places;
    return pool;
}

SizeForecast play(const std::vector<Claim>& claims, const ReplayPool& pool)
{
    const auto forecast = advise::replay(claims, pool);
    return forecast ? *forecast : SizeForecast{};
}

} // namespace

class ReplayTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingAskedIsNothingWaited() { QCOMPARE(play({}, open(3)).wait, metrics::WaitFigures{}); }
    void oneAfterTheOtherOnOnePlace()
    {
        // Served at 0, 10, 20, 30 ms: waits 0, 10, 20, 30.
        const std::vector<Claim> claims(4, claim(0ms, 10ms));
        const SizeForecast forecast = play(claims, open(1));
        QCOMPARE(forecast.wait, (metrics::WaitFigures{10ms, 30ms, 30ms, 30ms}));
        QCOMPARE(forecast.peakWaiting, 3);
        QCOMPARE(forecast.timeouts, std::uint64_t{0});
    }
    void twoPlacesServeTwoAtATime()
    {
        // Holds 30, 10, 10, 10: the second place serves the second, third and fourth at 0, 10, 20.
        const std::vector<Claim> claims{claim(0ms, 30ms), claim(0ms, 10ms), claim(0ms, 10ms),
                                        claim(0ms, 10ms)};
        QCOMPARE(play(claims, open(2)).wait, (metrics::WaitFigures{0ms, 20ms, 20ms, 20ms}));
    }
    void nobodyOvertakes()
    {
        // The one at 1 ms is served at 100, the one at 2 ms at 150, though it would be done in no time.
        const std::vector<Claim> claims{claim(0ms, 100ms), claim(1ms, 50ms), claim(2ms, 0ms)};
        const SizeForecast forecast = play(claims, open(1));
        QCOMPARE(forecast.wait.most, Nanos(148ms));
        QCOMPARE(forecast.wait.p50, Nanos(99ms));
    }
    void whoeverArrivesWhenOneComesBackIsServedAtOnce()
    {
        const std::vector<Claim> claims{claim(0ms, 10ms), claim(10ms, 10ms), claim(20ms, 10ms)};
        QCOMPARE(play(claims, open(1)).wait.most, Nanos(0));
    }
    void whoeverHasNoPatienceLeavesAndTakesNothing()
    {
        // The second leaves at 5; the third is served at 10 as if the second had not been there.
        const std::vector<Claim> claims{claim(0ms, 10ms), claim(0ms, 1s, 5ms), claim(0ms, 10ms)};
        const SizeForecast forecast = play(claims, open(1));
        QCOMPARE(forecast.timeouts, std::uint64_t{1});
        QCOMPARE(forecast.wait, (metrics::WaitFigures{5ms, 10ms, 10ms, 10ms}));
    }
    void patienceThatEndsWhenOneComesBackIsServed()
    {
        const std::vector<Claim> claims{claim(0ms, 10ms), claim(0ms, 10ms, 10ms)};
        QCOMPARE(play(claims, open(1)).timeouts, std::uint64_t{0});
    }
    void whoeverGivesUpIsNoTimeout()
    {
        std::vector<Claim> claims{claim(0ms, 10ms), claim(0ms, 10ms, 2ms)};
        claims[1].then = Claim::Then::GivesUp;
        const SizeForecast forecast = play(claims, open(1));
        QCOMPARE(forecast.cancelled, std::uint64_t{1});
        QCOMPARE(forecast.timeouts, std::uint64_t{0});
    }
    void whatNeverComesBackStaysTaken()
    {
        std::vector<Claim> claims(3, claim(0ms, 10ms, 50ms));
        claims[0].hold = advise::kForever;
        QCOMPARE(play(claims, open(1)).timeouts, std::uint64_t{2});
        QCOMPARE(play(claims, open(2)).timeouts, std::uint64_t{0});
        QCOMPARE(play(claims, open(2)).wait.most, Nanos(10ms));
    }
    void openingCostsWhatItCost()
    {
        // Nothing is open: both wait for a connection of their own, 40 and 60 ms.
        const std::vector<Nanos> connects{40ms, 60ms};
        ReplayPool pool = open(5);
        pool.openAtStart = 0;
        pool.connects = connects;
        const SizeForecast forecast = play({claim(0ms, 1s), claim(0ms, 1s)}, pool);
        QCOMPARE(forecast.wait, (metrics::WaitFigures{40ms, 60ms, 60ms, 60ms}));
        QCOMPARE(forecast.opened, std::uint64_t{2});
        QCOMPARE(forecast.peakOpen, 2);
    }
    void aReturnServesTheWaiterBeforeTheConnectionThatWasOpenedForIt()
    {
        // The second asks at 1; an opening is begun (done at 101), but the first comes back at 11. What was
        // opened serves the third, who asks at 12 while the place is taken until 1 s.
        const std::vector<Nanos> connects{100ms};
        ReplayPool pool = open(2);
        pool.openAtStart = 1;
        pool.connects = connects;
        const SizeForecast forecast = play({claim(0ms, 11ms), claim(1ms, 1s), claim(12ms, 1s)}, pool);
        QCOMPARE(forecast.wait, (metrics::WaitFigures{10ms, 89ms, 89ms, 89ms}));
        QCOMPARE(forecast.opened, std::uint64_t{1});
    }
    void onlyTwoAreOpenedAtATime()
    {
        const std::vector<Nanos> connects{10ms};
        ReplayPool pool = open(8);
        pool.openAtStart = 0;
        pool.connects = connects;
        const std::vector<Claim> claims(6, claim(0ms, 1s));
        QCOMPARE(play(claims, pool).wait, (metrics::WaitFigures{20ms, 30ms, 30ms, 30ms}));
    }
    void overflowIsClosedWhenItComesBack()
    {
        // Kept: 1. The overflow of the first pair is closed at 10, so that the second pair pays for another
        // one.
        const std::vector<Nanos> connects{5ms};
        ReplayPool pool = open(2);
        pool.kept = pool.openAtStart = 1;
        pool.connects = connects;
        const std::vector<Claim> claims{claim(0ms, 10ms), claim(0ms, 10ms), claim(100ms, 10ms),
                                        claim(100ms, 10ms)};
        const SizeForecast forecast = play(claims, pool);
        QCOMPARE(forecast.opened, std::uint64_t{2});
        QCOMPARE(forecast.wait.most, Nanos(5ms));
    }
    void overflowThatLingersServesAgain()
    {
        const std::vector<Nanos> connects{5ms};
        ReplayPool pool = open(2);
        pool.kept = pool.openAtStart = 1;
        pool.connects = connects;
        pool.linger = 1s;
        const std::vector<Claim> claims{claim(0ms, 10ms), claim(0ms, 10ms), claim(100ms, 10ms),
                                        claim(100ms, 10ms)};
        QCOMPARE(play(claims, pool).opened, std::uint64_t{1});
        pool.linger = 50ms;
        QCOMPARE(play(claims, pool).opened, std::uint64_t{2});
    }
    void aFullQueueTurnsAway()
    {
        ReplayPool pool = open(1);
        pool.maxWaiters = 1;
        const SizeForecast forecast = play(std::vector<Claim>(4, claim(0ms, 10ms)), pool);
        QCOMPARE(forecast.queueFull, std::uint64_t{2});
        QCOMPARE(forecast.wait, (metrics::WaitFigures{0ms, 10ms, 10ms, 10ms})); // of those who waited
    }
    void someAreOpenedAheadOfDemand()
    {
        const std::vector<Nanos> connects{5ms};
        ReplayPool pool = open(4);
        pool.kept = 4;
        pool.openAtStart = 1;
        pool.minIdle = 1;
        pool.connects = connects;
        // The second is opened when the first is taken: nobody at 20 ms has to wait for it.
        QCOMPARE(play({claim(0ms, 100ms), claim(20ms, 100ms)}, pool).wait.most, Nanos(0));
    }
    void morePlacesNeverMakeAnybodyWaitLonger()
    {
        std::mt19937 random(7);
        std::vector<Claim> claims;
        Nanos at{0};
        for (int i = 0; i < 2000; ++i) {
            at += Nanos(random() % 8'000'000);
            claims.push_back(claim(at, Nanos(random() % 60'000'000)));
        }
        SizeForecast before = play(claims, open(1));
        for (int places = 2; places <= 60; ++places) {
            const SizeForecast now = play(claims, open(places));
            QVERIFY(now.wait.p50 <= before.wait.p50 && now.wait.p95 <= before.wait.p95 &&
                    now.wait.p99 <= before.wait.p99 && now.timeouts <= before.timeouts);
            before = now;
        }
        QCOMPARE(before.wait.most, Nanos(0));
    }
    void percentilesAreNearestRank()
    {
        std::vector<Nanos> waits;
        for (int i = 100; i >= 1; --i) {
            waits.emplace_back(i);
        }
        QCOMPARE(advise::figuresOf(waits),
                 (metrics::WaitFigures{Nanos(50), Nanos(95), Nanos(99), Nanos(100)}));
        std::vector<Nanos> one{7ns};
        QCOMPARE(advise::figuresOf(one), (metrics::WaitFigures{7ns, 7ns, 7ns, 7ns}));
    }
    void whatIsStoppedTellsNothing()
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!advise::replay({claim(0ms, 1ms)}, open(1), stop.get_token()));
    }
};

QTEST_GUILESS_MAIN(ReplayTest)
#include "tst_replay.moc"

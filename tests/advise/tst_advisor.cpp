#include "monitor/advise/advisor.h"
#include "monitor/advise/replay.h"

#include <QTest>

#include <chrono>
#include <random>
#include <set>
#include <string>

using namespace std::chrono_literals;
using advise::Today;
using core::Lang;
using core::Nanos;
using metrics::AdviceVerdict;
using metrics::PoolAdvice;
using metrics::RequestFate;
using metrics::RequestRecord;
using metrics::RequestTrace;

namespace {

// `many` at a time, every 100 ms, each for `hold`.
RequestTrace bursts(int many, Nanos hold, Nanos waited)
{
    RequestTrace trace;
    for (int burst = 0; burst < 50; ++burst) {
        for (int i = 0; i < many; ++i) {
            trace.requests.push_back(
                {core::SteadyTime(1h + burst * 100ms), waited, hold, 1, RequestFate::Returned});
        }
    }
    trace.end = core::SteadyTime(1h + 5s);
    return trace;
}

Today todayWith(int size, int overflow)
{
    Today today;
    today.size = size;
    today.maxOverflow = overflow;
    today.timeout = 30s;
    today.slow = 100ms;
    today.open = size + std::max(overflow, 0);
    return today;
}

metrics::ServerView serverWith(int most, int reserved, int others, int own)
{
    metrics::ServerView server;
    server.maxConnections = most;
    server.reservedConnections = reserved;
    server.otherSessions = others;
    server.ownSessions = own;
    return server;
}

PoolAdvice adviceOn(const RequestTrace& trace, const Today& today)
{
    return advise::advise(trace, today).value_or(PoolAdvice{});
}

} // namespace

class AdvisorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everySizeFromOneToSixtyIsForetold()
    {
        const PoolAdvice advice = adviceOn(bursts(8, 20ms, 60ms), todayWith(2, 0));
        QCOMPARE(advice.forecasts.size(), std::size_t{60});
        for (std::size_t i = 0; i < advice.forecasts.size(); ++i) {
            QCOMPARE(advice.forecasts[i].places, static_cast<int>(i) + 1);
        }
        // Four rounds of 20 ms on two places, two on four, one on eight.
        QCOMPARE(advice.forecasts[1].wait.p95, Nanos(60ms));
        QCOMPARE(advice.forecasts[3].wait.p95, Nanos(20ms));
        QCOMPARE(advice.forecasts[7].wait.p95, Nanos(0));
        QCOMPARE(*advice.today, advice.forecasts[1]);
    }
    void moreIsSuggestedWhereItHelps()
    {
        Today today = todayWith(2, 0);
        today.server = serverWith(100, 3, 10, 5); // two of the five are the pool's
        today.open = 2;
        const PoolAdvice advice = adviceOn(bursts(8, 20ms, 60ms), today);
        QCOMPARE(advice.verdict, AdviceVerdict::Grow);
        QCOMPARE(advice.suggested->places, 8); // p95 of 20 ms is more than a tenth of slow
        QCOMPARE(advice.recorded.p95, Nanos(60ms));
        QCOMPARE(
            QString::fromStdString(metrics::adviceSentence(advice, Lang::English)),
            QStringLiteral("With 8 places p95 wait would have been 0 s instead of 60 ms; the server has room "
                           "for 82 more."));
        QVERIFY(metrics::adviceSentence(advice, Lang::Chinese).find("服务器还可再容纳 82 个连接") !=
                std::string::npos);
    }
    void todaysSizeIsSaidToBeEnoughWhereItIs()
    {
        const PoolAdvice advice = adviceOn(bursts(4, 5ms, 0ms), todayWith(10, 20));
        QCOMPARE(advice.verdict, AdviceVerdict::Enough);
        QCOMPARE(advice.places, 30);
        QCOMPARE(advice.today->places, 30);
        QVERIFY(advice.suggested->places <= 4);
        QVERIFY(metrics::adviceSentence(advice, Lang::English)
                    .find("how much room the server has is not known") != std::string::npos);
    }
    void timeoutsThatAnySizeWouldHaveAvoidedAreSaid()
    {
        RequestTrace trace = bursts(4, 20ms, 0ms);
        for (RequestRecord& request : trace.requests) {
            if (&request - trace.requests.data() > 100) {
                request = {request.arrival, 40ms, 0ms, 1, RequestFate::TimedOut};
            }
        }
        const PoolAdvice advice = adviceOn(trace, todayWith(1, 0));
        QCOMPARE(advice.verdict, AdviceVerdict::Grow);
        QCOMPARE(advice.recordedTimeouts, std::uint64_t{99});
        QCOMPARE(advice.estimated, std::uint64_t{99});
        QVERIFY(metrics::adviceSentence(advice, Lang::English).find("0 timeouts instead of 99") !=
                std::string::npos);
    }
    void whatNoSizeMendsIsSaid()
    {
        // Opening takes a second, and a hundred ask at once.
        RequestTrace trace;
        for (int i = 0; i < 200; ++i) {
            trace.requests.push_back({core::SteadyTime(1h), 1s, 5s, 1, RequestFate::Returned});
        }
        trace.connects = {1s};
        trace.fromBirth = true;
        trace.end = core::SteadyTime(2h);
        const PoolAdvice advice = adviceOn(trace, todayWith(10, 20));
        QCOMPARE(advice.verdict, AdviceVerdict::NoSizeHelps);
        QVERIFY(metrics::adviceSentence(advice, Lang::English).starts_with("Not even 60 places"));
    }
    void leaksAreNotMistakenForDemand()
    {
        RequestTrace trace;
        for (int i = 0; i < 30; ++i) {
            trace.requests.push_back({core::SteadyTime(1h), 0ms, 60s, 1, RequestFate::Held});
            trace.requests.push_back({core::SteadyTime(1h), 30s, 0ms, 1, RequestFate::TimedOut});
        }
        trace.end = core::SteadyTime(1h + 60s);
        const PoolAdvice advice = adviceOn(trace, todayWith(10, 20));
        QCOMPARE(advice.verdict, AdviceVerdict::HoldsUnknown);
        QVERIFY(!advice.suggested);
        QVERIFY(metrics::adviceSentence(advice, Lang::English).find("see who holds them") !=
                std::string::npos);
    }
    void littleIsNotTakenForMuch()
    {
        RequestTrace trace = bursts(1, 5ms, 0ms);
        trace.requests.resize(19);
        QCOMPARE(adviceOn(trace, todayWith(10, 20)).verdict, AdviceVerdict::TooFew);
        QCOMPARE(adviceOn({}, todayWith(10, 20)).verdict, AdviceVerdict::NoData);
    }
    void aPoolWithoutALimitIsComparedWithEverySize()
    {
        const PoolAdvice advice = adviceOn(bursts(8, 20ms, 0ms), todayWith(2, -1));
        QCOMPARE(advice.places, 0);
        QCOMPARE(advice.forecasts.size(), std::size_t{60});
        QCOMPARE(advice.today->peakOpen, 8);
        QCOMPARE(advice.verdict, AdviceVerdict::Enough);
        QVERIFY(
            metrics::adviceSentence(advice, Lang::English).starts_with("The pool has no limit; 8 places"));
    }
    void aPoolLargerThanTheChartIsForetoldToo()
    {
        const PoolAdvice advice = adviceOn(bursts(3, 20ms, 0ms), todayWith(100, 100));
        QCOMPARE(advice.forecasts.size(), std::size_t{61});
        QCOMPARE(advice.forecasts.back().places, 200);
        QCOMPARE(advice.today->places, 200);
    }
    void aSmallerPoolLosesOverflowAndALargerOneKeepsMore()
    {
        const auto keptOf = [](const PoolAdvice& advice, std::size_t places) {
            return advice.forecasts[places - 1].kept;
        };
        const PoolAdvice advice = adviceOn(bursts(8, 20ms, 0ms), todayWith(10, 20));
        QCOMPARE(keptOf(advice, 5), 5);
        QCOMPARE(keptOf(advice, 15), 10);
        QCOMPARE(keptOf(advice, 30), 10);
        QCOMPARE(keptOf(advice, 40), 20);
        QCOMPARE(keptOf(adviceOn(bursts(8, 20ms, 0ms), todayWith(2, 0)), 14), 14);
        QCOMPARE(keptOf(adviceOn(bursts(8, 20ms, 0ms), todayWith(0, 8)), 14), 14); // size 0 keeps all
        QCOMPARE(keptOf(adviceOn(bursts(8, 20ms, 0ms), todayWith(3, -1)), 14), 3); // no limit of overflow
    }
    void overflowIsPaidForInConnections()
    {
        // Two are kept; the other six of a burst are opened anew each time.
        RequestTrace trace = bursts(8, 20ms, 0ms);
        trace.connects = {1ms};
        const PoolAdvice advice = adviceOn(trace, todayWith(2, 6));
        QVERIFY(advice.forecasts[7].opened >= 50 * 3);
        QCOMPARE(adviceOn(trace, todayWith(8, 0)).forecasts[7].opened, std::uint64_t{0});
    }
    void roomyAndPlayedForecastsAreTheSame()
    {
        // Beyond the peak nothing is played again: the shortcut must tell what playing would have told.
        std::mt19937 random(3);
        RequestTrace trace;
        trace.connects = {3ms, 9ms, 4ms};
        Nanos at{0};
        for (int i = 0; i < 1500; ++i) {
            at += Nanos(random() % 9'000'000);
            trace.requests.push_back(
                {core::SteadyTime(1h + at), 0ms, Nanos(random() % 50'000'000), 1, RequestFate::Returned});
        }
        const PoolAdvice advice = adviceOn(trace, todayWith(4, -1)); // the last ones from the shortcut
        advise::ReplayPool pool;
        pool.places = 60;
        pool.kept = pool.openAtStart = 4;
        pool.connects = trace.connects;
        auto played = advise::replay(advise::demandOf(trace, 30s).claims, pool);
        QVERIFY(played && played->peakOpen < 50 && played->opened > 0);
        played->kept = 4;
        QCOMPARE(advice.forecasts.back(), *played);
        // And with everything kept.
        const PoolAdvice whole = adviceOn(trace, todayWith(4, 0));
        pool.kept = 60;
        auto all = advise::replay(advise::demandOf(trace, 30s).claims, pool);
        QVERIFY(all && all->opened < played->opened);
        all->kept = 60;
        QCOMPARE(whole.forecasts.back(), *all);
    }
    void roomIsWhatTheServerLeaves()
    {
        QCOMPARE(advise::serverLimit(serverWith(100, 3, 10, 5), 2).value_or(-1), 84);
        QCOMPARE(advise::serverLimit(serverWith(20, 3, 40, 5), 2).value_or(-1), 0);
        QVERIFY(!advise::serverLimit(serverWith(0, 0, 3, 3), 2));
        QVERIFY(!advise::serverLimit(serverWith(100, 3, -1, -1), 2));
    }
    void theWishIsNotLargerThanTheServer()
    {
        Today today = todayWith(2, 0);
        today.server = serverWith(10, 3, 2, 3);
        today.open = 2;
        const PoolAdvice advice = adviceOn(bursts(8, 20ms, 60ms), today);
        QCOMPARE(advice.serverLimit.value_or(-1), 4);
        QVERIFY(
            metrics::adviceSentence(advice, Lang::English).ends_with("the server has room for 4 in all."));
    }
    void whatIsNotWantedAnyMoreIsLeft()
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!advise::advise(bursts(8, 20ms, 60ms), todayWith(2, 0), stop.get_token()));
    }
    void everyVerdictHasAWordAndASentence()
    {
        std::set<std::string> words;
        for (const AdviceVerdict verdict :
             {AdviceVerdict::NoData, AdviceVerdict::TooFew, AdviceVerdict::HoldsUnknown, AdviceVerdict::Grow,
              AdviceVerdict::Enough, AdviceVerdict::NoSizeHelps}) {
            words.insert(metrics::adviceVerdictName(verdict));
            PoolAdvice advice = adviceOn(bursts(8, 20ms, 60ms), todayWith(2, 0));
            advice.verdict = verdict;
            QVERIFY(metrics::adviceSentence(advice, Lang::English).ends_with("."));
            QVERIFY(metrics::adviceSentence(advice, Lang::Chinese).ends_with("。"));
        }
        QCOMPARE(words.size(), std::size_t{6});
    }
};

QTEST_GUILESS_MAIN(AdvisorTest)
#include "tst_advisor.moc"

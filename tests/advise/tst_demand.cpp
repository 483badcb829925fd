#include "monitor/advise/demand.h"

#include <QTest>

#include <chrono>
#include <limits>
#include <set>

using namespace std::chrono_literals;
using advise::Demand;
using core::Nanos;
using metrics::RequestFate;
using metrics::RequestRecord;
using metrics::RequestTrace;

namespace {

RequestRecord record(Nanos at, RequestFate fate, Nanos waited, Nanos hold, std::uint32_t origin = 1)
{
    return {core::SteadyTime(1h + at), waited, hold, origin, fate};
}

RequestTrace traceOf(std::vector<RequestRecord> requests)
{
    RequestTrace trace;
    trace.requests = std::move(requests);
    return trace;
}

} // namespace

class DemandTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingRecordedIsNoDemand()
    {
        const Demand demand = advise::demandOf({}, 30s);
        QVERIFY(demand.claims.empty());
        QVERIFY(!demand.holdsKnown);
    }
    void whoeverWasServedHoldsAsLongAsItDid()
    {
        const Demand demand = advise::demandOf(traceOf({record(0ms, RequestFate::Returned, 3ms, 20ms),
                                                        record(5ms, RequestFate::Returned, 0ms, 7ms)}),
                                               30s);
        QCOMPARE(demand.claims.size(), std::size_t{2});
        QCOMPARE(demand.claims[0].arrival, Nanos(0)); // since the first one
        QCOMPARE(demand.claims[1].arrival, Nanos(5ms));
        QCOMPARE(demand.claims[0].hold, Nanos(20ms));
        QCOMPARE(demand.claims[0].patience, Nanos(30s));
        QCOMPARE(demand.estimated, std::uint64_t{0});
        QVERIFY(demand.holdsKnown);
    }
    void whoeverWasNotServedHoldsAsLongAsItsKin()
    {
        std::vector<RequestRecord> requests;
        for (int i = 0; i < 6; ++i) {
            requests.push_back(record(i * 1ms, RequestFate::Returned, 0ms, 10ms + i * 1ms, 1));
            requests.push_back(record(i * 1ms, RequestFate::Returned, 0ms, 900ms, 2));
        }
        for (int i = 0; i < 100; ++i) {
            requests.push_back(record(10ms + i * 1ms, RequestFate::TimedOut, 40ms, 0ms, 1));
        }
        const Demand demand = advise::demandOf(traceOf(requests), 30s);
        std::set<Nanos> drawn;
        for (std::size_t i = 12; i < demand.claims.size(); ++i) {
            QVERIFY(demand.claims[i].hold >= 10ms && demand.claims[i].hold <= 15ms);
            QCOMPARE(demand.claims[i].patience, Nanos(40ms)); // its own deadline
            drawn.insert(demand.claims[i].hold);
        }
        QCOMPARE(drawn.size(), std::size_t{6}); // all of them, not always the same one
        QCOMPARE(demand.estimated, std::uint64_t{100});
    }
    void withoutKinItHoldsAsLongAsAnybody()
    {
        const Demand demand = advise::demandOf(traceOf({record(0ms, RequestFate::Returned, 0ms, 70ms, 1),
                                                        record(1ms, RequestFate::QueueFull, 0ms, 0ms, 9)}),
                                               30s);
        QCOMPARE(demand.claims[1].hold, Nanos(70ms));
        QCOMPARE(demand.claims[1].patience, Nanos(30s)); // turned away at once: would have waited
    }
    void whoeverGaveUpWouldGiveUpAgain()
    {
        const Demand demand = advise::demandOf(traceOf({record(0ms, RequestFate::Returned, 0ms, 70ms),
                                                        record(1ms, RequestFate::Cancelled, 12ms, 0ms)}),
                                               30s);
        QCOMPARE(demand.claims[1].patience, Nanos(12ms));
        QVERIFY(demand.claims[1].then == advise::Claim::Then::GivesUp);
    }
    void whatIsStillHeldIsHeldForLongerThanSoFar()
    {
        std::vector<RequestRecord> requests;
        for (int i = 1; i <= 10; ++i) {
            requests.push_back(record(i * 1ms, RequestFate::Returned, 0ms, i * 10ms));
        }
        requests.push_back(record(20ms, RequestFate::Held, 0ms, 85ms)); // 90 or 100 ms
        requests.push_back(record(21ms, RequestFate::Held, 0ms, 5s));   // a leak: nobody ever held so long
        const Demand demand = advise::demandOf(traceOf(requests), 30s);
        QVERIFY(demand.claims[10].hold == Nanos(90ms) || demand.claims[10].hold == Nanos(100ms));
        QCOMPARE(demand.claims[11].hold, advise::kForever);
    }
    void whenNobodyGaveOneBackNothingIsKnown()
    {
        const Demand demand = advise::demandOf(
            traceOf({record(0ms, RequestFate::Held, 0ms, 1s), record(1ms, RequestFate::TimedOut, 30s, 0ms)}),
            30s);
        QVERIFY(!demand.holdsKnown);
        QCOMPARE(demand.claims[1].hold, advise::kForever);
    }
    void theSameTraceGivesTheSameDemand()
    {
        std::vector<RequestRecord> requests;
        for (int i = 0; i < 50; ++i) {
            requests.push_back(
                record(i * 1ms, i % 3 == 0 ? RequestFate::Unseen : RequestFate::Returned, 0ms, i * 1ms));
        }
        const Demand a = advise::demandOf(traceOf(requests), 30s);
        const Demand b = advise::demandOf(traceOf(requests), 30s);
        for (std::size_t i = 0; i < a.claims.size(); ++i) {
            QCOMPARE(a.claims[i].hold, b.claims[i].hold);
        }
    }
    void nonsenseIsTakenForTheNearestSense()
    {
        const Nanos most = Nanos::max();
        const Demand demand = advise::demandOf(traceOf({record(0ms, RequestFate::Returned, -5ms, -7ms),
                                                        record(-1h, RequestFate::TimedOut, -3ms, 0ms),
                                                        record(3ms, RequestFate::Returned, most, most)}),
                                               most);
        QCOMPARE(demand.claims.size(), std::size_t{3});
        QCOMPARE(demand.claims[0].arrival, Nanos(0)); // sorted
        QCOMPARE(demand.claims[0].patience, Nanos(0));
        QCOMPARE(demand.claims[1].hold, Nanos(0));
        QCOMPARE(demand.claims[2].hold, advise::kForever);
    }
};

QTEST_GUILESS_MAIN(DemandTest)
#include "tst_demand.moc"

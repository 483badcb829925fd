#include "monitor/collect/self/request_recorder.h"

#include <QTest>

#include <chrono>

using namespace std::chrono_literals;
using collect::EventRing;
using collect::HeldPlace;
using collect::RequestRecorder;
using core::Nanos;
using core::SteadyTime;
using metrics::RequestFate;
using metrics::RequestTrace;
using pool::EventKind;

namespace {

constexpr SteadyTime kBegin{1h};

pool::PoolEvent eventOf(EventKind kind, Nanos at, std::uint64_t lease, int slot, Nanos duration,
                        std::string_view tag = "orders", std::string_view detail = {})
{
    pool::PoolEvent event;
    event.kind = kind;
    event.at = kBegin + at;
    event.lease = lease;
    event.slot = slot;
    event.duration = duration;
    event.tag = tag;
    event.detail = detail;
    return event;
}

struct Scene {
    explicit Scene(std::size_t cells = 1024, collect::RecorderOptions options = {})
        : ring(cells)
        , recorder(ring, options)
    {
    }
    void granted(Nanos at, std::uint64_t lease, int slot, Nanos waited)
    {
        ring.push(eventOf(EventKind::Granted, at, lease, slot, waited));
    }
    void returned(Nanos at, std::uint64_t lease, int slot, Nanos use)
    {
        ring.push(eventOf(EventKind::Returned, at, lease, slot, use));
    }
    void drain(Nanos now, std::vector<HeldPlace> held = {}) { recorder.drain(kBegin + now, held); }
    [[nodiscard]] RequestTrace trace(Nanos now, Nanos window = 0s) const
    {
        return recorder.trace(window, kBegin + now, {});
    }

    EventRing ring;
    RequestRecorder recorder;
};

} // namespace

class RequestRecorderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRequestIsPutTogetherFromItsGrantAndItsReturn()
    {
        Scene scene;
        scene.granted(10ms, 1, 0, 4ms);
        scene.drain(50ms);
        scene.returned(60ms, 1, 0, 50ms); // in another tick
        scene.drain(100ms);
        const RequestTrace trace = scene.trace(100ms);
        QCOMPARE(trace.requests.size(), std::size_t{1});
        QCOMPARE(trace.requests[0].arrival, kBegin + 6ms);
        QCOMPARE(trace.requests[0].waited, Nanos(4ms));
        QCOMPARE(trace.requests[0].hold, Nanos(50ms));
        QCOMPARE(trace.requests[0].fate, RequestFate::Returned);
        QVERIFY(trace.fromBirth);
        QCOMPARE(trace.missed, std::uint64_t{0});
    }
    void theNextHoldersGrantMayComeBeforeTheReturn()
    {
        // A return hands the place over first and tells afterwards.
        Scene scene;
        scene.granted(10ms, 1, 0, 0ms);
        scene.granted(60ms, 2, 0, 20ms);
        scene.returned(60ms, 1, 0, 50ms);
        scene.returned(90ms, 2, 0, 30ms);
        scene.drain(100ms);
        const RequestTrace trace = scene.trace(100ms);
        QCOMPARE(trace.requests.size(), std::size_t{2});
        QCOMPARE(trace.requests[0].hold, Nanos(50ms));
        QCOMPARE(trace.requests[1].hold, Nanos(30ms));
        QCOMPARE(trace.requests[1].arrival, kBegin + 40ms);
    }
    void aReturnReadBeforeItsGrantLeavesNoHolderBehind()
    {
        Scene scene; // taken by one thread, given back by another; the ring is read in between
        scene.returned(60ms, 1, 0, 50ms);
        scene.drain(65ms);
        scene.granted(10ms, 1, 0, 0ms);
        scene.drain(100ms);
        const RequestTrace trace = scene.trace(100ms);
        QCOMPARE(trace.requests.size(), std::size_t{1});
        QCOMPARE(trace.requests[0].fate, RequestFate::Returned);
    }
    void cleaningUpCountsAsHolding()
    {
        Scene scene;
        scene.granted(10ms, 1, 3, 0ms);
        scene.returned(20ms, 1, 3, 10ms);
        scene.ring.push(eventOf(EventKind::ResetDone, 27ms, 0, 3, 7ms));
        scene.ring.push(eventOf(EventKind::ResetDone, 30ms, 0, 4, 9ms)); // of nobody we know
        scene.drain(100ms);
        QCOMPARE(scene.trace(100ms).requests.at(0).hold, Nanos(17ms));
    }
    void whoeverStillHoldsOneIsToldAsHolding()
    {
        Scene scene;
        scene.granted(10ms, 1, 0, 0ms);
        scene.drain(100ms);
        const RequestTrace trace = scene.trace(510ms);
        QCOMPARE(trace.requests.at(0).fate, RequestFate::Held);
        QCOMPARE(trace.requests.at(0).hold, Nanos(500ms));
    }
    void whoeverGotNoneIsToldByWhatBecameOfIt()
    {
        Scene scene;
        scene.ring.push(eventOf(EventKind::TimedOut, 40ms, 1, -1, 30ms, "a", "timeout"));
        scene.ring.push(eventOf(EventKind::Cancelled, 41ms, 2, -1, 1ms, "a", "cancelled"));
        scene.ring.push(eventOf(EventKind::Refused, 42ms, 3, -1, 0ms, "b", "queue_full"));
        scene.ring.push(eventOf(EventKind::Refused, 43ms, 4, -1, 0ms, "b", "down"));
        scene.ring.push(eventOf(EventKind::Refused, 44ms, 5, -1, 0ms, "b", "suspended"));
        scene.drain(100ms);
        const RequestTrace trace = scene.trace(100ms);
        QCOMPARE(trace.requests.size(), std::size_t{3});
        QCOMPARE(trace.requests[0].fate, RequestFate::TimedOut);
        QCOMPARE(trace.requests[0].arrival, kBegin + 10ms);
        QCOMPARE(trace.requests[1].fate, RequestFate::Cancelled);
        QCOMPARE(trace.requests[2].fate, RequestFate::QueueFull);
        QCOMPARE(trace.excluded, std::uint64_t{2});
        QCOMPARE(trace.requests[0].origin, trace.requests[1].origin);
        QVERIFY(trace.requests[0].origin != trace.requests[2].origin);
    }
    void connectsAndChangesOfSettingsAreRemembered()
    {
        Scene scene;
        scene.ring.push(eventOf(EventKind::Connected, 5ms, 0, 0, 12ms));
        scene.ring.push(eventOf(EventKind::Configured, 6ms, 0, -1, 0ms));
        scene.drain(100ms);
        QCOMPARE(scene.trace(100ms).connects, std::vector<Nanos>{12ms});
        QVERIFY(scene.trace(100ms).resized);
        QVERIFY(!scene.trace(10s, 5s).resized); // long ago, seen from there
        QCOMPARE(scene.trace(10s, 5s).connects, std::vector<Nanos>{12ms});
    }
    void aWindowBeginsWithWhoeverHoldsOneThen()
    {
        Scene scene;
        scene.granted(0ms, 1, 0, 0ms);
        scene.returned(10ms, 1, 0, 10ms);
        scene.granted(20ms, 2, 0, 0ms);
        scene.returned(980ms, 2, 0, 960ms);
        scene.granted(30ms, 3, 1, 0ms); // a leak
        scene.drain(1s);
        const RequestTrace trace = scene.trace(1s, 500ms);
        QCOMPARE(trace.requests.size(), std::size_t{2});
        QVERIFY(!trace.fromBirth);
        for (const metrics::RequestRecord& request : trace.requests) {
            QCOMPARE(request.arrival, kBegin + 500ms);
            QCOMPARE(request.hold, request.fate == RequestFate::Held ? Nanos(970ms) : Nanos(480ms));
        }
    }
    void moreThanTheRingHoldsIsABlockWithAPauseAfterIt()
    {
        Scene scene(16);
        for (std::uint64_t lease = 1; lease <= 100; ++lease) {
            scene.granted(lease * 1ms, lease, 0, 0ms);
            scene.returned(lease * 1ms + 500us, lease, 0, 500us);
        }
        scene.drain(200ms);
        const RequestTrace trace = scene.trace(200ms);
        QCOMPARE(trace.requests.size(), std::size_t{8});
        QCOMPARE(trace.requests.front().arrival, kBegin + 93ms);
        QCOMPARE(trace.missed, std::uint64_t{184});
        QVERIFY(!trace.fromBirth);
        scene.granted(300ms, 101, 0, 0ms);
        scene.drain(10s);
        QCOMPARE(scene.trace(10s).requests.size(), std::size_t{8}); // still pausing
        scene.drain(31s, {{0, kBegin + 300ms}});
        QCOMPARE(scene.trace(31s).requests.size(), std::size_t{9});
    }
    void aReturnThatWasOverwrittenIsNoLeak()
    {
        Scene scene(16);
        scene.granted(1ms, 1, 0, 0ms);
        scene.granted(2ms, 2, 1, 0ms);
        scene.drain(10ms);
        scene.returned(20ms, 1, 0, 19ms); // to be overwritten
        for (std::uint64_t lease = 3; lease <= 40; ++lease) {
            scene.granted(lease * 10ms, lease, 0, 0ms);
            scene.returned(lease * 10ms + 1ms, lease, 0, 1ms);
        }
        scene.drain(1s, {{1, kBegin + 2ms}}); // the second one does hold its place
        int unseen = 0;
        int held = 0;
        for (const metrics::RequestRecord& request : scene.trace(1s).requests) {
            unseen += request.fate == RequestFate::Unseen ? 1 : 0;
            held += request.fate == RequestFate::Held ? 1 : 0;
        }
        QCOMPARE(unseen, 1);
        QCOMPARE(held, 1);
    }
    void aReturnWithoutItsGrantCountsFromItsGrant()
    {
        Scene scene;
        scene.returned(100ms, 7, 0, 60ms);
        scene.drain(200ms);
        const RequestTrace trace = scene.trace(200ms);
        QCOMPARE(trace.requests.at(0).arrival, kBegin + 40ms);
        QCOMPARE(trace.requests.at(0).waited, Nanos(0));
        QCOMPARE(trace.requests.at(0).hold, Nanos(60ms));
    }
    void theMemoryIsBounded()
    {
        Scene scene(1024, {.capacity = 10, .memory = 10s, .blockPause = 30s});
        for (std::uint64_t lease = 1; lease <= 50; ++lease) {
            scene.granted(lease * 1ms, lease, 0, 0ms);
            scene.returned(lease * 1ms, lease, 0, 1us);
        }
        scene.granted(60ms, 51, 1, 0ms); // held all the time: never forgotten
        scene.drain(100ms);
        QCOMPARE(scene.trace(100ms).requests.size(), std::size_t{11});
        QVERIFY(!scene.trace(100ms).fromBirth);
        scene.drain(60s);
        QCOMPARE(scene.trace(60s).requests.size(), std::size_t{1});
    }
    void nonsenseIsSurvived()
    {
        Scene scene;
        scene.returned(-2h, 0, -1, -5ms);
        scene.granted(5ms, 9, 0, Nanos::max());
        scene.granted(6ms, 9, 0, 0ms); // twice
        scene.returned(7ms, 9, 0, 1ms);
        scene.returned(8ms, 9, 0, 1ms); // twice
        scene.ring.push(eventOf(static_cast<EventKind>(250), 9ms, 9, 0, 0ms));
        scene.drain(100ms);
        QVERIFY(scene.trace(100ms).requests.size() <= 4);
    }
};

QTEST_GUILESS_MAIN(RequestRecorderTest)
#include "tst_request_recorder.moc"

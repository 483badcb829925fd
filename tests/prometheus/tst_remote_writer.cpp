// Samples pushed by remote write: what is dropped, when and why, and how one writer follows another.
#include "monitor/prometheus/remote_writer.h"
#include "monitor/prometheus/write_request.h"
#include "tests/prometheus/server_catcher.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <atomic>

using namespace std::chrono_literals;
using prometheus_test::kAnyAge;
using prometheus_test::sampleOf;
using prometheus_test::saying;
using prometheus_test::specOf;

class RemoteWriterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void refusedSamplesAreDroppedAndCounted()
    {
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t number) {
            return number == 0 ? saying(400, "out of order sample") : saying(204, "");
        });
        prometheus::RemoteWriter writer({specOf(catcher), {}, 1000, 50ms, kAnyAge});
        writer.push({sampleOf("a", 1000, 1), sampleOf("b", 1000, 1)});
        QTRY_COMPARE_WITH_TIMEOUT(writer.figures().failed, 2U, 20'000);
        writer.push({sampleOf("a", 2000, 1)});
        QTRY_COMPARE_WITH_TIMEOUT(writer.figures().sent, 1U, 20'000);
        QCOMPARE(writer.figures().failed, 2U);
        const auto first = catcher.requests().at(0);
        QCOMPARE(first.headers.at("content-encoding"), std::string("snappy"));
        QCOMPARE(first.headers.at("content-type"), std::string("application/x-protobuf"));
        QCOMPARE(first.headers.at("x-prometheus-remote-write-version"), std::string("0.1.0"));
    }

    void theQueueIsBoundedAndTheOldestGo()
    {
        prometheus::RemoteWriteSpec spec;
        spec.endpoint.url = "http://127.0.0.1:1";
        spec.mostPending = 10;
        prometheus::RemoteWriter writer(spec);
        for (std::int64_t at = 1; at <= 15; ++at) {
            writer.push({sampleOf("a", at, 1)});
        }
        QCOMPARE(writer.figures().dropped, 5U);
        QCOMPARE(writer.figures().pending, 10U);
        writer.push({sampleOf("a", 3, 1)}); // the clock was put back
        QCOMPARE(writer.figures().dropped, 5U);
    }

    void whatGrowsTooOldIsDroppedAndTheRestComesInOrder()
    {
        support::HttpCatcher catcher;
        std::atomic<bool> well = false;
        catcher.answer([&](std::size_t) { return saying(well ? 204 : 503, ""); });
        prometheus::RemoteWriteSpec spec{specOf(catcher), {}, 1000, 1ms};
        spec.mostAge = 2s;
        const std::int64_t now = core::epochMillis(core::SystemClock::instance().wallNow());
        prometheus::RemoteWriter writer(spec);
        writer.push({sampleOf("a", now, 1), sampleOf("b", now, 2)});
        QTRY_COMPARE_WITH_TIMEOUT(writer.figures().dropped, 2U, 30'000);
        QCOMPARE(writer.figures().lost, 2U);
        QVERIFY(writer.figures().retried >= 2); // it was tried again until then
        QCOMPARE(writer.figures().problem, std::string("HTTP 503"));
        spec.mostAge = kAnyAge; // the machine may be slow
        prometheus::RemoteWriter next(spec, core::SystemClock::instance(),
                                      prometheus::RemoteWriter::Start::WhenAdopted);
        next.adopt(writer.abandon());
        std::vector<std::string> expected;
        for (int i = 1; i <= 3; ++i) {
            const std::vector tick{sampleOf("a", now + i, i)};
            expected.push_back(prometheus::snappyBlock(prometheus::writeRequest(tick, {})));
            next.push(tick);
            const std::size_t before = catcher.requests().size();
            QVERIFY(QTest::qWaitFor(
                [&] { return catcher.requests().size() > before || next.figures().pending == 0; }, 30'000));
        }
        well = true;
        QTRY_COMPARE_WITH_TIMEOUT(next.figures().sent, 3U, 30'000);
        QCOMPARE(next.figures().lost, 0U);
        QCOMPARE(next.figures().dropped, 2U); // of both
        QCOMPARE(next.figures().problem, std::string());
        std::string last; // each body once, in order, however often it was tried
        std::vector<std::string> bodies;
        for (const support::CaughtRequest& request : catcher.requests()) {
            if (request.body != last) {
                bodies.push_back(request.body);
                last = request.body;
            }
        }
        QCOMPARE(bodies.front(), prometheus::snappyBlock(prometheus::writeRequest(
                                     std::vector{sampleOf("a", now, 1), sampleOf("b", now, 2)}, {})));
        QCOMPARE(bodies.at(1), expected.front());
    }

    void aPauseThatIsAskedForIsKept()
    {
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t number) {
            return number == 0 ? saying(429, "", "Retry-After: 2\r\n") : saying(204, "");
        });
        prometheus::RemoteWriter writer({specOf(catcher), {}, 1000, 1ms, kAnyAge});
        writer.push({sampleOf("a", 1000, 1)});
        QVERIFY(catcher.waitFor(1, 30s));
        QElapsedTimer pause;
        pause.start();
        QTRY_COMPARE_WITH_TIMEOUT(writer.figures().problem, std::string("HTTP 429"), 1500);
        QVERIFY(catcher.waitFor(2, 30s));
        QVERIFY2(pause.elapsed() >= 1500, qPrintable(QString::number(pause.elapsed())));
        QTRY_COMPARE_WITH_TIMEOUT(writer.figures().sent, 1U, 30'000);
        QCOMPARE(writer.figures().retried, 1U);
        QCOMPARE(writer.figures().failed + writer.figures().dropped, 0U);
    }

    void anotherWriterGoesOnWhereOneLeftOff()
    {
        prometheus::RemoteWriteSpec away;
        away.endpoint.url = "http://127.0.0.1:1";
        away.patience = 1ms;
        away.mostAge = kAnyAge;
        prometheus::RemoteWriter before(away);
        for (std::int64_t at = 1; at <= 3; ++at) {
            before.push({sampleOf("a", at, 1)});
        }
        QTRY_VERIFY_WITH_TIMEOUT(before.figures().retried > 0, 30'000); // some of it is under way
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t) { return saying(204, ""); });
        prometheus::RemoteWriter after({specOf(catcher), {}, 1000, 1ms, kAnyAge},
                                       core::SystemClock::instance(),
                                       prometheus::RemoteWriter::Start::WhenAdopted);
        after.push({sampleOf("a", 4, 1)});
        QVERIFY(!catcher.waitFor(1, 300ms)); // it would be out of order
        prometheus::RemoteBacklog backlog = before.abandon();
        QCOMPARE(backlog.queue.size(), std::size_t(3));
        QCOMPARE(backlog.queue.front().sample.at, std::int64_t(1));
        const std::uint64_t retried = backlog.figures.retried;
        after.adopt(std::move(backlog));
        QTRY_COMPARE_WITH_TIMEOUT(after.figures().sent, 4U, 30'000);
        QVERIFY(after.figures().retried >= retried);
        QCOMPARE(after.figures().newestSent, std::int64_t(4));
        before.push({sampleOf("a", 9, 1)}); // it is over there
        QCOMPARE(before.figures().pending, std::size_t(0));
    }

    // Another token, another address: as long as nobody takes any, what was lost is no less.
    void whatWasLostIsToldByWhoeverGoesOn()
    {
        prometheus::RemoteWriteSpec away;
        away.endpoint.url = "http://127.0.0.1:1";
        away.patience = 1h;
        away.mostAge = kAnyAge;
        away.mostPending = 2;
        prometheus::RemoteWriter before(away);
        for (std::int64_t at = 1; at <= 5; ++at) {
            before.push({sampleOf("a", at, 1)});
        }
        prometheus::RemoteBacklog backlog = before.abandon();
        QCOMPARE(backlog.figures.lost, 3U);
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t) { return saying(503, ""); });
        prometheus::RemoteWriter after({specOf(catcher), {}, 1000, 1ms, kAnyAge},
                                       core::SystemClock::instance(),
                                       prometheus::RemoteWriter::Start::WhenAdopted);
        after.adopt(std::move(backlog));
        QTRY_VERIFY_WITH_TIMEOUT(after.figures().retried > 0, 30'000);
        QCOMPARE(after.figures().lost, 3U);
        catcher.answer([](std::size_t) { return saying(204, ""); });
        QTRY_COMPARE_WITH_TIMEOUT(after.figures().sent, 2U, 30'000);
        QCOMPARE(after.figures().lost, 0U);
    }

    // By hand, from the .proto files: one series {__name__="a",job="x"}, one sample 1.0 at 5 ms.
    void aWriteRequestHasItsBytes()
    {
        const std::vector samples{sampleOf("a", 5, 1.0)};
        const QByteArray bytes = QByteArray::fromStdString(prometheus::writeRequest(samples, {{"job", "x"}}));
        QCOMPARE(bytes.toHex(), QByteArray("0a26"
                                           "0a0d"
                                           "0a085f5f6e616d655f5f"
                                           "120161"
                                           "0a08"
                                           "0a036a6f62"
                                           "120178"
                                           "120b"
                                           "09000000000000f03f"
                                           "1005"));
    }
};

QTEST_GUILESS_MAIN(RemoteWriterTest)
#include "tst_remote_writer.moc"

#include "monitor/record/frame.h"
#include "tests/support/demo_flow.h"

#include <QRegularExpression>
#include <QTest>

using namespace std::chrono_literals;

class TestFrame : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void everythingButSamplesComesBack();
    void unchangedPartsAreNotWrittenAgain();
    void targetsComeBackAndOlderFramesHaveNone();
    void aChangeNeedsAWholeFrameBefore();
    void memoryRidesInAWholeFrame();
    void damagedBytesAreAnError_data();
    void damagedBytesAreAnError();
    void hostileValuesStayWithinTheirKind();
};

namespace {

metrics::Snapshot bare(const metrics::Snapshot& snapshot)
{
    metrics::Snapshot kept = snapshot;
    kept.families.clear();
    kept.alerts.clear();
    kept.rules.clear();
    return kept;
}

record::Frame frameOf(const std::string& text, bool whole = true)
{
    return {1, whole, text.size(), record::packed(text)};
}

} // namespace

void TestFrame::everythingButSamplesComesBack()
{
    demo::Flow flow;
    record::FrameWriter writer;
    record::FrameReader reader;
    for (int i = 0; i < 700; ++i) { // into the trouble, with waiters and failures
        const metrics::SnapshotPtr snapshot = flow.next();
        QVERIFY(reader.read(writer.write(*snapshot, {})));
        if (i % 50 != 0) {
            continue;
        }
        const metrics::Snapshot& read = reader.snapshot();
        const metrics::Snapshot wanted = bare(*snapshot);
        QCOMPARE(read.tick, wanted.tick);
        QVERIFY(read.at == wanted.at && read.steady == wanted.steady && read.interval == wanted.interval);
        QVERIFY(read.pool.slots == wanted.pool.slots);
        QVERIFY(read.pool.waiters == wanted.pool.waiters);
        QVERIFY(read.pool.config == wanted.pool.config);
        QCOMPARE(read.pool.autopsies.size(), wanted.pool.autopsies.size());
        QCOMPARE(read.pool.checkedOut, wanted.pool.checkedOut);
        QCOMPARE(read.pool.verdict, wanted.pool.verdict);
        QVERIFY(read.scenarios == wanted.scenarios);
        QVERIFY(read.responses == wanted.responses);
        QVERIFY(read.channels == wanted.channels);
        QVERIFY(read.sources == wanted.sources);
        QVERIFY(read.banners == wanted.banners);
        QVERIFY(read.server.state == wanted.server.state);
        QCOMPARE(read.latency.size(), wanted.latency.size());
        QCOMPARE(read.latency[0].p99, wanted.latency[0].p99);
    }
}

void TestFrame::unchangedPartsAreNotWrittenAgain()
{
    demo::Flow flow;
    record::FrameWriter writer;
    const record::Frame whole = writer.write(*flow.next(), {});
    const record::Frame next = writer.write(*flow.next(), {});
    QVERIFY(whole.whole);
    QVERIFY(!next.whole);
    QVERIFY2(next.data.size() < whole.data.size(), qPrintable(QString::number(next.data.size())));
    QVERIFY(record::unpacked(next.data, next.size)->find("\"settings\"") == std::string::npos);
}

void TestFrame::targetsComeBackAndOlderFramesHaveNone()
{
    metrics::Snapshot snapshot = *demo::Flow().next();
    snapshot.targets = {{"billing", "#c0392b", "HTTP 503", false, metrics::TargetOrigin::Discovered, 7},
                        {"shop", "", "", true, metrics::TargetOrigin::Config, 0}};
    record::FrameWriter writer;
    record::FrameReader reader;
    QVERIFY(reader.read(writer.write(snapshot, {})));
    QVERIFY(reader.snapshot().targets == snapshot.targets);
    snapshot.targets.pop_back();
    QVERIFY(reader.read(writer.write(snapshot, {}))); // only what has changed
    QVERIFY(reader.snapshot().targets == snapshot.targets);
    QVERIFY(reader.read(frameOf("{\"pool\":{\"checked_out\":3}}"))); // as it was written before there were any
    QVERIFY(reader.snapshot().targets.empty());
    QVERIFY(reader.read(frameOf("{\"targets\":[{\"name\":7,\"origin\":99},\"x\"]}")));
    QCOMPARE(reader.snapshot().targets.size(), std::size_t(2));
    QVERIFY(reader.snapshot().targets[0] == metrics::TargetState());
}

void TestFrame::aChangeNeedsAWholeFrameBefore()
{
    record::FrameReader reader;
    QVERIFY(!reader.read(frameOf("{\"pool\":{\"checked_out\":3}}", false)));
    QVERIFY(reader.read(frameOf("{\"pool\":{\"checked_out\":3}}")));
    QVERIFY(reader.read(frameOf("{\"server\":{\"state\":2}}", false)));
    QCOMPARE(reader.snapshot().pool.checkedOut, 3);
    QVERIFY(reader.snapshot().server.state == metrics::ServerView::State::Up);
}

void TestFrame::memoryRidesInAWholeFrame()
{
    demo::Flow flow;
    record::FrameWriter writer;
    record::FrameReader reader;
    QVERIFY(reader.read(writer.write(*flow.next(), {})));
    QVERIFY(reader.memory().empty());
    const record::Frame kept = writer.write(*flow.next(), "{\"version\":1}");
    QVERIFY(kept.whole);
    QVERIFY(reader.read(kept));
    QCOMPARE(reader.memory(), std::string("{\"version\":1}"));
}

void TestFrame::damagedBytesAreAnError_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<quint64>("size");
    const auto packed = [](const char* text) { return QByteArray::fromStdString(record::packed(text)); };
    QTest::newRow("nothing") << QByteArray() << quint64(0);
    QTest::newRow("no stream") << QByteArray("no zlib at all") << quint64(10);
    QTest::newRow("cut off") << packed("{\"pool\":{}}").chopped(3) << quint64(11);
    QTest::newRow("another size") << packed("{\"pool\":{}}") << quint64(12);
    QTest::newRow("a bomb's claim") << packed("{}") << quint64(1) * 1024 * 1024 * 1024 * 1024;
    QTest::newRow("no JSON") << packed("{\"pool\":") << quint64(8);
    QTest::newRow("an array") << packed("[]") << quint64(2);
}

void TestFrame::damagedBytesAreAnError()
{
    QFETCH(QByteArray, data);
    QFETCH(quint64, size);
    record::FrameReader reader;
    QVERIFY(!reader.read({1, true, static_cast<std::size_t>(size), data.toStdString()}));
}

void TestFrame::hostileValuesStayWithinTheirKind()
{
    record::FrameReader reader;
    QVERIFY(reader.read(frameOf(R"({"slots":[{"state":99,"slot":"x","uses":-4,"tag":7,"held_for":1e300}, 5, null],
        "pool":{"usage":null,"checked_out":99999999999999,"autopsies":3},"server":[1],"latency":{"a":1},
        "tick":{"at":"now","interval":-5}})")));
    const metrics::Snapshot& read = reader.snapshot();
    QCOMPARE(read.pool.slots.size(), std::size_t{3});
    QVERIFY(read.pool.slots[0].state == metrics::SlotState::NotOpened);
    QCOMPARE(read.pool.slots[0].uses, std::uint64_t{0});
    QVERIFY(read.pool.slots[0].tag.empty());
    QCOMPARE(read.pool.checkedOut, 0);
    QVERIFY(read.interval > core::Nanos(0));
    QVERIFY(read.latency.empty());
}

QTEST_GUILESS_MAIN(TestFrame)
#include "tst_frame.moc"

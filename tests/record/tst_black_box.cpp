#include "tests/record/replay_fixture.h"

#include "monitor/record/box_file.h"

#include <QRegularExpression>
#include <QTest>

using namespace std::chrono_literals;

class TestBlackBox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void keepsTheLastMinutesOnly();
    void neverGrowsBeyondItsSize();
    void aRecordingHoldsWhatItBeganWith();
    void anIncidentSavesItsOwn();
    void theOldestRecordingsGo();
    void anotherRunGoesOnWithTheFile();
    void aBrokenBoxIsBegunAnew();
    void cancelLeavesNoFile();
};

namespace {

std::int64_t framesIn(record::BoxFile& box)
{
    return box.database().number(QStringLiteral("SELECT count(*) FROM frame"));
}

record::Frame frameAt(std::int64_t at, bool whole, std::size_t bytes)
{
    return {at, whole, bytes, std::string(bytes, 'x')};
}

record::BoxOptions optionsIn(const QTemporaryDir& folder)
{
    record::BoxOptions options;
    options.folder = folder.filePath("recordings").toStdString();
    return options;
}

} // namespace

void TestBlackBox::keepsTheLastMinutesOnly()
{
    record::BoxFile box({});
    for (int i = 0; i < 600; ++i) {
        const record::Frame frame = frameAt(1000 * (i + 1), i % 60 == 0, 100);
        box.write({&frame, 1}, {});
        QVERIFY(!box.expire(frame.at - 120'000, 1 << 30));
    }
    QVERIFY(framesIn(box) >= 120);
    QVERIFY(framesIn(box) <= 180); // to the next whole frame
    QCOMPARE(box.database().number(QStringLiteral("SELECT whole FROM frame ORDER BY at LIMIT 1")), 1);
}

void TestBlackBox::neverGrowsBeyondItsSize()
{
    record::BoxFile box({});
    bool full = false;
    for (int i = 0; i < 600; ++i) {
        const record::Frame frame = frameAt(1000 * (i + 1), i % 10 == 0, 1000);
        box.write({&frame, 1}, {});
        full = box.expire(0, 50'000) || full;
        QVERIFY(box.bytes() <= 61'000);
    }
    QVERIFY(full);
}

void TestBlackBox::aRecordingHoldsWhatItBeganWith()
{
    record::BoxOptions options;
    options.keep = 60s;
    support::StoryRun run(options);
    run.runUntil(20s);
    QVERIFY(run.box().start());
    QVERIFY(!run.box().start()); // one at a time
    run.runUntil(290s);
    const auto told = std::make_shared<std::promise<core::Result<std::filesystem::path>>>();
    const std::string file = run.folder().filePath("held.poolscope").toStdString();
    QVERIFY(run.box().save(file, [told](const auto& saved) { told->set_value(saved); }));
    const auto saved = told->get_future().get();
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    const auto tape = record::Tape::open(file);
    QVERIFY(tape);
    QCOMPARE((*tape)->info().from, support::StoryRun::millisAt(20));
    int frames = 0;
    QVERIFY((*tape)->frames((*tape)->info().from, (*tape)->info().to, [&](const record::Frame&) { return ++frames > 0; }));
    QVERIFY2(frames >= 270, qPrintable(QString::number(frames)));
    QTRY_VERIFY(run.box().state() == record::RecordingState{});
}

void TestBlackBox::anIncidentSavesItsOwn()
{
    const QTemporaryDir folder;
    record::BoxOptions options = optionsIn(folder);
    options.after = 0s;
    const auto told = std::make_shared<std::promise<core::Result<std::filesystem::path>>>();
    options.onSaved = [told](const auto& saved) { told->set_value(saved); };
    support::StoryRun run(options);
    run.runUntil(280s);
    run.box().incident("High/Pool Usage", run.last()->at);
    const auto saved = told->get_future().get();
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QVERIFY(saved->filename().string().ends_with("-High_Pool_Usage.poolscope"));
    const auto entries = record::shelfEntries(options.folder);
    QCOMPARE(entries.size(), std::size_t{1});
    QCOMPARE(entries[0].title, std::string("High/Pool Usage"));
    QVERIFY(entries[0].from < entries[0].to);
}

void TestBlackBox::theOldestRecordingsGo()
{
    const QTemporaryDir folder;
    const std::filesystem::path shelf = folder.path().toStdString();
    for (int i = 0; i < 9; ++i) {
        std::ofstream(shelf / record::shelfName(1'795'161'600'000 + i * 60'000, "Alert")) << std::string(1000, 'x');
    }
    std::ofstream(shelf / "mine.poolscope") << "x";
    // Of several that fired within three minutes one is saved, and is found for each of them.
    const auto found = [&](std::int64_t second, const char* title) {
        return record::shelfRecording(shelf, 1'795'161'600'000 + second * 1'000, title).filename().string();
    };
    QCOMPARE(found(60, "Alert"), record::shelfName(1'795'161'660'000, "Alert"));
    QCOMPARE(found(60, "Other"), record::shelfName(1'795'161'660'000, "Alert"));
    QCOMPARE(found(119, "Other"), record::shelfName(1'795'161'660'000, "Alert"));
    QCOMPARE(found(-1, "Alert"), std::string());
    QCOMPARE(found(36'000, "Alert"), std::string());
    QVERIFY(record::shelfRecording(shelf / "none", 1'795'161'660'000, "Alert").empty());
    record::tidyShelf(shelf, {4, 1 << 20});
    QCOMPARE(record::shelfEntries(shelf).size(), std::size_t{4});
    QVERIFY(std::filesystem::exists(shelf / record::shelfName(1'795'161'600'000 + 8 * 60'000, "Alert")));
    record::tidyShelf(shelf, {4, 2500});
    QCOMPARE(record::shelfEntries(shelf).size(), std::size_t{2});
    QVERIFY(std::filesystem::exists(shelf / "mine.poolscope")); // people's own are not touched
}

void TestBlackBox::anotherRunGoesOnWithTheFile()
{
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("box.db").toStdString();
    {
        record::BoxFile box(file);
        const record::Frame frames[] = {frameAt(1000, true, 10), frameAt(2000, false, 20)};
        box.write(frames, {});
    }
    record::BoxFile again(file);
    QCOMPARE(framesIn(again), 2);
    QCOMPARE(again.bytes(), std::uint64_t{30});
    QCOMPARE(again.begin(), std::int64_t{1000});
}

void TestBlackBox::aBrokenBoxIsBegunAnew()
{
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("box.db").toStdString();
    std::ofstream(file) << std::string(5000, 'x');
    record::BoxFile box(file);
    QCOMPARE(framesIn(box), 0);
}

void TestBlackBox::cancelLeavesNoFile()
{
    support::StoryRun run;
    run.runUntil(10s);
    QVERIFY(run.box().start());
    run.box().cancel();
    QVERIFY(run.box().state() == record::RecordingState{});
    QVERIFY(!run.box().save(run.folder().filePath("none.poolscope").toStdString(), {}));
    QVERIFY(run.box().start()); // and another may begin
}

QTEST_GUILESS_MAIN(TestBlackBox)
#include "tst_black_box.moc"

#include "tests/record/replay_fixture.h"

#include <QFile>
#include <QSqlDatabase>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdint>

using namespace std::chrono_literals;

// The story with its trouble is run once; every test looks at recordings of it.
class TestTape : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_run.reset(); }
    void replayTellsTheSameIncidents();
    void aRestartInsideARecordingKeepsItsAlerts();
    void aProgramThatWasHeldUpTellsTheSame();
    void whatATargetToldGoesOnUntilItsNextScrape();
    void groupsGoOnInStep();
    void aRecordingThatBeginsAmidTroubleTellsTheSameEnd();
    void withoutFramesTheSamplesTellTheSame();
    void seekingGivesTheStatesOfThatMoment();
    void snapshotsHaveWhatTheyHadWhenTheyWereLive();
    void statementsCanBeLeftOut();
    void nothingInARangeIsAnError();
    void whatIsNoRecordingIsRefused_data();
    void whatIsNoRecordingIsRefused();
    void aDamagedFileNeverCrashes_data();
    void aDamagedFileNeverCrashes();
    void aNewerRecordingIsRefused_data();
    void aNewerRecordingIsRefused();
    void nothingIsLeftOfARecordingThatFails();

private:
    std::vector<record::TimelineEntry> toldBetween(int from, int to) const;
    std::vector<record::TimelineEntry> replayed(record::Tape& tape, int from) const;
    std::string copyOf(const char* name) const;

    std::unique_ptr<support::StoryRun> m_run;
    std::vector<const metrics::MetricDef*> m_defs;
    std::string m_file; // seconds 420 … 1500: the trouble from its beginning to its end
};

namespace {

std::string say(const std::vector<record::TimelineEntry>& entries)
{
    std::string text;
    for (const record::TimelineEntry& entry : entries) {
        text += core::isoUtc(core::WallTime(core::Millis(entry.at))) + ' ' + record::whatName(entry.what) + ' ' +
                entry.rule + '\n';
    }
    return text;
}

} // namespace

void TestTape::initTestCase()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));
    record::BoxOptions options;
    options.keep = 25min;
    m_run = std::make_unique<support::StoryRun>(options);
    m_run->runUntil(1560s);
    m_defs = support::defsOf(*m_run->last());
    const auto saved = m_run->save(420, 1500, "trouble.poolscope");
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    m_file = saved->string();
    QVERIFY(m_run->told().size() >= 6);
}

std::vector<record::TimelineEntry> TestTape::toldBetween(int from, int to) const
{
    std::vector<record::TimelineEntry> told;
    for (const record::TimelineEntry& entry : m_run->told()) {
        if (entry.at >= support::StoryRun::millisAt(from) && entry.at <= support::StoryRun::millisAt(to)) {
            told.push_back(entry);
        }
    }
    return told;
}

std::vector<record::TimelineEntry> TestTape::replayed(record::Tape& tape, int from) const
{
    record::Scene scene(tape, {m_defs, core::Lang::English});
    if (!scene.seek(support::StoryRun::millisAt(from))) {
        return {};
    }
    for (auto snapshot = scene.step(); snapshot && *snapshot; snapshot = scene.step()) {
    }
    return scene.timeline();
}

std::string TestTape::copyOf(const char* name) const
{
    const std::string copy = m_run->folder().filePath(QString::fromLatin1(name)).toStdString();
    std::filesystem::copy_file(m_file, copy, std::filesystem::copy_options::overwrite_existing);
    return copy;
}

void TestTape::replayTellsTheSameIncidents()
{
    const auto tape = record::Tape::open(m_file);
    QVERIFY2(tape, tape ? "" : tape.error().message.c_str());
    const auto told = toldBetween(420, 1500);
    const auto again = replayed(**tape, 420);
    QVERIFY(told.size() >= 6);
    QCOMPARE(say(again), say(told)); // to the millisecond
    const auto recorded = record::recordedTimeline(**tape);
    QVERIFY(recorded);
    QCOMPARE(record::differencesOf(*recorded, again, 0).size(), std::size_t{0});
}

// The program was stopped and started between two ticks while alerts fired: none fires twice, none is forgotten.
void TestTape::aRestartInsideARecordingKeepsItsAlerts()
{
    const auto told = toldBetween(420, 1500);
    const auto fired = std::find_if(told.begin(), told.end(), [](const auto& entry) {
        return entry.what == record::TimelineEntry::What::Fired;
    });
    QVERIFY(fired != told.end());
    const std::string file = copyOf("restart.poolscope");
    {
        store::Database database(file, store::OpenMode::ReadWrite);
        for (const qint64 at : {fired->at + 10'500, fired->at + 60'500}) {
            database.run("INSERT INTO annotation (at, kind, text, author) VALUES (?, 'restarted', '', '')", {at});
        }
    }
    const auto tape = record::Tape::open(file);
    QVERIFY2(tape, tape ? "" : tape.error().message.c_str());
    const auto again = replayed(**tape, 420);
    QCOMPARE(record::differencesOf(told, again, 2'000).size(), std::size_t{0});
}

// On a machine too slow to look each second the rules were not asked in between; nor are they by a replay.
void TestTape::aProgramThatWasHeldUpTellsTheSame()
{
    support::StoryRun run;
    for (int second = 560; second < 760; second += 20) {
        run.runUntil(std::chrono::seconds(second));
        run.holdUp(5s);
    }
    run.runUntil(800s);
    const auto saved = run.save(420, 790, "slow.poolscope");
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    const auto tape = record::Tape::open(*saved);
    QVERIFY(tape);
    record::Scene scene(**tape, {m_defs, core::Lang::English});
    QVERIFY(scene.seek(support::StoryRun::millisAt(420)));
    std::int64_t before = 0;
    for (auto snapshot = scene.step(); snapshot && *snapshot; snapshot = scene.step()) {
        QVERIFY(!std::isnan((*snapshot)->value("db_pool_usage"))); // a moment of its own is none of them
        QVERIFY(scene.next().value_or(INT64_MAX) > core::epochMillis((*snapshot)->at));
        before = core::epochMillis((*snapshot)->at);
    }
    QCOMPARE(before, support::StoryRun::millisAt(790));
    std::vector<record::TimelineEntry> told = run.told();
    std::erase_if(told, [](const auto& entry) { return entry.at < support::StoryRun::millisAt(420); });
    QVERIFY(told.size() >= 6);
    QCOMPARE(say(scene.timeline()), say(told));
}

// A group that is evaluated each half a minute is so at the same moments.
void TestTape::groupsGoOnInStep()
{
    const QTemporaryDir folder;
    const std::string rules = folder.filePath("rules.yml").toStdString();
    std::ofstream(rules) << "groups:\n- name: slow\n  interval: 30s\n  rules:\n"
                            "  - alert: Busy\n    expr: db_pool_usage > 0.6\n    for: 1m\n"
                            "    keep_firing_for: 1m\n";
    support::StoryRun run({}, rules);
    run.runUntil(1'500s);
    std::vector<record::TimelineEntry> told = run.told();
    std::erase_if(told, [](const auto& entry) { return entry.at < support::StoryRun::millisAt(1'007); });
    QVERIFY(!told.empty());
    const auto saved = run.save(1'007, 1'490, "step.poolscope");
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    const auto tape = record::Tape::open(*saved);
    QVERIFY(tape);
    QCOMPARE(say(replayed(**tape, 1'007)), say(told));
}

void TestTape::whatATargetToldGoesOnUntilItsNextScrape()
{
    const QTemporaryDir folder;
    const std::string rules = folder.filePath("rules.yml").toStdString();
    std::ofstream(rules) << "groups:\n- name: targets\n  interval: 1s\n  rules:\n"
                            "  - alert: BusyTarget\n    expr: app_busy > 0.5\n    for: 20s\n";
    support::StoryRun run({}, rules);
    run.beforeTick([](const metrics::Snapshot& snapshot, series::Head& head) {
        const std::int64_t at = core::epochMillis(snapshot.at);
        if (snapshot.tick % 15 == 0) {
            head.append(at, std::vector<series::NamedSample>{
                                {{{"__name__", "app_busy"}, {"target", "shop"}}, snapshot.tick < 90 ? 1.0 : 0.0}});
        }
    });
    run.runUntil(140s);
    QCOMPARE(run.told().size(), std::size_t{2}); // fired, resolved
    const auto saved = run.save(0, 130, "targets.poolscope");
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    const auto tape = record::Tape::open(*saved);
    QVERIFY(tape);
    record::Scene scene(**tape, {m_defs, core::Lang::English});
    QVERIFY(scene.seek(support::StoryRun::millisAt(0)));
    for (auto snapshot = scene.step(); snapshot && *snapshot; snapshot = scene.step()) {
        QVERIFY((*snapshot)->find("app_busy") == nullptr); // as live: it is in the history, not in the tick
    }
    QCOMPARE(say(scene.timeline()), say(run.told()));
}

void TestTape::aRecordingThatBeginsAmidTroubleTellsTheSameEnd()
{
    const auto saved = m_run->save(800, 1500, "amid.poolscope");
    QVERIFY(saved);
    const auto tape = record::Tape::open(*saved);
    QVERIFY(tape);
    const auto told = toldBetween(800, 1500);
    QVERIFY(std::any_of(told.begin(), told.end(), [](const auto& entry) {
        return entry.what == record::TimelineEntry::What::Resolved;
    }));
    QCOMPARE(say(replayed(**tape, 800)), say(told));
}

void TestTape::withoutFramesTheSamplesTellTheSame()
{
    const std::string file = copyOf("samples.poolscope");
    {
        store::Database database(file, store::OpenMode::ReadWrite);
        database.execute("DELETE FROM frame");
    }
    const auto tape = record::Tape::open(file);
    QVERIFY(tape);
    const auto again = replayed(**tape, 420);
    const auto recorded = record::recordedTimeline(**tape);
    QCOMPARE(record::differencesOf(*recorded, again, 1500).size(), std::size_t{0});
    record::Scene scene(**tape, {m_defs, core::Lang::English});
    QVERIFY(scene.seek(support::StoryRun::millisAt(700)));
    const auto snapshot = scene.step();
    QVERIFY(snapshot && *snapshot);
    QVERIFY((*snapshot)->pool.present);
    QCOMPARE((*snapshot)->pool.checkedOut, int((*snapshot)->value("db_pool_checked_out")));
}

void TestTape::seekingGivesTheStatesOfThatMoment()
{
    const auto tape = record::Tape::open(m_file);
    QVERIFY(tape);
    record::Scene straight(**tape, {m_defs, core::Lang::English});
    QVERIFY(straight.seek(support::StoryRun::millisAt(420)));
    std::map<std::int64_t, std::vector<std::string>> firing;
    const auto names = [](const metrics::SnapshotPtr& snapshot) {
        std::vector<std::string> found;
        for (const metrics::AlertRow& row : snapshot->alerts) {
            found.push_back(row.name + ' ' + metrics::alertStateName(row.state));
        }
        return found;
    };
    for (auto snapshot = straight.step(); snapshot && *snapshot; snapshot = straight.step()) {
        firing[core::epochMillis((*snapshot)->at)] = names(*snapshot);
    }
    for (const int second : {1200, 700, 1450, 445}) { // forth and back
        QVERIFY(straight.seek(support::StoryRun::millisAt(second)));
        const auto snapshot = straight.step();
        QVERIFY(snapshot && *snapshot);
        const std::int64_t at = core::epochMillis((*snapshot)->at);
        QCOMPARE(at, support::StoryRun::millisAt(second));
        QCOMPARE(names(*snapshot), firing[at]);
        const auto past = straight.stage()->querier.instant("db_pool_usage", at - 60'000);
        QVERIFY(past && past->size() == 1); // charts find what was before
    }
}

void TestTape::snapshotsHaveWhatTheyHadWhenTheyWereLive()
{
    const auto tape = record::Tape::open(m_file);
    QVERIFY(tape);
    demo::Flow flow;
    const metrics::SnapshotPtr live = flow.runUntil(900s);
    record::Scene scene(**tape, {m_defs, core::Lang::English});
    QVERIFY(scene.seek(core::epochMillis(live->at)));
    const auto snapshot = scene.step();
    QVERIFY(snapshot && *snapshot);
    const metrics::Snapshot& read = **snapshot;
    QVERIFY(read.at == live->at);
    for (const metrics::Family& family : live->families) {
        const metrics::Family* again = read.find(family.def->name);
        QVERIFY2(again != nullptr, std::string(family.def->name).c_str());
        QCOMPARE(again->series.size(), family.series.size());
        for (const metrics::Series& series : family.series) {
            const auto same = std::find_if(again->series.begin(), again->series.end(),
                                           [&](const auto& one) { return one.labels == series.labels; });
            QVERIFY(same != again->series.end());
            if (series.histogram) {
                QCOMPARE(same->histogram->counts, series.histogram->counts);
                QCOMPARE(same->histogram->bounds, series.histogram->bounds);
                QCOMPARE(same->histogram->count, series.histogram->count);
                QCOMPARE(same->histogram->exemplars.size(), series.histogram->exemplars.size());
            } else {
                QCOMPARE(same->value, series.value);
            }
        }
    }
    QVERIFY(read.pool.slots == live->pool.slots);
    QVERIFY(!read.rules.empty());
    QCOMPARE(read.rules.front().file, std::string(support::kRules));
}

void TestTape::statementsCanBeLeftOut()
{
    const std::string file = m_run->folder().filePath("bare.poolscope").toStdString();
    store::Database source(m_file, store::OpenMode::ReadOnly);
    store::Database box(m_file, store::OpenMode::ReadOnly);
    series::Head head;
    demo::Flow flow;
    const metrics::SnapshotPtr live = flow.runUntil(600s);
    head.append(*live);
    record::TapeRequest request;
    request.file = file;
    request.from = request.to = core::epochMillis(live->at);
    request.samples = &head;
    request.box = &box;
    request.statements = record::Statements::LeftOut;
    const auto written = record::writeTape(request);
    QVERIFY2(written, written ? "" : written.error().message.c_str());
    const auto tape = record::Tape::open(file);
    QVERIFY(tape);
    int frames = 0;
    QVERIFY((*tape)->frames(request.from, request.to, [&](const record::Frame& frame) {
        const auto text = record::unpacked(frame.data, frame.size);
        ++frames;
        return text && text->find("SELECT") == std::string::npos && text->find("select") == std::string::npos;
    }));
    QVERIFY(frames > 0);
}

void TestTape::nothingInARangeIsAnError()
{
    const auto saved = m_run->save(100'000, 100'100, "nothing.poolscope");
    QVERIFY(!saved);
    QVERIFY(saved.error().message.find("nothing was recorded") != std::string::npos);
    QVERIFY(!QFile::exists(m_run->folder().filePath("nothing.poolscope")));
}

void TestTape::whatIsNoRecordingIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("recording of Monday\n");
    QTest::newRow("a head alone") << QByteArray("SQLite format 3\0", 16);
    QTest::newRow("a head and noise") << QByteArray("SQLite format 3\0", 16) + QByteArray(5000, '\x5a');
}

void TestTape::whatIsNoRecordingIsRefused()
{
    QFETCH(QByteArray, bytes);
    QFile file(m_run->folder().filePath("other.poolscope"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    file.close();
    const auto tape = record::Tape::open(file.fileName().toStdString());
    QVERIFY(!tape);
    QVERIFY(tape.error().message.find("other.poolscope: ") != std::string::npos);
    const auto missing = record::Tape::open(m_run->folder().filePath("none.poolscope").toStdString());
    QCOMPARE(missing.error().code, std::string("missing"));
}

void TestTape::aDamagedFileNeverCrashes_data()
{
    QTest::addColumn<int>("way");
    for (int way = 0; way < 24; ++way) {
        QTest::addRow("%s %d", way < 8 ? "cut off" : way < 16 ? "zeroed" : "flipped", way) << way;
    }
}

void TestTape::aDamagedFileNeverCrashes()
{
    QFETCH(int, way);
    const std::string path = copyOf("damaged.poolscope");
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadWrite));
    const qint64 size = file.size();
    const qint64 at = size * (way % 8 + 1) / 10;
    if (way < 8) {
        QVERIFY(file.resize(at));
    } else {
        for (int spot = 0; spot < 12; ++spot) {
            const qint64 place = (at + spot * 7919 * (way + 1)) % (size - 600) + 100;
            file.seek(place);
            const QByteArray before = file.read(way < 16 ? 512 : 1);
            file.seek(place);
            file.write(way < 16 ? QByteArray(before.size(), '\0') : QByteArray(1, char(before.at(0) ^ 0x41)));
        }
    }
    file.close();
    const auto tape = record::Tape::open(path);
    if (!tape) {
        QVERIFY(!tape.error().message.empty());
        return;
    }
    record::Scene scene(**tape, {m_defs, core::Lang::English});
    core::Result<metrics::SnapshotPtr> snapshot = metrics::SnapshotPtr();
    if (scene.seek((*tape)->info().from)) {
        for (snapshot = scene.step(); snapshot && *snapshot; snapshot = scene.step()) {
        }
    }
    QVERIFY(snapshot || !snapshot.error().message.empty());
}

void TestTape::aNewerRecordingIsRefused_data()
{
    QTest::addColumn<QString>("change");
    QTest::newRow("format") << "UPDATE recording SET value = '999' WHERE name = 'format'";
    QTest::newRow("tables") << "PRAGMA user_version = 999";
}

void TestTape::aNewerRecordingIsRefused()
{
    QFETCH(QString, change);
    const std::string path = copyOf("newer.poolscope");
    {
        store::Database database(path, store::OpenMode::ReadWrite);
        database.execute(change);
    }
    const auto tape = record::Tape::open(path);
    QVERIFY(!tape);
    QCOMPARE(tape.error().code, std::string("newer"));
    QVERIFY(tape.error().message.find("newer Poolscope") != std::string::npos);
}

void TestTape::nothingIsLeftOfARecordingThatFails()
{
    const auto saved = m_run->save(500, 600, "no/such/folder.poolscope");
    QVERIFY(!saved);
    QVERIFY(!QFile::exists(m_run->folder().filePath("no")));
    for (const auto& entry : std::filesystem::directory_iterator(m_run->folder().path().toStdString())) {
        QVERIFY2(entry.path().string().find(".part") == std::string::npos, entry.path().c_str());
    }
}

QTEST_GUILESS_MAIN(TestTape)
#include "tst_tape.moc"

#include "monitor/record/playback.h"
#include "tests/record/replay_fixture.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <atomic>

using namespace std::chrono_literals;

class TestPlayback : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void beginsPausedAtTheBeginning();
    void playsAtItsPaceAndStopsAtTheEnd();
    void pauseStandsStill();
    void seekShowsTheMomentAndKeepsPlaying();
    void chartsFindThePastOfTheMoment();
    void incidentsAreThoseBegunByThen();
    void anotherLanguageIsSpokenAtOnce();
    void whatIsNoRecordingIsAnError();

private:
    std::unique_ptr<record::Playback> open();

    std::unique_ptr<support::StoryRun> m_run;
    std::vector<const metrics::MetricDef*> m_defs;
    std::string m_file;
    std::atomic<int> m_shown{0};
};

void TestPlayback::initTestCase()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));
    m_run = std::make_unique<support::StoryRun>();
    m_run->runUntil(760s);
    m_defs = support::defsOf(*m_run->last());
    const auto saved = m_run->save(400, 750, "play.poolscope");
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    m_file = saved->string();
}

std::unique_ptr<record::Playback> TestPlayback::open()
{
    m_shown = 0;
    auto opened = record::Playback::open(m_file, {m_defs, core::Lang::English}, {[this] { ++m_shown; }, {}});
    return opened ? std::move(*opened) : nullptr;
}

void TestPlayback::beginsPausedAtTheBeginning()
{
    const auto playback = open();
    QVERIFY(playback);
    QTRY_VERIFY(playback->latest());
    QCOMPARE(core::epochMillis(playback->latest()->at), support::StoryRun::millisAt(400));
    QCOMPARE(playback->state().from, support::StoryRun::millisAt(400));
    QCOMPARE(playback->state().to, support::StoryRun::millisAt(750));
    QVERIFY(!playback->state().playing);
    QCOMPARE(playback->state().title, std::string("play"));
}

void TestPlayback::playsAtItsPaceAndStopsAtTheEnd()
{
    const auto playback = open();
    QTRY_VERIFY(playback->latest());
    playback->setSpeed(1000); // more than there is
    QCOMPARE(playback->state().speed, record::kFastest);
    playback->seek(support::StoryRun::millisAt(700));
    playback->play();
    QTRY_VERIFY_WITH_TIMEOUT(!playback->state().playing, 30'000);
    QCOMPARE(playback->state().at, support::StoryRun::millisAt(750));
    QCOMPARE(core::epochMillis(playback->latest()->at), support::StoryRun::millisAt(750));
    QVERIFY(m_shown >= 51); // the first moment, and each tick from 700 on
    playback->play();       // from the beginning
    QTRY_VERIFY(playback->latest()->at < core::WallTime(core::Millis(support::StoryRun::millisAt(700))));
}

void TestPlayback::pauseStandsStill()
{
    const auto playback = open();
    QTRY_VERIFY(playback->latest());
    playback->setSpeed(50);
    playback->play();
    QTRY_VERIFY(playback->state().at > support::StoryRun::millisAt(405));
    playback->pause();
    QVERIFY(!playback->state().playing);
    playback->seek(support::StoryRun::millisAt(500));
    QTRY_COMPARE(playback->state().at, support::StoryRun::millisAt(500)); // the thread is through with what was under way
    QTRY_VERIFY(!playback->state().seeking);
    const int shown = m_shown;
    QVERIFY(!QTest::qWaitFor([&] { return m_shown != shown; }, 300));
}

void TestPlayback::seekShowsTheMomentAndKeepsPlaying()
{
    const auto playback = open();
    QTRY_VERIFY(playback->latest());
    playback->setSpeed(10);
    playback->play();
    playback->seek(support::StoryRun::millisAt(600));
    QTRY_VERIFY(playback->state().at >= support::StoryRun::millisAt(601));
    QVERIFY(playback->state().playing);
    const std::uint64_t stage = playback->state().stage;
    playback->seek(0); // before the beginning
    QTRY_VERIFY(playback->state().stage != stage);
    QTRY_VERIFY(playback->state().at < support::StoryRun::millisAt(600));
}

void TestPlayback::chartsFindThePastOfTheMoment()
{
    const auto playback = open();
    playback->seek(support::StoryRun::millisAt(640));
    QTRY_COMPARE(playback->state().at, support::StoryRun::millisAt(640));
    QTRY_VERIFY(!playback->state().seeking);
    const auto usage = playback->querier().range("db_pool_usage", support::StoryRun::millisAt(500),
                                                 support::StoryRun::millisAt(640), 10'000);
    QVERIFY(usage && usage->size() == 1);
    QVERIFY(usage->front().points.size() >= 14);
}

void TestPlayback::incidentsAreThoseBegunByThen()
{
    const auto playback = open();
    QVERIFY(!playback->marks().empty());
    QTRY_VERIFY(playback->latest());
    const std::size_t before = playback->incidents({}).size(); // of those that were open already
    const auto go = [&playback](std::int64_t at) {
        playback->seek(at);
        QTRY_COMPARE(playback->state().at, at);
        QTRY_VERIFY(!playback->state().seeking);
    };
    go(support::StoryRun::millisAt(748));
    const auto incidents = playback->incidents({});
    QVERIFY(incidents.size() > before);
    QVERIFY(incidents.front().firedAt <= playback->latest()->at);
    const auto over = std::find_if(incidents.begin(), incidents.end(), [](const metrics::Incident& one) {
        return !one.open() && one.resolvedAt - one.firedAt > 10s;
    });
    QVERIFY(over != incidents.end());
    go(core::epochMillis(over->firedAt) + 5000); // it is the newest, and not over yet
    const auto earlier = playback->incidents({});
    QCOMPARE(earlier.front().id, over->id);
    QVERIFY(earlier.front().open());
    QVERIFY(earlier.front().lasted == 5s);
    QVERIFY(earlier.size() < incidents.size());
    metrics::IncidentFilter filter;
    filter.text = "no such alert";
    QVERIFY(playback->incidents(filter).empty());
}

void TestPlayback::anotherLanguageIsSpokenAtOnce()
{
    const auto playback = open();
    playback->seek(support::StoryRun::millisAt(745));
    QTRY_COMPARE(playback->state().at, support::StoryRun::millisAt(745));
    const auto summary = [&] {
        const metrics::SnapshotPtr snapshot = playback->latest();
        return snapshot->alerts.empty() ? std::string() : snapshot->alerts.front().summary;
    };
    QTRY_VERIFY(!summary().empty());
    const std::string english = summary();
    playback->setLang(core::Lang::Chinese);
    QTRY_VERIFY(!summary().empty() && summary() != english);
}

void TestPlayback::whatIsNoRecordingIsAnError()
{
    const std::string file = m_run->folder().filePath("text.poolscope").toStdString();
    std::ofstream(file) << "text";
    const auto opened = record::Playback::open(file, {m_defs, core::Lang::English}, {});
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, std::string("not_a_recording"));
}

QTEST_GUILESS_MAIN(TestPlayback)
#include "tst_playback.moc"

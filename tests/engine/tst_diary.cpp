// Marks of the past: those on disk and those that are not there yet as one; notes rewritten; why there is
// nothing.
#include "monitor/engine/diary.h"
#include "monitor/engine/incident_search.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <future>
#include <memory>

using engine::BannerBoard;
using engine::EngineDiary;
using engine::HistoryKeeper;
using engine::MarkBook;
using metrics::DiaryEntry;
using metrics::DiaryRange;
using metrics::Mark;
using namespace std::chrono_literals;

namespace {

const core::Clock& systemClock()
{
    return core::SystemClock::instance();
}

// A run of the program, as far as the diary is concerned.
struct Run {
    explicit Run(const std::filesystem::path& file)
        : banners(systemClock())
        , book(systemClock())
        , keeper({file, {}, 20ms, 50ms}, head, banners, [] { return core::Lang::English; })
        , diary(book, &keeper)
    {
        book.observe([this](const Mark& mark) { keeper.keepMark(mark); });
        keeper.onPast([this](const Mark& mark) { book.put(mark); });
        keeper.start();
    }
    ~Run() { keeper.stop(); }
    void tick(double value)
    {
        const std::int64_t at = core::epochMillis(systemClock().wallNow());
        const std::vector<series::NamedSample> samples{{series::Labels{{"__name__", "g"}}, value}};
        head.append(at, samples);
        keeper.onTick();
    }
    series::Head head;
    BannerBoard banners;
    MarkBook book;
    HistoryKeeper keeper;
    EngineDiary diary;
};

std::vector<DiaryEntry> all(const EngineDiary& diary, const DiaryRange& range = {})
{
    std::promise<std::vector<DiaryEntry>> promise;
    diary.read(range, [&promise](std::vector<DiaryEntry> entries) { promise.set_value(std::move(entries)); });
    return promise.get_future().get();
}

const DiaryEntry* find(const std::vector<DiaryEntry>& entries, Mark::Kind kind)
{
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [kind](const DiaryEntry& e) { return e.mark.kind == kind; });
    return found == entries.end() ? nullptr : &*found;
}

metrics::Incident incidentOf(int number)
{
    metrics::Incident incident;
    incident.id = "i-" + std::to_string(number);
    incident.rule = number % 2 == 0 ? "Even" : "Odd";
    incident.labels = {{"alertname", incident.rule}, {"number", std::to_string(number)}};
    incident.severity = number % 10 == 0 ? metrics::Severity::Critical : metrics::Severity::Warning;
    incident.summary = "incident " + std::to_string(number);
    incident.activeSince = incident.firedAt = core::WallTime(1'700'000'000s + std::chrono::minutes(number));
    incident.resolvedAt = incident.firedAt + 30s;
    incident.evidence.server = "up";
    incident.evidence.holders.push_back({3, 4711, "report", "a.cpp:1", "SELECT ?", 5s, false});
    return incident;
}

engine::FoundIncidents found(const HistoryKeeper& keeper, const metrics::IncidentFilter& filter,
                             std::vector<metrics::Incident> recent = {})
{
    std::promise<engine::FoundIncidents> promise;
    engine::searchIncidents(keeper.records(), filter, std::move(recent),
                            [&promise](engine::FoundIncidents all) { promise.set_value(std::move(all)); });
    return promise.get_future().get();
}

std::shared_ptr<const metrics::Incident> whole(const HistoryKeeper& keeper, const metrics::Incident& incident)
{
    std::promise<std::shared_ptr<const metrics::Incident>> promise;
    engine::readIncidentOf(keeper.records(), incident,
                           [&promise](std::shared_ptr<const metrics::Incident> one) { promise.set_value(std::move(one)); });
    return promise.get_future().get();
}

} // namespace

class TstDiary final : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    [[nodiscard]] std::filesystem::path file() const
    {
        return std::filesystem::path(m_folder->path().toStdString()) / "history.db";
    }

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void incidentsAreFoundOnDiskPageByPageAndTheNewestInMemory()
    {
        constexpr int kMany = 1'200; // three pages of the search
        Run run(file());
        const metrics::IncidentSink sink = run.keeper.alertSink();
        for (int number = 0; number < kMany; ++number) {
            sink.incident(incidentOf(number));
            if (number % 100 == 99) { // not more than the store's queue holds
                metrics::IncidentFilter all;
                all.limit = 10'000;
                QTRY_COMPARE_WITH_TIMEOUT(found(run.keeper, all).rows.size(), std::size_t(number + 1), 30'000);
            }
        }
        metrics::Incident open = incidentOf(5); // on disk it is over; memory knows better
        open.resolvedAt = {};
        const metrics::Incident fresh = incidentOf(kMany); // not on disk yet
        metrics::IncidentFilter filter;
        filter.limit = 10'000;
        const auto all = found(run.keeper, filter, {fresh, open});
        QVERIFY(!all.more);
        QCOMPARE(all.rows.size(), std::size_t(kMany + 1));
        QCOMPARE(all.rows.front().id, fresh.id);
        QVERIFY(std::ranges::is_sorted(all.rows, std::ranges::greater(), &metrics::Incident::firedAt));
        QVERIFY(std::ranges::all_of(all.rows, [](const auto& row) { return row.evidence == metrics::Evidence(); }));
        const auto five = std::ranges::find(all.rows, open.id, &metrics::Incident::id);
        QVERIFY(five != all.rows.end() && five->open());

        filter.severity = metrics::Severity::Critical;
        filter.rule = "Even";
        filter.from = incidentOf(100).firedAt;
        filter.to = incidentOf(199).firedAt;
        QCOMPARE(found(run.keeper, filter).rows.size(), std::size_t(10));
        filter = {};
        filter.text = "INCIDENT 7"; // of those older than the first page too
        filter.limit = 10'000;
        QCOMPARE(found(run.keeper, filter).rows.size(), std::size_t(111)); // 7, 70…79, 700…799
        filter = {};
        filter.limit = 50;
        const auto some = found(run.keeper, filter);
        QVERIFY(some.more);
        QCOMPARE(some.rows.size(), std::size_t(50));
        QCOMPARE(some.rows.front().id, incidentOf(kMany - 1).id);

        const auto seen = whole(run.keeper, incidentOf(42));
        QVERIFY(seen != nullptr);
        QCOMPARE(seen->evidence.holders.front().tag, std::string("report"));
        QVERIFY(whole(run.keeper, incidentOf(kMany + 7)) == nullptr);
    }

    void aMarkIsToldOnceOnItsWayToTheDiskAndThere()
    {
        Run run(file());
        run.book.add(Mark::Kind::SettingChanged, "pool_size 10 → 12");
        QCOMPARE(all(run.diary).size(), std::size_t(1));
        QTRY_VERIFY(all(run.diary).front().id != 0); // on disk
        QCOMPARE(all(run.diary).size(), std::size_t(1));
        QCOMPARE(all(run.diary).front().mark.text, std::string("pool_size 10 → 12"));
    }
    void aNoteIsRewrittenAndGoesWhereverItStands()
    {
        Run run(file());
        const core::WallTime then = systemClock().wallNow() - 2h;
        run.book.note(then, "deploy");
        DiaryEntry note = all(run.diary).front();
        run.diary.rewrite(note, "deploy\n2.4"); // before it is on disk
        QTRY_VERIFY(all(run.diary).front().id != 0);
        QTRY_COMPARE(all(run.diary).front().mark.text, std::string("deploy 2.4"));
        QTRY_COMPARE(all(run.diary).size(), std::size_t(1));
        note = all(run.diary).front();
        run.diary.rewrite(note, "deploy 2.5");
        QTRY_VERIFY(all(run.diary).size() == 1 && all(run.diary).front().mark.text == "deploy 2.5");
        run.diary.remove(all(run.diary).front());
        QTRY_VERIFY(all(run.diary).empty());
    }
    void onlyNotesAreRewritten()
    {
        Run run(file());
        run.book.add(Mark::Kind::AlertFired, "HighPoolUsage");
        QTRY_VERIFY(all(run.diary).front().id != 0);
        run.diary.remove(all(run.diary).front());
        run.diary.rewrite(all(run.diary).front(), "nothing happened");
        run.book.note(systemClock().wallNow(), "later"); // written after what was asked
        QTRY_VERIFY(all(run.diary).size() == 2 && all(run.diary).back().id != 0);
        QCOMPARE(all(run.diary).front().mark.text, std::string("HighPoolUsage"));
    }
    void theTimeBetweenTwoRunsHasItsReason()
    {
        core::WallTime last = {};
        {
            Run run(file());
            run.tick(1);
            QTRY_VERIFY(run.keeper.status().newest != 0);
            last = core::WallTime(std::chrono::milliseconds(run.keeper.status().newest));
            QVERIFY(all(run.diary).empty()); // the first run ever: nothing is missing
        }
        Run run(file());
        run.tick(2);
        QTRY_VERIFY(find(all(run.diary), Mark::Kind::Restarted) != nullptr);
        const auto entries = all(run.diary);
        const DiaryEntry* gap = find(entries, Mark::Kind::Gap);
        QVERIFY(gap);
        QCOMPARE(metrics::gapReasonFrom(gap->mark.text), std::optional(metrics::GapReason::NotRunning));
        QCOMPARE(core::epochMillis(gap->mark.at), core::epochMillis(last));
        QVERIFY(gap->mark.until > gap->mark.at);
        // A range in the middle of it finds it too.
        const core::WallTime middle = gap->mark.at + (gap->mark.until - gap->mark.at) / 2;
        QVERIFY(find(all(run.diary, {middle, middle, 10}), Mark::Kind::Gap));
        QTRY_VERIFY(find(all(run.diary), Mark::Kind::Gap)->id != 0);
        QVERIFY(find(all(run.diary, {middle, middle, 10}), Mark::Kind::Gap));
    }
    void withoutAHistoryThereAreTheMarksInMemory()
    {
        MarkBook book(systemClock());
        EngineDiary diary(book, nullptr);
        book.add(Mark::Kind::ServerDown, "away");
        book.note(systemClock().wallNow() - 10min, "before");
        const auto entries = all(diary);
        QCOMPARE(entries.size(), std::size_t(2));
        QCOMPARE(entries.front().mark.text, std::string("before"));
        diary.remove(entries.front());
        QCOMPARE(all(diary).size(), std::size_t(1));
    }
    void namesOfReasonsAndKindsComeBack()
    {
        for (const auto reason : {metrics::GapReason::NotRunning, metrics::GapReason::ServerAway}) {
            QCOMPARE(metrics::gapReasonFrom(metrics::gapReasonName(reason)), std::optional(reason));
        }
        for (int kind = 0; kind <= static_cast<int>(Mark::Kind::Gap); ++kind) {
            const auto one = static_cast<Mark::Kind>(kind);
            QVERIFY(!metrics::markKindName(one).empty());
            QCOMPARE(metrics::markKindFrom(metrics::markKindName(one)), std::optional(one));
        }
        QVERIFY(!metrics::markKindFrom("'; DROP TABLE annotation"));
        QVERIFY(!metrics::gapReasonFrom(""));
    }
};

QTEST_GUILESS_MAIN(TstDiary)
#include "tst_diary.moc"

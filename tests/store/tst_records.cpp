// What happened beside the samples: kept, found again page by page, upgraded into an older file.
#include "monitor/store/bucket.h"
#include "monitor/store/disk_reader.h"
#include "monitor/store/history.h"
#include "monitor/store/schema.h"
#include "monitor/store/write_session.h"
#include "tests/store/ticks.h"

#include <QDateTime>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <future>
#include <memory>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using store::Database;
using store::OpenMode;
using store::RecordKind;

namespace {

core::WallTime at(int second)
{
    return core::WallTime(std::chrono::milliseconds(support::kStart) + std::chrono::seconds(second));
}

std::vector<store::Record> oneOfEach()
{
    return {store::AlertTransition{
                at(1), "HighPoolUsage", {{"pool", "主"}}, "pending", "firing", "i-1", 0.91, "condition"},
            store::Incident{at(2),
                            "i-1",
                            "HighPoolUsage",
                            {{"a", "'; DROP TABLE incident; --"}},
                            "warning",
                            std::nullopt,
                            0.95,
                            "full",
                            "{\"x\":1}"},
            store::Event{at(3), "connected", 4, 4711, 99, 0.25, "orders", "a.cpp:1", "d", "57P01"},
            store::SlowStatement{at(4), 0xffffffffffffffff, "SELECT ?", 0.3, "orders", 4711, ""},
            store::ScenarioRun{at(5), at(65), "exhaustion", "done", "{\"threads\":30}", 100, 3, "A,B", ""},
            store::Annotation{at(6), at(7), "note", "备注 \"quoted\"", "ann"},
            store::SettingChange{at(8), "pool", "pool_size", "10", "12", ""}};
}

store::Page fetched(const store::DiskReader& reader, const store::PageRequest& request)
{
    std::promise<store::Page> promise;
    reader.fetch(request, [&promise](store::Page page) { promise.set_value(std::move(page)); });
    return promise.get_future().get();
}

} // namespace

class TstRecords final : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    store::StoreOptions m_options;

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_options = {};
        m_options.file = std::filesystem::path(m_folder->path().toStdString()) / "history.db";
        m_options.commitEvery = 20ms;
    }

    void everyKindComesBackAsItWas()
    {
        store::History history(m_options);
        for (const store::Record& record : oneOfEach()) {
            QVERIFY(history.record(record));
        }
        history.stop();
        const store::DiskReader reader(m_options.file);
        for (const store::Record& record : oneOfEach()) {
            const auto page = fetched(reader, {static_cast<RecordKind>(record.index())});
            QCOMPARE(page.rows.size(), std::size_t{1});
            QVERIFY(page.rows[0].record == record);
            QVERIFY(!page.more);
        }
    }

    void anIncidentIsOneRowWhateverItBecomes()
    {
        store::WriteSession session(m_options);
        auto incident = std::get<store::Incident>(oneOfEach()[1]);
        session.write({}, std::vector<store::Record>{incident});
        incident.ended = at(100);
        incident.peak = 0.99;
        session.write({}, std::vector<store::Record>{incident});
        session.close();
        const store::DiskReader reader(m_options.file);
        const auto page = fetched(reader, {RecordKind::Incident});
        QCOMPARE(page.rows.size(), std::size_t{1});
        QVERIFY(std::get<store::Incident>(page.rows[0].record) == incident);
    }

    void pagesComeNewestFirst()
    {
        store::WriteSession session(m_options);
        std::vector<store::Record> records;
        for (int i = 0; i < 25; ++i) {
            records.emplace_back(store::Annotation{at(i), std::nullopt, "note", std::to_string(i), ""});
        }
        session.write({}, records);
        session.close();
        const store::DiskReader reader(m_options.file);
        store::PageRequest request{RecordKind::Annotation, at(3), at(22)};
        request.limit = 8;
        std::vector<std::string> texts;
        for (bool more = true; more;) {
            const auto page = fetched(reader, request);
            for (const auto& row : page.rows) {
                texts.push_back(std::get<store::Annotation>(row.record).text);
                request.before = row.id;
            }
            more = page.more;
        }
        QCOMPARE(texts.size(), std::size_t{20});
        QCOMPARE(texts.front(), std::string("22"));
        QCOMPARE(texts.back(), std::string("3"));
    }

    void withoutAFileThePageIsEmpty()
    {
        store::DiskReader reader(m_options.file);
        QVERIFY(fetched(reader, {RecordKind::Event}).rows.empty());
        reader.stop();
        QVERIFY(fetched(reader, {RecordKind::Event}).rows.empty());
    }

    void anOlderFileIsUpgradedAfterACopy()
    {
        {
            Database database(m_options.file, OpenMode::ReadWrite);
            QVERIFY(store::upgradeSchema(database, m_options.file, 1));
            database.execute(QStringLiteral("INSERT INTO series VALUES (1, 'g', '{}', 'gauge', 1, 2)"));
            database.execute(
                QStringLiteral("INSERT INTO hour VALUES (1, 1795161600, 1, 1, 1, 1, 1, 1, NULL)"));
        }
        {
            store::WriteSession session(m_options);
            session.write({}, oneOfEach());
            session.close();
        }
        std::filesystem::path copy = m_options.file;
        copy += ".before-1";
        for (const auto& [file, version] :
             {std::pair{m_options.file, store::schemaVersion()}, std::pair{copy, 1}}) {
            Database database(file, OpenMode::ReadOnly);
            QCOMPARE(database.number(QStringLiteral("PRAGMA user_version")), version);
            QCOMPARE(database.number(QStringLiteral("SELECT count(*) FROM hour")), 1);
        }
        Database database(m_options.file, OpenMode::ReadOnly);
        QCOMPARE(database.number(QStringLiteral("SELECT count(*) FROM setting_change")), 1);
        QCOMPARE(database.number(QStringLiteral("SELECT peak IS NULL FROM history_1h")), 1); // unknown then
    }

    // The peaks of a file from before there were any: those of the hours that have samples are found, of
    // older ones none.
    void anOlderFileGetsThePeaksOfTheSamplesItHas_data()
    {
        QTest::addColumn<bool>("older");
        QTest::newRow("all samples are there") << false;
        QTest::newRow("the oldest samples are gone") << true;
    }
    void anOlderFileGetsThePeaksOfTheSamplesItHas()
    {
        QFETCH(bool, older);
        constexpr std::int64_t kStart = 1'795'183'200'000 + 1'800'000; // in the middle of an hour
        {
            std::vector<store::TickSamples> ticks;
            double total = 0;
            for (int second = 0; second < 3 * 3'600; second += 5) {
                total += second % 1'800 == 900 ? 1'000 : 1; // a burst each half an hour
                ticks.push_back(support::tickAt(kStart + second * 1'000,
                                                {{support::labelsOf("db_connection_checkout_total"), total},
                                                 {support::labelsOf("db_pool_checked_out"), second % 7}}));
            }
            store::WriteSession session(m_options);
            session.write(ticks, {});
            session.close();
        }
        const auto peaks = [this](const char* table) {
            Database database(m_options.file, OpenMode::ReadOnly);
            std::vector<std::pair<qint64, double>> found; // -1: none
            QSqlQuery& rows = database.rows(table, {});
            while (rows.next()) {
                found.emplace_back(rows.value(0).toLongLong(),
                                   rows.value(1).isNull() ? -1 : rows.value(1).toDouble());
            }
            rows.finish();
            return found;
        };
        const char* const kMinutes = "SELECT m.at, peak FROM minute m JOIN series s ON s.id = series_id "
                                     "WHERE kind = 'counter' ORDER BY 1";
        const char* const kHours = "SELECT h.at, peak FROM hour h JOIN series s ON s.id = series_id WHERE "
                                   "kind = 'counter' ORDER BY 1";
        const auto minutes = peaks(kMinutes);
        const auto hours = peaks(kHours);
        QVERIFY(
            std::any_of(minutes.begin(), minutes.end(), [](const auto& one) { return one.second >= 100; }));
        {
            Database database(m_options.file, OpenMode::ReadWrite);
            for (const char* sql :
                 {"DROP VIEW history_1m", "DROP VIEW history_1h", "ALTER TABLE minute DROP COLUMN peak",
                  "ALTER TABLE hour DROP COLUMN peak", "CREATE VIEW history_1m AS SELECT 1",
                  "CREATE VIEW history_1h AS SELECT 1", "PRAGMA user_version = 3"}) {
                database.execute(QString::fromLatin1(sql));
            }
            if (older) {
                database.execute(QStringLiteral("DELETE FROM chunk WHERE key < 4 << 24"));
                database.execute(QStringLiteral("DELETE FROM block WHERE id < 4"));
            }
        }
        store::WriteSession(m_options).close();
        // Half an hour of the oldest samples is gone, so the second hour is the first that is whole.
        const std::int64_t from = older ? kStart / 1000 + 1'800 : 0;
        const auto expected = [from](std::vector<std::pair<qint64, double>> all) {
            for (auto& [at, peak] : all) {
                peak = at < from ? -1 : peak;
            }
            return all;
        };
        QCOMPARE(peaks(kMinutes), expected(minutes));
        QCOMPARE(peaks(kHours), expected(hours));
        Database database(m_options.file, OpenMode::ReadOnly);
        QCOMPARE(database.number(QStringLiteral("PRAGMA user_version")), qint64(store::schemaVersion()));
    }

    // Ten minutes as they were packed before there were peaks.
    void anOlderPageIsRead()
    {
        store::Bucket bucket{3, 1, 5, 9, 1, 5, 4, 0};
        const std::array cells{store::PageCell{7, bucket}};
        const series::Bytes now = store::packPage(cells);
        // Format, how many, where, eight sizes; then the streams.
        const std::size_t last = now.at(10);
        series::Bytes old(now.begin(), now.end() - static_cast<std::ptrdiff_t>(last));
        old.at(0) = 1;
        old.erase(old.begin() + 10);
        std::vector<store::PageCell> read;
        QVERIFY(store::unpackPage(old, read));
        QCOMPARE(read.size(), std::size_t{1});
        QCOMPARE(read[0].slot, 7);
        QVERIFY(read[0].bucket == bucket);
        QVERIFY(store::unpackPage(now, read));
        QVERIFY(read[1].bucket == bucket);
        old.at(0) = 3;
        QVERIFY(!store::unpackPage(old, read));
    }

    void aNoteIsRewrittenAndDeletedByItsMomentAndText()
    {
        store::WriteSession session(m_options);
        const auto note = [](int second, const char* text, const char* kind) {
            return store::Record(store::Annotation{at(second), std::nullopt, kind, text, ""});
        };
        const std::vector<store::Record> first{note(1, "a", "note"),
                                               note(2, "b", "note"),
                                               note(1, "a", "alert_fired"),
                                               store::NoteChange{at(1), "a", "a'; DROP TABLE annotation; --"},
                                               store::NoteChange{at(2), "b", ""},
                                               store::NoteChange{at(9), "c", "d"}};
        session.write({}, first);
        session.close();
        Database database(m_options.file, OpenMode::ReadOnly);
        QCOMPARE(database.number(QStringLiteral("SELECT count(*) FROM annotation")), 2);
        QCOMPARE(database.number(QStringLiteral("SELECT count(*) FROM annotation WHERE text = 'a'")), 1);
        QCOMPARE(database.number(QStringLiteral(
                     "SELECT count(*) FROM annotation WHERE text = 'a''; DROP TABLE annotation; --'")),
                 1);
    }

    void anAnnotationThatReachesIntoTheRangeIsInIt()
    {
        {
            store::WriteSession session(m_options);
            session.write(
                {}, std::vector<store::Record>{store::Annotation{at(10), at(500), "gap", "suspended", ""},
                                               store::Annotation{at(20), std::nullopt, "note", "x", ""}});
            session.close();
        }
        const store::DiskReader reader(m_options.file);
        QCOMPARE(fetched(reader, {RecordKind::Annotation, at(100), at(200)}).rows.size(), std::size_t(1));
        QCOMPARE(fetched(reader, {RecordKind::Annotation, at(15), at(200)}).rows.size(), std::size_t(2));
        QVERIFY(fetched(reader, {RecordKind::Annotation, at(501), at(900)}).rows.empty());
    }

    // As the folder's README has them, with the program people use.
    void theDocumentedStatementsRun()
    {
        {
            store::WriteSession session(m_options);
            const std::int64_t now = QDateTime::currentMSecsSinceEpoch() / 3'600'000 * 3'600'000 - 7'200'000;
            std::vector<store::TickSamples> ticks;
            for (int i = 0; i < 1'400; ++i) {
                const double count = i * 10.0;
                ticks.push_back(support::tickAt(
                    now + i * 5'000,
                    {{support::labelsOf("db_pool_checked_out"), i % 30},
                     {support::labelsOf("db_connection_checkout_total"), count},
                     {support::labelsOf("host_disk_usage_ratio", {{"mountpoint", "/"}}), 0.5},
                     {support::labelsOf("db_connection_wait_seconds_bucket", {{"le", "0.01"}}),
                      count * 0.995},
                     {support::labelsOf("db_connection_wait_seconds_bucket", {{"le", "0.1"}}), count},
                     {support::labelsOf("db_connection_wait_seconds_count"), count}}));
            }
            auto records = oneOfEach();
            records.emplace_back(store::Annotation{at(6), at(7), "gap", "not_running", ""});
            records.emplace_back(store::SettingChange{at(1), "pool", "max_overflow", "20", "5", ""});
            session.write(ticks, records);
            session.close();
        }
        QFile readme(QStringLiteral(STORE_README));
        QVERIFY(readme.open(QIODevice::ReadOnly | QIODevice::Text));
        int statements = 0;
        QString statement;
        for (const QString& line : QString::fromUtf8(readme.readAll()).split(QLatin1Char('\n'))) {
            const QString text = line.trimmed();
            if (!line.startsWith(QLatin1String("    ")) ||
                (statement.isEmpty() && !text.startsWith(QLatin1String("SELECT")))) {
                continue;
            }
            statement += QLatin1Char(' ') + text;
            if (!text.endsWith(QLatin1Char(';'))) {
                continue;
            }
            QProcess sqlite;
            sqlite.start(QStringLiteral("sqlite3"),
                         {QStringLiteral("-readonly"), QStringLiteral("-bail"),
                          QString::fromStdString(m_options.file.string()), statement});
            QVERIFY(sqlite.waitForFinished());
            const QByteArray problem = sqlite.readAllStandardError();
            QVERIFY2(sqlite.exitCode() == 0 && problem.isEmpty(),
                     qPrintable(QString::fromUtf8(problem) + statement));
            QVERIFY2(!sqlite.readAllStandardOutput().trimmed().isEmpty(),
                     qPrintable(statement + QStringLiteral(" gave nothing")));
            ++statements;
            statement.clear();
        }
        QVERIFY(statements >= 9);
    }

    void oldRecordsGoWithTheirHours()
    {
        m_options.retention.hours = std::chrono::hours(24);
        store::WriteSession session(m_options);
        session.write(
            {}, std::vector<store::Record>{store::Annotation{at(0), std::nullopt, "note", "old", ""},
                                           store::Annotation{at(200'000), std::nullopt, "note", "new", ""}});
        const auto labels = support::labelsOf("g");
        for (int second = 200'000; second < 202'000; second += 100) {
            session.write(std::vector{support::tickAt(support::kStart + second * 1000LL, {{labels, 1.0}})});
        }
        session.close();
        Database database(m_options.file, OpenMode::ReadOnly);
        QCOMPARE(database.number(QStringLiteral("SELECT count(*) FROM annotation")), 1);
    }
};

QTEST_GUILESS_MAIN(TstRecords)
#include "tst_records.moc"

// What happened beside the samples: kept, found again page by page, upgraded into an older file.
#include "monitor/store/disk_reader.h"
#include "monitor/store/history.h"
#include "monitor/store/schema.h"
#include "monitor/store/write_session.h"
#include "tests/store/ticks.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <future>
#include <memory>

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

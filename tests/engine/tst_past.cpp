// A data folder read without the program: sealed blocks and the open one, records, reports of it, ranges as
// files.
#include "monitor/engine/past.h"
#include "monitor/engine/report_maker.h"
#include "monitor/export/range_export.h"
#include "monitor/report/html.h"
#include "monitor/store/write_session.h"
#include "tests/store/ticks.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <string>

using support::kStart;
using support::labelsOf;

namespace {

constexpr int kSeconds = 1'500; // two blocks of ten minutes, and an open one
constexpr int kSeries = 120;

store::TickSamples tick(int second)
{
    support::Values values{{labelsOf("db_pool_usage"), second == 1'450 ? 1.0 : 0.25},
                           {labelsOf("db_pool_checked_out"), second == 1'450 ? 30.0 : 7.5},
                           {labelsOf("db_pool_max_connections"), 30.0}};
    for (int i = 0; i < kSeries; ++i) {
        values.emplace_back(labelsOf("filler", {{"n", std::to_string(i)}}), second * 0.37 + i);
    }
    return support::tickAt(kStart + second * 1000, values);
}

core::WallTime at(int second)
{
    return core::WallTime(std::chrono::milliseconds(kStart + second * 1000));
}

std::vector<store::Record> records()
{
    return {store::Incident{at(1'440),
                            "k1",
                            "CriticalPoolUsage",
                            {},
                            "critical",
                            at(1'470),
                            1,
                            "Pool usage is critical",
                            "{"},
            store::SlowStatement{at(1'445), 7, "SELECT * FROM orders WHERE id = $1", 3.5, "orders", 1, ""},
            store::SettingChange{at(0), "server", "target", "", "db1:5432/shop", ""},
            store::SettingChange{at(0), "pool", "pool_timeout", "", "30", ""},
            store::SettingChange{at(1'460), "pool", "pool_timeout", "30", "10", "ann"}};
}

} // namespace

class PastTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path m_file;
    std::unique_ptr<store::WriteSession> m_writer; // never closed: as in a program that runs, or was killed

private Q_SLOTS:
    void initTestCase()
    {
        m_file = std::filesystem::path(m_folder.path().toStdString()) / "history.db";
        store::StoreOptions options;
        options.file = m_file;
        m_writer = std::make_unique<store::WriteSession>(options);
        std::vector<store::TickSamples> ticks;
        for (int second = 0; second < kSeconds; ++second) {
            ticks.push_back(tick(second));
        }
        m_writer->write(ticks, records());
    }

    void sealedAndOpenBlocksAreOne()
    {
        const auto past = engine::Past::open(m_file);
        QVERIFY(past);
        const std::vector<series::Matcher> usage{series::Matcher::equal("__name__", "db_pool_usage")};
        const auto found = (*past)->reader().select(usage, kStart, kStart + kSeconds * 1000);
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].samples.size(), std::size_t(kSeconds));
        QCOMPARE(found[0].samples[1'450].value, 1.0);
        for (int second = 0; second < kSeconds; ++second) {
            QCOMPARE(found[0].samples[static_cast<std::size_t>(second)].at, kStart + second * 1000);
        }
        const auto peak =
            (*past)->querier().instant("max_over_time(db_pool_usage[10m])", kStart + kSeconds * 1000);
        QCOMPARE(peak->at(0).points.at(0).value, 1.0);
    }
    void everySampleIsExported()
    {
        const auto past = engine::Past::open(m_file);
        exporting::RowStyle style;
        style.format = exporting::Format::JsonLines;
        style.range = {kStart, kStart + kSeconds * 1000};
        const auto source = exporting::sampleSource((*past)->reader(), {}, style.range, {});
        int parts = 0;
        const std::string file = m_folder.filePath("a.jsonl").toStdString();
        const auto done = exporting::exportRange(*source, style, file, {{}, [&parts](double) { ++parts; }});
        QVERIFY(done);
        QCOMPARE(done->rows, std::uint64_t(kSeconds));
        QCOMPARE(done->values, std::uint64_t(kSeconds) * (kSeries + 3));
        QVERIFY(parts >= 3); // never all of it at once
    }
    void recordsComeOldestFirstAndBounded()
    {
        const auto past = engine::Past::open(m_file);
        const auto changes =
            engine::recordsOf((*past)->records(), store::RecordKind::SettingChange, {}, at(kSeconds), 100);
        QCOMPARE(changes.size(), std::size_t(3));
        QCOMPARE(std::get<store::SettingChange>(changes.front()).name, std::string("target"));
        QCOMPARE(engine::recordsOf((*past)->records(), store::RecordKind::SettingChange, {}, at(kSeconds), 1)
                     .size(),
                 std::size_t(1));
    }
    void reportTellsWhatTheHistoryKnows()
    {
        const auto past = engine::Past::open(m_file);
        report::Request request;
        request.from = kStart;
        request.to = kStart + kSeconds * 1000;
        request.zone = report::TimeZone::Utc;
        const auto document = engine::makeReport((*past)->querier(), (*past)->records(), request);
        QVERIFY(document);
        QCOMPARE(document->cover.verdict, std::string("The connection pool was exhausted."));
        const QString page = QString::fromStdString(report::html(*document));
        for (const char* words :
             {"db1:5432/shop", "30 of 30 connections", "SELECT * FROM orders WHERE id = $1",
              "pool_timeout was changed from 30 to 10", "<code>pool_timeout</code></td><td class=\"r\">10"}) {
            QVERIFY2(page.contains(QLatin1String(words)), words);
        }
    }
    void folderWithoutHistorySaysSo()
    {
        const auto missing =
            engine::Past::open(std::filesystem::path(m_folder.path().toStdString()) / "no/history.db");
        QVERIFY(!missing);
        QVERIFY(missing.error().message.find("there is no history in ") == 0);
        const auto strange = std::filesystem::path(m_folder.path().toStdString()) / "strange.db";
        std::ofstream(strange) << std::string(5'000, 'x');
        const auto broken = engine::Past::open(strange);
        QVERIFY(!broken);
        QVERIFY(broken.error().message.find("cannot be read") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(PastTest)
#include "tst_past.moc"

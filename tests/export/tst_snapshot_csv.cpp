#include "monitor/core/format.h"
#include "monitor/export/snapshot_columns.h"
#include "monitor/export/snapshot_csv.h"
#include "tests/export/sample_tick.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using testexport::tick;

namespace {

std::vector<std::vector<std::string>> parsed(const std::string& csv)
{
    std::vector<std::vector<std::string>> rows;
    for (std::size_t at = 0; at < csv.size();) {
        const auto end = csv.find("\r\n", at);
        rows.push_back(exporting::parseLine(std::string_view(csv).substr(at, end - at)));
        at = end + 2;
    }
    return rows;
}

} // namespace

class SnapshotCsvTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void headsSayNameUnitAndLabels()
    {
        using exporting::columnHead;
        QCOMPARE(columnHead(testexport::kUsage, {}, {}), std::string("db_pool_usage_ratio"));
        QCOMPARE(columnHead(testexport::kOut, {}, {}), std::string("db_pool_checked_out"));
        QCOMPARE(columnHead(testexport::kDisk, {{"mountpoint", "/"}}, {}),
                 std::string("host_disk_usage_ratio{mountpoint=\"/\"}"));
        QCOMPARE(columnHead(testexport::kRead, {}, {}), std::string("host_disk_read_bytes_total"));
        QCOMPARE(columnHead(testexport::kWait, {{"le", "1.0"}}, "_bucket"),
                 std::string("db_connection_wait_seconds_bucket{le=\"1.0\"}"));
        QCOMPARE(columnHead(testexport::kDisk, {{"mountpoint", "/a\r\n\"b\\"}}, {}),
                 std::string("host_disk_usage_ratio{mountpoint=\"/a \\\"b\\\\\"}"));
    }

    void aTickIsOneRow()
    {
        const std::vector<metrics::SnapshotPtr> ticks{tick(1)};
        const auto rows = parsed(exporting::snapshotCsv(ticks));
        const std::vector<std::string> heads{"ts_utc",
                                             "ts_epoch_ms",
                                             "tick_id",
                                             "target",
                                             "db_connection_wait_seconds_bucket{le=\"+Inf\"}",
                                             "db_connection_wait_seconds_bucket{le=\"0.001\"}",
                                             "db_connection_wait_seconds_bucket{le=\"1.0\"}",
                                             "db_connection_wait_seconds_count",
                                             "db_connection_wait_seconds_sum",
                                             "db_pool_checked_out",
                                             "db_pool_usage_ratio",
                                             "host_disk_read_bytes_total{device=\"sda\"}",
                                             "host_disk_usage_ratio{mountpoint=\"/\"}",
                                             "alert_worst",
                                             "gap_reason"};
        QCOMPARE(rows.at(0), heads);
        const std::vector<std::string> row{"2026-11-20T09:12:08.742Z",
                                           "1795165928742",
                                           "1",
                                           "embedded",
                                           "6",
                                           "3",
                                           "5",
                                           "6",
                                           "2.5",
                                           "1",
                                           "0.1",
                                           "1000000000001",
                                           "0.25",
                                           "ok",
                                           ""};
        QCOMPARE(rows.at(1), row);
        QCOMPARE(rows.size(), std::size_t{2});
    }

    void missingValuesAreEmptyAndMissedTicksAreRows()
    {
        auto second = tick(2);
        second->families.erase(second->families.begin() + 1); // db_pool_checked_out
        const std::vector<metrics::SnapshotPtr> ticks{tick(1), nullptr, second, tick(5)};
        const auto rows = parsed(exporting::snapshotCsv(ticks));
        QCOMPARE(rows.size(), std::size_t{6});
        QCOMPARE(rows[2][9], std::string());
        QCOMPARE(rows[3][0], std::string("2026-11-20T09:12:10.742Z"));
        QCOMPARE(rows[3][2], std::string("3"));
        QCOMPARE(rows[3][10], std::string());
        QCOMPARE(rows[3].back(), std::string("tick missed"));
        QCOMPARE(rows[4][2], std::string("4"));
        QCOMPARE(rows[5][2], std::string("5"));
    }

    void aVeryLongGapIsOneRow()
    {
        const std::vector<metrics::SnapshotPtr> ticks{tick(1), tick(100'000)};
        const auto rows = parsed(exporting::snapshotCsv(ticks));
        QCOMPARE(rows.size(), std::size_t{4});
        QCOMPARE(rows[2].back(), std::string("99998 ticks missed"));
    }

    void aClockThatStepsBackIsNoReasonToHang()
    {
        auto late = tick(9);
        late->at = testexport::kStart - 1h;
        const std::vector<metrics::SnapshotPtr> ticks{tick(1), late};
        QCOMPARE(parsed(exporting::snapshotCsv(ticks)).size(), std::size_t{4});
    }

    void theWorstAlertSpeaks()
    {
        auto made = tick(1);
        const auto alert = [](const char* name, metrics::AlertState state, metrics::Severity severity) {
            metrics::AlertRow row;
            row.name = name;
            row.state = state;
            row.severity = severity;
            return row;
        };
        made->alerts = {alert("Old", metrics::AlertState::Resolved, metrics::Severity::Critical)};
        QCOMPARE(exporting::worstAlert(*made), std::string("ok"));
        made->alerts.push_back(alert("Soon", metrics::AlertState::Pending, metrics::Severity::Critical));
        QCOMPARE(exporting::worstAlert(*made), std::string("pending:Soon"));
        made->alerts.push_back(alert("High", metrics::AlertState::Firing, metrics::Severity::Warning));
        QCOMPARE(exporting::worstAlert(*made), std::string("warning:High"));
        made->alerts.push_back(alert("Critical", metrics::AlertState::Firing, metrics::Severity::Critical));
        QCOMPARE(exporting::worstAlert(*made), std::string("critical:Critical"));
    }

    void everyMinuteOfAnHourIsRight()
    {
        // 2026-10-25T00:30Z … 02:30Z: the hour in which clocks in Europe go back; the file must not notice.
        const core::WallTime start{std::chrono::sys_days(std::chrono::year(2026) / 10 / 25) + 30min};
        std::vector<metrics::SnapshotPtr> ticks;
        for (int minute = 0; minute < 120; ++minute) {
            ticks.push_back(tick(static_cast<std::uint64_t>(minute), start + std::chrono::minutes(minute),
                                 minute / 120.0));
        }
        qputenv("TZ", "Europe/Berlin");
        tzset();
        const auto rows = parsed(exporting::snapshotCsv(ticks));
        qputenv("TZ", "UTC");
        tzset();
        QCOMPARE(rows.size(), std::size_t{121});
        for (int minute = 0; minute < 120; ++minute) {
            const auto& row = rows[static_cast<std::size_t>(minute) + 1];
            const QString expected = QString("2026-10-25T%1:%2:00.000Z")
                                         .arg((minute + 30) / 60, 2, 10, QChar('0'))
                                         .arg((minute + 30) % 60, 2, 10, QChar('0'));
            QCOMPARE(QString::fromStdString(row[0]), expected);
            QCOMPARE(row[10], core::numberText(minute / 120.0));
            QCOMPARE(std::stoll(row[1]), core::epochMillis(start) + minute * 60'000LL);
        }
    }

    void sourcesThatFailAreTheReasonOfAGap()
    {
        auto made = tick(1);
        made->sources = {{"pool", metrics::SourceState::Ok, {}, {}, {}},
                         {"host_disk", metrics::SourceState::Failed, {}, {}, "no such file\r\n=1+1"},
                         {"probe", metrics::SourceState::Stale, {}, {}, {}}};
        QCOMPARE(exporting::gapReason(*made),
                 std::string("host_disk failed: no such file =1+1; probe stale"));
    }

    void longFormHasOneRowAValue()
    {
        const std::vector<metrics::SnapshotPtr> ticks{tick(1)};
        const auto rows = parsed(exporting::longCsv(ticks));
        QCOMPARE(rows.size(), std::size_t{10});
        const std::vector<std::string> disk{"2026-11-20T09:12:08.742Z", "1795165928742",
                                            "host_disk_usage_ratio", "{mountpoint=\"/\"}", "0.25"};
        QCOMPARE(rows.back(), disk);
    }

    void fileAndSidecarAreWritten()
    {
        QTemporaryDir folder;
        const std::vector<metrics::SnapshotPtr> ticks{tick(1), tick(2)};
        exporting::Meta meta;
        meta.zone = "Asia/Shanghai";
        meta.settings["pool_size"] = "10";
        const QString name = folder.filePath("快照 1.csv");
        QVERIFY(exporting::writeSnapshotCsv(name.toStdString(), ticks, meta));
        QFile file(name);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().toStdString(), exporting::snapshotCsv(ticks));
        QFile sidecar(name + ".meta.json");
        QVERIFY(sidecar.open(QIODevice::ReadOnly));
        const auto json = nlohmann::json::parse(sidecar.readAll().toStdString());
        QCOMPARE(json["rows"].get<int>(), 2);
        QCOMPARE(json["interval_seconds"].get<double>(), 1.0);
        QCOMPARE(json["settings"]["pool_size"].get<std::string>(), std::string("10"));
        QCOMPARE(json["first"].get<std::string>(), std::string("2026-11-20T09:12:08.742Z"));
        QCOMPARE(json["server_version"].get<std::string>(), std::string("15.6"));
    }

    void withoutATickNothingIsWritten()
    {
        QTemporaryDir folder;
        const auto written = exporting::writeSnapshotCsv(folder.filePath("a.csv").toStdString(), {}, {});
        QVERIFY(!written);
        QCOMPARE(written.error().code, std::string("EMPTY"));
        QVERIFY(!QFile::exists(folder.filePath("a.csv")));
    }
};

QTEST_GUILESS_MAIN(SnapshotCsvTest)
#include "tst_snapshot_csv.moc"

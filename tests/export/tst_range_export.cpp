// A range as a file: what is written reads back to what was kept, in each format; given up or on a full disk
// nothing is left.
#include "monitor/export/csv.h"
#include "monitor/export/range_export.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <csignal>
#include <ctime>
#include <limits>
#include <optional>

#include <sys/resource.h>

using exporting::Format;
using exporting::TimeZone;

namespace {

constexpr std::int64_t kStart = 1'795'165'927'742; // 2026-11-20T09:12:07.742Z
constexpr int kTicks = 1'500;                      // more than two parts of ten minutes

constexpr metrics::MetricDef kUsage{
    "db_pool_usage", metrics::Kind::Gauge, core::Unit::Ratio, "h", {}, {}, {}};
constexpr metrics::MetricDef kWait{
    "db_connection_wait_seconds", metrics::Kind::Histogram, core::Unit::Seconds, "h", {}, {}, {}};
const std::vector<const metrics::MetricDef*> kCatalog{&kUsage, &kWait};

double usageAt(int tick)
{
    return 0.1 + static_cast<double>(tick) / 3;
}

// Usage at each tick but the 700th, a hostile label, and a value that JSON has no number for.
void fill(series::Head& head)
{
    for (int tick = 0; tick < kTicks; ++tick) {
        std::vector<series::NamedSample> samples{
            {{{"__name__", "host_disk_usage_ratio"}, {"mountpoint", "/mnt/a,\"b\"\n=c"}}, 0.25},
            {{{"__name__", "db_connection_wait_seconds_bucket"}, {"le", "0.1"}}, static_cast<double>(tick)}};
        if (tick != 700) {
            samples.push_back({{{"__name__", "db_pool_usage"}}, usageAt(tick)});
        }
        if (tick == 3) {
            samples.push_back({{{"__name__", "odd"}}, std::numeric_limits<double>::infinity()});
        }
        head.append(kStart + tick * 1000, samples);
    }
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// RFC 4180 for quoted cells that hold no line break, which ours never do.
std::vector<std::vector<std::string>> cellsOf(const QByteArray& csv)
{
    std::vector<std::vector<std::string>> rows;
    for (const QByteArray& line : csv.split('\n')) {
        if (!line.isEmpty()) {
            rows.push_back(exporting::parseLine(line.chopped(1).toStdString()));
        }
    }
    return rows;
}

class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before{};
};

} // namespace

class RangeExportTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    series::Head m_head;

    [[nodiscard]] QString path(const char* name) const
    {
        return m_folder->filePath(QString::fromLatin1(name));
    }
    [[nodiscard]] exporting::RowStyle style(Format format) const
    {
        exporting::RowStyle style;
        style.format = format;
        style.range = {kStart, kStart + kTicks * 1000 - 1};
        style.meta.zone = "Europe/Berlin";
        return style;
    }
    [[nodiscard]] std::unique_ptr<exporting::RangeSource>
    source(std::vector<series::Matcher> matchers = {}) const
    {
        return exporting::sampleSource(m_head, std::move(matchers), style(Format::CsvWide).range,
                                       exporting::defFinder(kCatalog));
    }
    [[nodiscard]] core::Result<exporting::Exported> write(Format format, const QString& file,
                                                          const exporting::ExportWatch& watch = {}) const
    {
        return exporting::exportRange(*source(), style(format), file.toStdString(), watch);
    }

private Q_SLOTS:
    void initTestCase() { fill(m_head); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup() { m_folder.reset(); }

    void wideCsvReadsBackToTheSameNumbers()
    {
        const auto done = write(Format::CsvWide, path("a.csv"));
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        const QByteArray bytes = contentOf(path("a.csv"));
        QCOMPARE(bytes.size(), static_cast<qsizetype>(done->bytes));
        QVERIFY(bytes.endsWith("\r\n"));
        const auto rows = cellsOf(bytes);
        QCOMPARE(rows.size(), std::size_t(kTicks + 1));
        QCOMPARE(rows[0][0], std::string("ts_utc"));
        QCOMPARE(rows[0][2], std::string("db_connection_wait_seconds_bucket{le=\"0.1\"}"));
        QCOMPARE(rows[0][3], std::string("db_pool_usage_ratio"));
        for (int tick = 0; tick < kTicks; ++tick) {
            const auto& row = rows[static_cast<std::size_t>(tick) + 1];
            QCOMPARE(row.size(), std::size_t(6));
            QCOMPARE(std::stoll(row[1]), kStart + tick * 1000);
            if (tick == 700) {
                QVERIFY(row[3].empty());
            } else {
                QCOMPARE(std::stod(row[3]), usageAt(tick)); // to the last bit
            }
        }
        QCOMPARE(rows[1][0], std::string("2026-11-20T09:12:07.742Z"));
        QCOMPARE(rows[4][5], std::string("inf"));
        const auto meta = QJsonDocument::fromJson(contentOf(path("a.csv.meta.json"))).object();
        QCOMPARE(meta.value("moments").toInt(), kTicks);
        QCOMPARE(meta.value("time_zone_of_machine").toString(), QStringLiteral("Europe/Berlin"));
    }

    void longCsvHasARowAValueAndNoneForWhatIsMissing()
    {
        const auto done = write(Format::CsvLong, path("a.csv"));
        QVERIFY(done);
        const auto rows = cellsOf(contentOf(path("a.csv")));
        QCOMPARE(rows.size(), std::size_t(3 * kTicks - 1 + 1 + 1));
        QCOMPARE(done->values, std::uint64_t(3 * kTicks));
        QCOMPARE(rows[0], (std::vector<std::string>{"ts_utc", "ts_epoch_ms", "metric", "labels", "value"}));
        QCOMPARE(rows[1][2], std::string("db_connection_wait_seconds_bucket"));
        QCOMPARE(rows[1][3], std::string("{le=\"0.1\"}"));
        QCOMPARE(rows[3][2], std::string("host_disk_usage_ratio"));
    }

    void jsonIsOneObjectWithWholeRows()
    {
        QVERIFY(write(Format::Json, path("a.json")));
        QJsonParseError error{};
        const auto object = QJsonDocument::fromJson(contentOf(path("a.json")), &error).object();
        QCOMPARE(error.error, QJsonParseError::NoError);
        QCOMPARE(object.value("from").toString(), QStringLiteral("2026-11-20T09:12:07.742Z"));
        const QJsonArray columns = object.value("columns").toArray();
        const QJsonArray rows = object.value("rows").toArray();
        QCOMPARE(rows.size(), kTicks);
        QCOMPARE(columns.size(), 6);
        QCOMPARE(columns.at(4).toObject().value("labels").toObject().value("mountpoint").toString(),
                 QStringLiteral("/mnt/a,\"b\"\n=c"));
        for (int tick = 0; tick < kTicks; ++tick) {
            const QJsonArray row = rows.at(tick).toArray();
            QCOMPARE(row.size(), columns.size());
            QCOMPARE(static_cast<std::int64_t>(row.at(1).toDouble()), kStart + tick * 1000);
            QVERIFY(tick == 700 ? row.at(3).isNull() : row.at(3).toDouble() == usageAt(tick));
        }
        QCOMPARE(rows.at(3).toArray().at(5).toString(), QStringLiteral("+Inf"));
        QVERIFY(!QFile::exists(path("a.json.meta.json"))); // it says all that itself
    }

    void eachJsonLineIsAnObjectOfAMoment()
    {
        QVERIFY(write(Format::JsonLines, path("a.jsonl")));
        QList<QByteArray> lines = contentOf(path("a.jsonl")).split('\n');
        QVERIFY(lines.takeLast().isEmpty());
        QCOMPARE(lines.size(), kTicks);
        const auto first = QJsonDocument::fromJson(lines.at(0)).object();
        QCOMPARE(first.value("time").toString(), QStringLiteral("2026-11-20T09:12:07.742Z"));
        QCOMPARE(first.value("db_pool_usage_ratio").toDouble(), usageAt(0));
        QVERIFY(!QJsonDocument::fromJson(lines.at(700)).object().contains("db_pool_usage_ratio"));
    }

    void localTimesSayTheirOffsetAcrossTheChangeOfClocks()
    {
        qputenv("TZ", "Europe/Berlin");
        tzset();
        series::Head head;
        const std::int64_t change = 1'792'890'000'000; // 2026-10-25T01:00:00Z
        for (const std::int64_t at : {change - 1000, change}) {
            head.append(at, std::vector<series::NamedSample>{{{{"__name__", "g"}}, 1}});
        }
        exporting::RowStyle local = style(Format::CsvWide);
        local.range = {change - 1000, change};
        local.zone = TimeZone::Local;
        const auto from = exporting::sampleSource(head, {}, local.range, {});
        QVERIFY(exporting::exportRange(*from, local, path("a.csv").toStdString()));
        qunsetenv("TZ");
        tzset();
        const auto rows = cellsOf(contentOf(path("a.csv")));
        QCOMPARE(rows[0][0], std::string("ts_local"));
        QCOMPARE(rows[1][0], std::string("2026-10-25T02:59:59.000+02:00"));
        QCOMPARE(rows[2][0], std::string("2026-10-25T02:00:00.000+01:00"));
    }

    void expressionsAreColumnsToo()
    {
        const promql::Querier querier(m_head);
        exporting::RowStyle rows = style(Format::JsonLines);
        const auto from = exporting::expressionSource(
            querier, {{"max(db_pool_usage)", "host_disk_usage_ratio * 2"}, rows.range, 10'000});
        QVERIFY(exporting::exportRange(*from, rows, path("a.jsonl").toStdString()));
        const auto first = QJsonDocument::fromJson(contentOf(path("a.jsonl")).split('\n').at(0)).object();
        QCOMPARE(first.value("max(db_pool_usage)").toDouble(), usageAt(0));
        QCOMPARE(first.size(), 4);
        const auto wrong = exporting::expressionSource(querier, {{"rate("}, rows.range, 10'000});
        const auto refused = exporting::exportRange(*wrong, rows, path("b.jsonl").toStdString());
        QVERIFY(!refused);
        QVERIFY(refused.error().message.starts_with("rate(: "));
        QVERIFY(!QFile::exists(path("b.jsonl")));
    }

    void givenUpLeavesTheOldFileAndNothingElse()
    {
        QFile old(path("a.csv"));
        QVERIFY(old.open(QIODevice::WriteOnly));
        old.write("old");
        old.close();
        std::stop_source stop;
        double share = 0;
        const auto done = write(Format::CsvWide, path("a.csv"), {stop.get_token(), [&](double now) {
                                                                     share = now;
                                                                     stop.request_stop();
                                                                 }});
        QVERIFY(!done);
        QCOMPARE(done.error().code, std::string("CANCELED"));
        QVERIFY(share > 0 && share < 1);
        QCOMPARE(contentOf(path("a.csv")), QByteArray("old"));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void fullDiskIsOneClearLineAndNoHalfAFile()
    {
        const auto done = [&] {
            const FileSizeLimit limit(4096);
            return write(Format::CsvLong, path("a.csv"));
        }();
        QVERIFY(!done);
        QCOMPARE(done.error().code, std::string("EFBIG"));
        QVERIFY(done.error().message.find("a.csv") != std::string::npos);
        QVERIFY(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).isEmpty());
        const auto full = write(Format::CsvLong, QStringLiteral("/dev/full"));
        QVERIFY(!full);
        QVERIFY(full.error().message.find("No space left on device") != std::string::npos);
    }

    void emptyRangeSaysSo()
    {
        exporting::RowStyle empty = style(Format::CsvWide);
        empty.range = {1000, 2000};
        const auto from = exporting::sampleSource(m_head, {}, empty.range, {});
        const auto done = exporting::exportRange(*from, empty, path("a.csv").toStdString());
        QVERIFY(!done);
        QCOMPARE(done.error().code, std::string("EMPTY"));
        QVERIFY(QDir(m_folder->path()).isEmpty());
    }

    void selectorChoosesColumns()
    {
        const auto from = source({series::Matcher::equal("__name__", "db_pool_usage")});
        const auto columns = from->columns();
        QVERIFY(columns);
        QCOMPARE(columns->size(), std::size_t(1));
        QCOMPARE(columns->front().head, std::string("db_pool_usage_ratio"));
    }

    void formatsHaveNames()
    {
        QVERIFY(exporting::formatNamed("csv") == Format::CsvWide);
        QVERIFY(exporting::formatNamed("jsonl") == Format::JsonLines);
        QVERIFY(!exporting::formatNamed("parquet"));
        QVERIFY(exporting::formatOfFile("x.ndjson") == Format::JsonLines);
        QVERIFY(exporting::formatOfFile("x.json") == Format::Json);
        QVERIFY(exporting::formatOfFile("x") == Format::CsvWide);
    }
};

QTEST_GUILESS_MAIN(RangeExportTest)
#include "tst_range_export.moc"

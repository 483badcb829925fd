#include "monitor/export/csv.h"
#include "monitor/export/csv_appender.h"
#include "tests/export/sample_tick.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

using namespace std::chrono_literals;
using exporting::AppenderOptions;
using exporting::CsvAppender;
using testexport::tick;

namespace {

class StillClock final : public core::Clock {
public:
    [[nodiscard]] core::SteadyTime steadyNow() const noexcept override { return {}; }
    [[nodiscard]] core::WallTime wallNow() const noexcept override { return testexport::kStart; }
};
const StillClock kClock;

AppenderOptions options(std::uint64_t maxBytes = 1'000'000, core::Nanos maxAge = 24h, int keep = 3)
{
    return {maxBytes, maxAge, keep, &kClock, 4'000'000};
}

QByteArray contentOf(const QString& name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QList<QByteArray> linesOf(const QString& name)
{
    QList<QByteArray> lines = contentOf(name).split('\n');
    if (!lines.isEmpty() && lines.back().isEmpty()) {
        lines.removeLast();
    }
    return lines;
}

} // namespace

class CsvAppenderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_name = m_folder->filePath("pool.csv");
    }
    void cleanup() { m_folder.reset(); }

    void rowsFollowOneHeader()
    {
        CsvAppender appender(m_name.toStdString(), options());
        for (std::uint64_t i = 0; i < 5; ++i) {
            QVERIFY(appender.append(*tick(i)));
        }
        const auto lines = linesOf(m_name);
        QCOMPARE(lines.size(), 6);
        QVERIFY(lines[0].startsWith("ts_utc,ts_epoch_ms,tick_id,target,"));
        QVERIFY(lines[5].startsWith("2026-11-20T09:12:11.742Z,1795165931742,4,embedded,"));
        QCOMPARE(appender.rows(), std::uint64_t{5});
    }

    void restartGoesOnInTheSameFile()
    {
        QVERIFY(CsvAppender(m_name.toStdString(), options()).append(*tick(1)));
        QVERIFY(CsvAppender(m_name.toStdString(), options()).append(*tick(2)));
        QCOMPARE(linesOf(m_name).size(), 3);
        QCOMPARE(files().size(), 1);
    }

    void aTornLastRowIsCutOff_data()
    {
        QTest::addColumn<int>("cut");
        for (const int cut : {1, 2, 3, 40}) {
            QTest::addRow("%d bytes", cut) << cut;
        }
    }
    void aTornLastRowIsCutOff()
    {
        QFETCH(int, cut);
        {
            CsvAppender appender(m_name.toStdString(), options());
            QVERIFY(appender.append(*tick(1)));
            QVERIFY(appender.append(*tick(2)));
        }
        QVERIFY(QFile::resize(m_name, QFileInfo(m_name).size() - cut));
        QVERIFY(CsvAppender(m_name.toStdString(), options()).append(*tick(3)));
        const auto lines = linesOf(m_name);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[1].contains(",1,embedded,"));
        QVERIFY(lines[2].contains(",3,embedded,"));
        QVERIFY(contentOf(m_name).endsWith("\r\n"));
    }

    void aTornHeaderBeginsAnew()
    {
        QFile file(m_name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("ts_utc,ts_ep");
        file.close();
        QVERIFY(CsvAppender(m_name.toStdString(), options()).append(*tick(1)));
        QCOMPARE(linesOf(m_name).size(), 2);
        QCOMPARE(files().size(), 1);
    }

    void aForeignFileIsMovedAsideNotOverwritten()
    {
        QFile file(m_name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("my,own,table\r\n1,2,3\r\n");
        file.close();
        QVERIFY(CsvAppender(m_name.toStdString(), options()).append(*tick(1)));
        QCOMPARE(linesOf(m_name).size(), 2);
        const QStringList all = files();
        QCOMPARE(all.size(), 2);
        QCOMPARE(contentOf(m_folder->filePath(all[0])), QByteArray("my,own,table\r\n1,2,3\r\n"));
    }

    void sizeRotatesAndOnlySoManyAreKept()
    {
        CsvAppender appender(m_name.toStdString(), options(2000, 24h, 3));
        for (std::uint64_t i = 0; i < 200; ++i) {
            QVERIFY(appender.append(*tick(i)));
            QVERIFY(QFileInfo(m_name).size() <= 2000);
        }
        const QStringList all = files();
        QCOMPARE(all.size(), 4);
        for (const QString& name : all) {
            const auto lines = linesOf(m_folder->filePath(name));
            QVERIFY(lines.size() >= 2);
            QVERIFY(lines[0].startsWith("ts_utc,"));
        }
        QVERIFY(linesOf(m_name).back().contains(",199,embedded,"));
    }

    void ageRotatesAlsoAfterARestart()
    {
        QVERIFY(CsvAppender(m_name.toStdString(), options(1'000'000, 1h)).append(*tick(0)));
        QVERIFY(CsvAppender(m_name.toStdString(), options(1'000'000, 1h)).append(*tick(3599)));
        QCOMPARE(files().size(), 1);
        QVERIFY(CsvAppender(m_name.toStdString(), options(1'000'000, 1h)).append(*tick(3600)));
        QCOMPARE(files(), QStringList({"pool-20261120T091207Z.csv", "pool.csv"}));
        QCOMPARE(linesOf(m_name).size(), 2);
    }

    void newColumnsAreTakenIntoASmallFile()
    {
        static constexpr metrics::MetricDef kNew{
            "db_new", metrics::Kind::Gauge, core::Unit::None, "h", {}, {}, {}};
        CsvAppender appender(m_name.toStdString(), options());
        QVERIFY(appender.append(*tick(1)));
        const QByteArray before = linesOf(m_name)[1];
        auto more = tick(2);
        metrics::SampleBuilder(*more).push(kNew, 42);
        QVERIFY(appender.append(*more));
        QVERIFY(appender.append(*tick(3)));
        QCOMPARE(files().size(), 1);
        const QList<QByteArray> lines = linesOf(m_name);
        QCOMPARE(lines.size(), 4);
        const auto cells = [&](int line) { return exporting::parseLine(lines[line].trimmed().toStdString()); };
        const std::vector<std::string> heads = cells(0);
        const auto at = static_cast<std::size_t>(std::find(heads.begin(), heads.end(), "db_new") - heads.begin());
        QVERIFY(at < heads.size());
        QCOMPARE(cells(1)[at], std::string());
        QCOMPARE(cells(2)[at], std::string("42"));
        std::vector<std::string> first = cells(1); // without the new cell it is the row that was there
        first.erase(first.begin() + static_cast<std::ptrdiff_t>(at));
        QCOMPARE(first, exporting::parseLine(before.trimmed().toStdString()));
    }

    void newColumnsBeginANewFileAndMissingOnesDoNot()
    {
        static constexpr metrics::MetricDef kNew{
            "db_new", metrics::Kind::Gauge, core::Unit::None, "h", {}, {}, {}};
        AppenderOptions never = options();
        never.widenBytes = 0;
        CsvAppender appender(m_name.toStdString(), never);
        QVERIFY(appender.append(*tick(1)));
        auto fewer = tick(2);
        fewer->families.clear();
        QVERIFY(appender.append(*fewer));
        QCOMPARE(files().size(), 1);
        auto more = tick(3);
        metrics::SampleBuilder(*more).push(kNew, 42);
        QVERIFY(appender.append(*more));
        QCOMPARE(files().size(), 2);
        QVERIFY(linesOf(m_name)[0].contains(",db_new,"));
        QVERIFY(appender.append(*tick(4)));
        QCOMPARE(files().size(), 2);
        QCOMPARE(linesOf(m_name)[2].count(','), linesOf(m_name)[0].count(','));
    }

    void otherPeoplesFilesAreNeverRemoved()
    {
        for (const char* name :
             {"pool-notes.csv", "pool2.csv", "pool-20261120.csv", "other-20261120T091207Z.csv"}) {
            QFile file(m_folder->filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        CsvAppender appender(m_name.toStdString(), options(1000, 24h, 1));
        for (std::uint64_t i = 0; i < 50; ++i) {
            QVERIFY(appender.append(*tick(i)));
        }
        QCOMPARE(files().size(), 6);
    }

    void fullDiskLosesARowAndNothingElse()
    {
        CsvAppender appender(m_name.toStdString(), options());
        QVERIFY(appender.append(*tick(1)));
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        const rlimit limit{static_cast<rlim_t>(QFileInfo(m_name).size()) + 20, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
        const auto full = appender.append(*tick(2));
        const auto again = appender.append(*tick(3));
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!full);
        QVERIFY(!again);
        QVERIFY(full.error().message.find("pool.csv") != std::string::npos);
        QVERIFY(appender.append(*tick(4)));
        const auto lines = linesOf(m_name);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[2].contains(",4,embedded,"));
        QCOMPARE(lines[2].count(','), lines[0].count(','));
    }

    void aKilledProgramLeavesWholeRows()
    {
        const std::string name = m_name.toStdString();
        const auto sample = tick(1);
        for (int round = 0; round < 5; ++round) {
            const pid_t child = fork();
            if (child == 0) {
                CsvAppender appender(name, options(1'000'000'000));
                while (appender.append(*sample)) {
                }
                _exit(1);
            }
            const qint64 before = QFileInfo(m_name).size();
            QTRY_VERIFY(QFileInfo(m_name).size() > before + 20'000);
            kill(child, SIGKILL);
            int status = 0;
            waitpid(child, &status, 0);
            QVERIFY(WIFSIGNALED(status));
        }
        const QByteArray all = contentOf(m_name);
        QVERIFY(all.endsWith("\r\n"));
        const auto lines = linesOf(m_name);
        for (qsizetype i = 2; i < lines.size(); ++i) {
            QCOMPARE(lines[i], lines[1]); // the same tick each time: all rows whole, none mixed
        }
    }

    void aFolderThatIsNotThereIsAClearError()
    {
        CsvAppender appender(m_folder->filePath("no/such/pool.csv").toStdString(), options());
        const auto appended = appender.append(*tick(1));
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, std::string("ENOENT"));
        QVERIFY(QDir(m_folder->path()).mkpath("no/such"));
        QVERIFY(appender.append(*tick(2))); // tries again
    }

private:
    QStringList files() const { return QDir(m_folder->path()).entryList(QDir::Files, QDir::Name); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_name;
};

QTEST_GUILESS_MAIN(CsvAppenderTest)
#include "tst_csv_appender.moc"

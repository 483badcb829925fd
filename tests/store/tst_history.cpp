// The history as a whole: killed, locked out, on a full disk, in a folder that may not be written, on a
// damaged file.
#include "monitor/store/history.h"
#include "monitor/store/schema.h"
#include "monitor/store/write_session.h"
#include "tests/store/ticks.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <memory>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace std::chrono_literals;
using store::Database;
using store::OpenMode;
using store::StoreState;
using support::kStart;
using support::tickAt;

namespace {

constexpr int kNobody = 65534;

std::int64_t newestIn(const std::filesystem::path& file)
{
    Database database(file, OpenMode::ReadOnly);
    return std::max(database.number(QStringLiteral("SELECT max(at) FROM tail")),
                    database.number(QStringLiteral("SELECT max(last_at) FROM block")));
}

// Raises or lowers how large files of this process may become; the disk is full, so to say.
class FileLimit {
public:
    FileLimit()
    {
        getrlimit(RLIMIT_FSIZE, &m_before);
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
    }
    ~FileLimit()
    {
        lift();
        std::signal(SIGXFSZ, m_handler);
    }
    void set(rlim_t bytes) const
    {
        const rlimit limit{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    void lift() const { setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before{};
    void (*m_handler)(int) = nullptr;
};

} // namespace

class TstHistory final : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    store::StoreOptions m_options;
    const series::LabelsPtr m_labels = support::labelsOf("g");

    void feed(store::History& history, int from, int to) const
    {
        for (int i = from; i < to; ++i) {
            history.append(tickAt(kStart + i * 1000, {{m_labels, static_cast<double>(i)}}));
        }
    }
    // How many samples of "g" the file holds after the history was stopped.
    std::size_t kept() const
    {
        Database database(m_options.file, OpenMode::ReadOnly);
        return support::rawOf(database, support::idOf(database, "g")).size();
    }
    std::unique_ptr<QProcess> victim(const QStringList& more) const
    {
        auto process = std::make_unique<QProcess>();
        process->start(QStringLiteral(HISTORY_VICTIM),
                       QStringList{QString::fromStdString(m_options.file.string())} + more);
        return process;
    }

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_options = {};
        m_options.file = std::filesystem::path(m_folder->path().toStdString()) / "history.db";
        m_options.commitEvery = 20ms;
        m_options.retryEvery = 50ms;
    }

    void ticksAreInTheFileSoonAndAllOfThemAtTheEnd()
    {
        store::History history(m_options);
        feed(history, 0, 100);
        QTRY_COMPARE(history.status().newest, kStart + 99'000);
        QCOMPARE(newestIn(m_options.file), kStart + 99'000);
        feed(history, 100, 130);
        history.stop();
        QCOMPARE(history.status().state, StoreState::Off);
        QCOMPARE(kept(), std::size_t{130});
        QCOMPARE(history.status().samplesWritten, std::uint64_t{130});
        QVERIFY(history.status().bytes > 0);
    }

    void killedAtAnyMomentItLosesTwoSecondsAtMostAndNeverTheFile()
    {
        int sound = 0;
        for (int round = 0; round < 40; ++round) {
            const bool usual = round % 20 == 19; // with the commits of every day
            auto process =
                victim({QStringLiteral("2"), usual ? QStringLiteral("1000") : QStringLiteral("20")});
            QVERIFY(process->waitForStarted());
            QByteArray said;
            const int ticks = usual ? 700 : 5 + round * 2;
            while (said.count('\n') < ticks && process->waitForReadyRead(10'000)) {
                said += process->readAll();
            }
            process->kill();
            QVERIFY(process->waitForFinished());
            said += process->readAll();
            const auto at = said.lastIndexOf("tick ");
            const std::int64_t handed = said.mid(at + 5, 13).toLongLong();
            QVERIFY(handed > kStart);
            if (!std::filesystem::exists(m_options.file)) {
                QVERIFY2(round == 0, "the file is gone");
                ++sound;
                continue;
            }
            store::WriteSession session(m_options); // takes up what the killed one has left
            session.close();
            const std::int64_t began = said.mid(said.indexOf("tick ") + 5, 13).toLongLong();
            const std::int64_t before = std::max(newestIn(m_options.file), began);
            QVERIFY2(handed - before <= 2000, std::to_string(handed - before).c_str());
            Database database(m_options.file, OpenMode::ReadOnly);
            QSqlQuery& check = database.rows("PRAGMA integrity_check", {});
            sound += check.next() && check.value(0).toString() == QLatin1String("ok") ? 1 : 0;
            check.finish();
        }
        QCOMPARE(sound, 40);
    }

    void aSecondWriterWaitsUntilTheFirstIsGone()
    {
        auto first = std::make_unique<store::History>(m_options);
        feed(*first, 0, 10);
        QTRY_COMPARE(first->status().state, StoreState::Open);
        store::History second(m_options);
        feed(second, 10, 20);
        QTRY_COMPARE(second.status().state, StoreState::Locked);
        QVERIFY(second.status().problem.find(std::to_string(getpid())) != std::string::npos);
        first.reset();
        QTRY_COMPARE(second.status().state, StoreState::Open);
        second.stop();
        QCOMPARE(kept(), std::size_t{20});
    }

    void aFullDiskStopsItUntilThereIsRoomAgain()
    {
        std::atomic<int> changes{0};
        m_options.onState = [&changes](const store::StoreStatus&) { ++changes; };
        store::History history(m_options);
        feed(history, 0, 50);
        QTRY_COMPARE(history.status().newest, kStart + 49'000);
        const FileLimit limit;
        limit.set(20'000);
        feed(history, 50, 1300); // seals a block: that must grow the file
        QTRY_COMPARE(history.status().state, StoreState::Failing);
        QVERIFY(!history.status().problem.empty());
        feed(history, 1300, 1400);
        limit.lift();
        QTRY_COMPARE(history.status().state, StoreState::Open);
        QTRY_COMPARE(history.status().newest, kStart + 1'399'000);
        history.stop();
        QCOMPARE(kept(), std::size_t{1400});
        QCOMPARE(history.status().ticksDropped, std::uint64_t{0});
        QVERIFY(changes >= 3);
    }

    void aFileThatMayNotGrowIsFullToo()
    {
        {
            store::WriteSession session(m_options);
            session.close();
        }
        Database database(m_options.file, OpenMode::ReadWrite);
        database.begin();
        static_cast<void>(database.number(QStringLiteral("PRAGMA max_page_count = 40")));
        int code = 0;
        try {
            for (int i = 0; i < 100; ++i) {
                database.run("INSERT INTO tail VALUES (?, zeroblob(5000))", {i});
            }
        } catch (const store::SqlFailure& failure) {
            code = failure.code;
        }
        database.rollback();
        QCOMPARE(code, store::kFull);
    }

    void whatDoesNotFitWhileItCannotWriteIsDroppedOldestFirstAndCounted()
    {
        m_options.file = std::filesystem::path(m_folder->path().toStdString()) / "missing" / "history.db";
        m_options.maxWaiting = 30;
        store::History history(m_options);
        for (int i = 0; i < 100; i += 10) {
            feed(history, i, i + 10);
            QTRY_COMPARE(history.status().waiting, std::size_t(std::min(i + 10, 30)));
            QTRY_COMPARE(history.status().ticksDropped, std::uint64_t(std::max(0, i + 10 - 30)));
        }
        QTRY_COMPARE(history.status().state, StoreState::Failing);
        std::filesystem::create_directory(m_options.file.parent_path());
        QTRY_COMPARE(history.status().newest, kStart + 99'000);
        history.stop();
        QCOMPARE(kept(), std::size_t{30});
        // And says itself what it lacks.
        Database database(m_options.file, OpenMode::ReadOnly);
        const auto number = [&](const char* sql) { return database.number(QString::fromLatin1(sql)); };
        QCOMPARE(number("SELECT count(*) FROM annotation WHERE kind = 'gap' AND text = 'not_written'"), 1);
        QCOMPARE(number("SELECT at FROM annotation"), kStart);
        QCOMPARE(number("SELECT until FROM annotation"), kStart + 69'000);
    }

    void aFolderThatMayNotBeWrittenIsWaitedFor()
    {
        const QByteArray folder = QFile::encodeName(m_folder->path());
        QCOMPARE(chmod(folder.constData(), 0555), 0);
        // Root may write everything: then the process is somebody else's.
        auto process = victim(
            geteuid() == 0 ? QStringList{QStringLiteral("5"), QStringLiteral("20"), QString::number(kNobody)}
                           : QStringList{QStringLiteral("5"), QStringLiteral("20")});
        QByteArray said;
        const auto says = [&](const QByteArray& what) {
            process->waitForReadyRead(20);
            said += process->readAll();
            return said.contains(what);
        };
        QTRY_VERIFY_WITH_TIMEOUT(says("state 2 "), 20'000);
        QVERIFY(said.contains("Permission denied"));
        QCOMPARE(chmod(folder.constData(), 0777), 0);
        QTRY_VERIFY_WITH_TIMEOUT(says("state 1 "), 20'000);
        process->kill();
        process->waitForFinished();
    }

    void aDamagedFileIsKeptAsideAndANewOneBegun()
    {
        QFile file(QString::fromStdString(m_options.file.string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        store::History history(m_options);
        feed(history, 0, 10);
        QTRY_COMPARE(history.status().state, StoreState::Open);
        history.stop();
        QCOMPARE(kept(), std::size_t{10});
        int aside = 0;
        for (const auto& entry : std::filesystem::directory_iterator(m_options.file.parent_path())) {
            aside += entry.path().filename().string().starts_with("history.db.damaged-") ? 1 : 0;
        }
        QCOMPARE(aside, 1);
    }

    void aNewerFileIsNotWritten()
    {
        {
            store::WriteSession session(m_options);
            session.close();
            Database database(m_options.file, OpenMode::ReadWrite);
            database.execute(QStringLiteral("PRAGMA user_version = 99"));
        }
        store::History history(m_options);
        feed(history, 0, 10);
        QTRY_COMPARE(history.status().state, StoreState::NewerFile);
        history.stop();
        Database database(m_options.file, OpenMode::ReadOnly);
        QCOMPARE(database.number(QStringLiteral("SELECT count(*) FROM series")), 0);
    }

    void aMonthStaysWithinItsCap()
    {
        m_options.retention.raw = 24h * 2;
        m_options.retention.minutes = 24h * 7;
        m_options.retention.maxBytes = 3 << 20;
        store::WriteSession session(m_options);
        std::vector<series::LabelsPtr> labels;
        for (int i = 0; i < 12; ++i) {
            labels.push_back(support::labelsOf("m", {{"i", std::to_string(i)}}));
        }
        std::uint64_t most = 0;
        std::vector<store::TickSamples> ticks;
        std::int64_t at = kStart;
        for (; at < kStart + 30 * store::kDay * 1000; at += 30'000) {
            support::Values values;
            for (std::size_t i = 0; i < labels.size(); ++i) {
                values.emplace_back(labels[i], i < 6 ? static_cast<double>(i)
                                                     : static_cast<double>(at * i % 99'991) / 7);
            }
            ticks.push_back(tickAt(at, values));
            if (ticks.size() == 240) {
                session.write(ticks);
                ticks.clear();
                most = std::max(most, store::bytesOnDisk(m_options.file));
            }
        }
        session.close();
        QVERIFY2(most <= m_options.retention.maxBytes, std::to_string(most).c_str());
        Database database(m_options.file, OpenMode::ReadOnly);
        // The newest is there, and the month as hours.
        QVERIFY(database.number(QStringLiteral("SELECT max(last_at) FROM block")) > at - 600'000);
        QVERIFY(database.number(QStringLiteral("SELECT min(last_at) FROM block")) < at - 3'600'000);
        QCOMPARE(database.number(QStringLiteral("SELECT count(*) FROM hour WHERE series_id = 1")), 720);
        QVERIFY(database.number(QStringLiteral("SELECT min(at) FROM minute")) >=
                at / 1000 - 7 * store::kDay - store::kHour);
    }
};

QTEST_GUILESS_MAIN(TstHistory)
#include "tst_history.moc"

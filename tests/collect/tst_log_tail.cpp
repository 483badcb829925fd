// A log file through all that is done to log files, real ones in a temporary folder; polled by hand.
#include "monitor/collect/logs/log_watch.h"
#include "tests/support/fake_clock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

using namespace std::chrono_literals;
using collect::Tail;
using metrics::LogFileState;

class LogTailTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<std::string> m_lines;

    std::filesystem::path file(const char* name = "app.log") const
    {
        return std::filesystem::path(m_folder->path().toStdString()) / name;
    }
    void append(std::string_view text, const char* name = "app.log") const
    {
        std::ofstream(file(name), std::ios::binary | std::ios::app) << text;
    }
    void look(Tail& tail, int times = Tail::kGrace + 1)
    {
        for (int i = 0; i < times; ++i) {
            tail.poll(1 << 20, [this](std::string_view line) { m_lines.emplace_back(line); });
        }
    }
    std::vector<std::string> taken() { return std::exchange(m_lines, {}); }
    using Lines = std::vector<std::string>;

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_lines.clear();
    }

    void whatStoodThereBeforeIsNotNews()
    {
        append("old\n");
        Tail tail(file(), "auto");
        look(tail);
        append("new\nunfin");
        look(tail);
        QCOMPARE(taken(), Lines{"new"});
        append("ished\n");
        look(tail);
        QCOMPARE(taken(), Lines{"unfinished"});
    }
    void aFileThatComesLaterIsReadFromItsBeginning()
    {
        Tail tail(file(), "auto");
        look(tail);
        QCOMPARE(tail.state(), LogFileState::Waiting);
        append("first\n");
        look(tail);
        QCOMPARE(taken(), Lines{"first"});
        QCOMPARE(tail.state(), LogFileState::Following);
    }
    void renamedAndMadeAnewNothingIsLostNorTwice()
    {
        append("");
        Tail tail(file(), "auto");
        look(tail);
        append("one\n");
        std::filesystem::rename(file(), file("app.log.1"));
        look(tail, 1);
        append("last words\n", "app.log.1"); // its writer has not noticed yet
        append("two\n");
        look(tail);
        look(tail);
        QCOMPARE(taken(), (Lines{"one", "last words", "two"}));
        QCOMPARE(tail.rotations(), 1U);
    }
    void copiedAndTruncatedItBeginsAnew()
    {
        append("");
        Tail tail(file(), "auto");
        look(tail);
        append("one\ntwo\n");
        look(tail);
        std::filesystem::copy_file(file(), file("app.log.1"));
        std::filesystem::resize_file(file(), 0);
        append("3\n");
        look(tail);
        QCOMPARE(taken(), (Lines{"one", "two", "3"}));
        QCOMPARE(tail.truncations(), 1U);
    }
    void truncatedAndGrownPastTheOldPlaceIsNoticed()
    {
        append("");
        Tail tail(file(), "auto");
        look(tail);
        append("short\n");
        look(tail);
        std::filesystem::resize_file(file(), 0);
        append("a much longer first line after the truncation\nand another\n");
        look(tail);
        QCOMPARE(taken(), (Lines{"short", "a much longer first line after the truncation", "and another"}));
    }
    void deletedAndMadeAgainItGoesOn()
    {
        append("");
        Tail tail(file(), "auto");
        look(tail);
        append("one\n");
        std::filesystem::remove(file());
        look(tail);
        QCOMPARE(tail.state(), LogFileState::Waiting);
        append("two\n");
        look(tail);
        QCOMPARE(taken(), (Lines{"one", "two"}));
    }
    void aSymlinkIsFollowedToItsNewTarget()
    {
        append("", "day1");
        std::filesystem::create_symlink(file("day1"), file());
        Tail tail(file(), "auto");
        look(tail);
        append("monday\n", "day1");
        look(tail);
        append("tuesday\n", "day2");
        std::filesystem::remove(file());
        std::filesystem::create_symlink(file("day2"), file());
        look(tail);
        look(tail);
        QCOMPARE(taken(), (Lines{"monday", "tuesday"}));
    }
    void aNewFileMayHaveAnotherEncoding()
    {
        Tail tail(file(), "auto");
        look(tail);
        append("utf-8 ü\n");
        look(tail);
        std::filesystem::rename(file(), file("old"));
        append(std::string_view("\xFF\xFE\x16\x4E\n\0", 6)); // 世 in UTF-16LE with its mark
        look(tail);
        look(tail);
        QCOMPARE(taken(), (Lines{"utf-8 ü", "世"}));
        QCOMPARE(tail.encoding(), std::string("UTF-16LE"));
    }
    void utf16IsFollowedFromItsEndInStep()
    {
        append(std::string_view("\xFF\xFE" "a\0\n\0" "b\0", 8));
        Tail tail(file(), "auto");
        look(tail);
        append(std::string_view("c\0\n\0d\0\n", 7)); // the second line's end is cut in half
        look(tail);
        append(std::string_view("\0", 1));
        look(tail);
        QCOMPARE(taken(), (Lines{"c", "d"}));
    }
    void aLookReadsNoMoreThanItMay()
    {
        append("");
        Tail tail(file(), "auto");
        look(tail);
        for (int i = 0; i < 1000; ++i) {
            append("0123456789\n");
        }
        tail.poll(1100, [this](std::string_view line) { m_lines.emplace_back(line); });
        QCOMPARE(taken().size(), std::size_t(100));
        look(tail, 20);
        QCOMPARE(taken().size(), std::size_t(900));
    }
    void tooFarBehindItGoesToTheEndAndSaysSo()
    {
        append("");
        Tail tail(file(), "auto");
        look(tail);
        std::filesystem::resize_file(file(), Tail::kMostBehind + 1000); // a hole: costs no disk
        look(tail);
        append("after\n");
        look(tail);
        QCOMPARE(taken(), Lines{"after"});
        QCOMPARE(tail.skipped(), Tail::kMostBehind + 1000);
    }
    void whatIsNoFileIsRefusedWithAReason()
    {
        std::filesystem::create_directory(file("folder"));
        QCOMPARE(mkfifo(file("fifo").c_str(), 0600), 0);
        for (const char* name : {"folder", "fifo"}) {
            Tail tail(file(name), "auto");
            look(tail); // and does not hang
            QCOMPARE(tail.state(), LogFileState::Unreadable);
            QVERIFY(!tail.reason().empty());
        }
        Tail loop(file("loop"), "auto");
        std::filesystem::create_symlink(file("loop"), file("loop"));
        look(loop);
        QCOMPARE(loop.state(), LogFileState::Unreadable);
    }
    void theNextRunGoesOnWhereThisOneStopped()
    {
        append("one\n");
        std::optional<collect::LogPosition> position;
        {
            Tail tail(file(), "auto");
            look(tail);
            append("two\nhal");
            look(tail);
            position = tail.position();
        }
        QVERIFY(position);
        append("f\nthree\n");
        Tail next(file(), "auto");
        next.resume(*position);
        look(next);
        QCOMPARE(taken(), (Lines{"two", "half", "three"}));
    }
    void aRememberedPlaceInAnotherFileIsNotTrusted()
    {
        append("one\ntwo\n");
        std::optional<collect::LogPosition> position;
        {
            Tail tail(file(), "auto");
            look(tail);
            position = tail.position();
        }
        QFile rewritten(QString::fromStdString(file().string())); // in place: same inode, other content
        QVERIFY(rewritten.open(QIODevice::WriteOnly | QIODevice::Truncate));
        rewritten.write("ONE\nTWO\nTHREE\n");
        rewritten.close();
        Tail next(file(), "auto");
        next.resume(*position);
        look(next);
        QCOMPARE(taken(), (Lines{"ONE", "TWO", "THREE"}));
        std::filesystem::remove(file());
        append("other\n", "fresh");
        std::filesystem::rename(file("fresh"), file());
        Tail rotated(file(), "auto");
        rotated.resume({1, 2, 3, "x"});
        look(rotated);
        QCOMPARE(taken(), Lines{"other"});
    }

    void theWatcherAddsUpWhatItsFilesSay()
    {
        append("");
        support::FakeClock clock;
        collect::LogWatcherOptions options;
        collect::LogSpec spec{"app", file()};
        spec.leakAfter = 60s;
        options.files = {spec, {"missing", file("nowhere.log")}};
        std::vector<metrics::LogEntry> own{{{}, metrics::LogLevel::Error, "poolscope.pool", "it broke"},
                                           {{}, metrics::LogLevel::Info, "poolscope.app", "ERROR in prose"}};
        options.ownLog = [&own] { return std::exchange(own, {}); };
        options.clock = &clock;
        collect::LogWatcher watcher(options);
        watcher.look();
        for (int i = 0; i < 11; ++i) {
            append("2026-11-20 09:12:07,742 - app - ERROR - it broke\n");
        }
        append("INFO Creating new database session session=1\nINFO Creating new database session session=2\n"
               "INFO Closing database session session=1\nERROR Database session error session=2\n");
        watcher.look();
        clock.advance(61s);
        watcher.look();

        metrics::Snapshot snapshot;
        metrics::SampleBuilder out(snapshot);
        collect::LogFilesCollector collector(watcher);
        QVERIFY(collector.collect(out));
        const auto value = [&](const char* name, const char* label) { return snapshot.value(name, {{"file", label}}); };
        QCOMPARE(value("log_lines_total", "app"), 15.0);
        QCOMPARE(value("log_errors_total", "app"), 12.0);
        QCOMPARE(value("log_errors_per_minute", "app"), 0.0); // a minute ago
        QCOMPARE(value("log_sessions_open", "app"), 1.0);
        QCOMPARE(value("log_session_leaks_suspected", "app"), 1.0);
        QCOMPARE(value("log_file_up", "app"), 1.0);
        QCOMPARE(value("log_file_up", "missing"), 0.0);
        QCOMPARE(value("log_errors_total", collect::kOwnLog), 1.0);
        QCOMPARE(value("log_lines_total", collect::kOwnLog), 2.0);
        QCOMPARE(snapshot.logs.size(), std::size_t(3));
        QCOMPARE(snapshot.logs[1].name, std::string("app"));
        for (const auto& family : snapshot.families) { // the label is the name; the path stays in the window
            for (const auto& series : family.series) {
                QCOMPARE(series.labels.size(), std::size_t(1));
                QVERIFY(series.labels[0].second.find('/') == std::string::npos);
            }
        }
    }
    void theWatchersThreadFollowsAWriter()
    {
        append("");
        collect::LogWatcherOptions options;
        options.files = {{"app", file()}};
        options.interval = 20ms;
        collect::LogWatcher watcher(options);
        watcher.start();
        QTRY_VERIFY(!watcher.figures().empty());
        for (int i = 0; i < 500; ++i) {
            append("line\n");
            if (i % 100 == 99) {
                std::filesystem::rename(file(), file("app.log.1"));
                append("");
                const std::uint64_t rotated = static_cast<std::uint64_t>(i / 100 + 1);
                QTRY_COMPARE_WITH_TIMEOUT(watcher.figures()[0].rotations, rotated, 10000);
            }
        }
        QTRY_COMPARE_WITH_TIMEOUT(watcher.figures()[0].row.lines, 500U, 10000);
        watcher.stop();
        QCOMPARE(watcher.positions().size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(LogTailTest)
#include "tst_log_tail.moc"

// Every file that leaves the program against whatever may come in its way: it stands whole, or the old one
// does, nothing is left beside it, and the reason is told in words.
#include "app/wiring.h"
#include "models/comparison_model.h"
#include "models/event_model.h"
#include "models/file_problem.h"
#include "models/log_model.h"
#include "models/table_csv.h"
#include "monitor/export/open_metrics.h"
#include "monitor/record/tape.h"
#include "monitor/record/tape_writer.h"
#include "tests/window/hostile_folder.h"
#include "widgets/picture.h"
#include "widgets/save_file.h"
#include "widgets/table_view.h"

#include <QLabel>
#include <QProgressDialog>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <functional>
#include <map>
#include <thread>

using namespace std::chrono_literals;
using window_test::HostileFolder;
using Kind = widgets::FileWish::Kind;
using Progress = std::function<void(double)>;
using Exporter = std::function<core::Result<void>(const QString& path, const std::stop_token& stop,
                                                  const Progress& progress)>;

namespace {

core::Result<void> endOf(const auto& outcome)
{
    return outcome ? core::Result<void>() : core::Result<void>(core::Unexpected{outcome.error()});
}

widgets::FileMaker pictureOf(widgets::PictureFormat format)
{
    return widgets::bytesOf(widgets::makePicture(
        {format, {400, 300}, 1}, QStringLiteral("t"), [](QPainter& painter, const QSize& size) {
            painter.drawEllipse(QRect(QPoint(), size));
            painter.drawText(QRect(QPoint(), size), Qt::AlignCenter, QStringLiteral("picture"));
        }));
}

} // namespace

class TestFilesOut : public QObject {
    Q_OBJECT

    struct Way {
        const char* file; // its name says the format
        Exporter write;
        const char* holds = ""; // what a whole one has in it
    };

    QTemporaryDir m_data;
    std::unique_ptr<engine::Engine> m_engine;
    widgets::FileWriter m_writer;
    widgets::AlertCommands m_alerts;
    std::map<QByteArray, Way> m_ways;

    void addRange(const char* name, const char* file, Kind kind, const char* holds)
    {
        m_ways[name] = {
            file,
            [this, kind](const QString& path, const std::stop_token& stop, const Progress& progress) {
                const qint64 now = core::epochMillis(core::SystemClock::instance().wallNow());
                return m_writer({kind, path, now - 60'000, now, true}, stop, progress);
            },
            holds};
    }
    void addMade(const char* name, const char* file, widgets::FileMaker make, const char* holds)
    {
        m_ways[name] = {file,
                        [make = std::move(make)](const QString& path, const std::stop_token& stop,
                                                 const Progress& progress) {
                            return widgets::writeWhole(path, make, stop, progress);
                        },
                        holds};
    }
    void addRanges()
    {
        addRange("range as wide CSV", "a.csv", Kind::Samples, "host_load1");
        addRange("range as long CSV", "a.csv", Kind::LongSamples, "host_load1");
        addRange("range as JSON", "a.json", Kind::Samples, "host_load1");
        addRange("range as JSON Lines", "a.jsonl", Kind::Samples, "host_load1");
        addRange("ticks as CSV", "a.csv", Kind::Ticks, "host_load1");
        addRange("report as HTML", "a.html", Kind::Report, "</html>");
        addRange("report as PDF", "a.pdf", Kind::Report, "%%EOF");
    }
    void addEngines()
    {
        m_ways["range as OpenMetrics"] = {
            "a.txt",
            [this](const QString& path, const std::stop_token& stop, const Progress& progress) {
                const qint64 now = core::epochMillis(core::SystemClock::instance().wallNow());
                return endOf(exporting::exportOpenMetrics(m_engine->samples(), {}, {now - 60'000, now},
                                                          path.toStdString(), {}, {stop, progress}));
            },
            "# EOF"};
        m_ways["recording"] = {
            "a.poolscope",
            [this](const QString& path, const std::stop_token& stop, const Progress& progress) {
                const qint64 now = core::epochMillis(core::SystemClock::instance().wallNow());
                record::TapeRequest request;
                request.file = path.toStdString();
                request.from = now - 60'000;
                request.to = now;
                request.samples = &m_engine->samples();
                request.progress = progress;
                request.stop = stop;
                return record::writeTape(request);
            },
            "SQLite format 3"};
        m_ways["silences"] = {"a.json", m_alerts.writeSilences, "["};
        // Its path is the folder's.
        m_ways["rules"] = {
            "default.yml",
            [this](const QString& path, const std::stop_token& stop, const Progress& progress) {
                return m_alerts.writeRules(QFileInfo(path).path(), stop, progress);
            },
            "groups:"};
    }
    void addWindows()
    {
        models::ComparisonModel differences;
        metrics::SeriesDifference one;
        one.name = "db_pool_usage";
        differences.show(std::make_shared<const std::vector<metrics::SeriesDifference>>(1'500, one));
        for (const char* file : {"a.csv", "a.json", "a.jsonl"}) {
            addMade(
                file, file,
                [content = models::contentOf(differences),
                 form = models::tableFormOf(QString::fromLatin1(file))](const models::TextSink& sink) {
                    return models::writeTable(content, form, sink);
                },
                "db_pool_usage");
        }
        metrics::PoolEventRow event;
        event.kind = "requested";
        addMade(
            "events", "a.jsonl",
            [events = std::vector(900, event)](const models::TextSink& sink) {
                return models::writeEvents(events, sink);
            },
            "requested");
        const metrics::LogEntry line{core::WallTime(1s), metrics::LogLevel::Info, "pool", "said"};
        addMade(
            "log", "a.log",
            [lines = std::vector(900, line)](const models::TextSink& sink) {
                return models::writeLog(lines, QTimeZone::utc(), sink);
            },
            " - INFO - said");
    }
    // A picture can be coded once: it is made for each use.
    void addPictures()
    {
        using Format = widgets::PictureFormat;
        for (const auto& [name, file, format, holds] :
             {std::tuple("picture as PNG", "a.png", Format::Png, "IEND"),
              std::tuple("picture as SVG", "a.svg", Format::Svg, "</svg>"),
              std::tuple("picture as PDF", "a.pdf", Format::Pdf, "%%EOF")}) {
            m_ways[name] = {file,
                            [format = format](const QString& path, const std::stop_token& stop,
                                              const Progress& progress) {
                                return widgets::writeWhole(path, pictureOf(format), stop, progress);
                            },
                            holds};
        }
    }
    core::Result<void> write(const Way& way, const HostileFolder& folder)
    {
        return way.write(folder.path(way.file), {}, [](double) {});
    }
    static void rows(const std::map<QByteArray, Way>& ways)
    {
        QTest::addColumn<QByteArray>("way");
        for (const auto& [name, way] : ways) {
            QTest::newRow(name.constData()) << name;
        }
    }
    // In words, on one line, naming the file or (of many) its folder.
    static QString wordsOf(const core::Result<void>& outcome, const QString& path)
    {
        return outcome ? QStringLiteral("it was written") : models::fileProblem(path, outcome.error());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        engine::Config config;
        config.server = *pg::ConnInfo::parse("host=/nonexistent dbname=none"); // nothing here asks a server
        config.dataDir = m_data.path().toStdString();
        config.history.on = false;
        config.defaultRules = POOLSCOPE_SOURCE_DIR "/resources/rules/default.yml";
        config.listen.reset();
        m_engine = std::make_unique<engine::Engine>(config, [] { return engine::LogFigures{}; });
        const auto started = m_engine->start();
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        QTRY_VERIFY_WITH_TIMEOUT(m_engine->latest() && m_engine->latest()->tick >= 2, 20'000);
        m_writer = app::makeFileWriter(*m_engine);
        m_alerts = app::makeAlertCommands(*m_engine, [](const QString&) {});
        addRanges();
        addEngines();
        addWindows();
        addPictures();
    }
    void cleanupTestCase()
    {
        m_writer = {};
        m_alerts = {};
        m_engine.reset();
    }

    void aNewFileIsWholeAndAlone_data() { rows(m_ways); }
    void aNewFileIsWholeAndAlone()
    {
        QFETCH(QByteArray, way);
        const HostileFolder folder;
        const core::Result<void> outcome = write(m_ways[way], folder);
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QStringList expected{QString::fromLatin1(m_ways[way].file)};
        if (expected.front().endsWith(QStringLiteral(".csv")) && way != "a.csv") {
            expected += expected.front() + QStringLiteral(".meta.json"); // ranges are described
        }
        QCOMPARE(folder.files(), expected);
        QVERIFY(folder.content(m_ways[way].file).contains(m_ways[way].holds));
    }

    void anOldFileIsReplacedWhole_data() { rows(m_ways); }
    void anOldFileIsReplacedWhole()
    {
        QFETCH(QByteArray, way);
        const HostileFolder folder;
        folder.put(m_ways[way].file, QByteArray(3'000'000, 'o'));
        QVERIFY(write(m_ways[way], folder));
        const QByteArray content = folder.content(m_ways[way].file);
        QVERIFY(content.contains(m_ways[way].holds) && !content.contains("oooooooo"));
        QVERIFY(folder.files().filter(QRegularExpression(QStringLiteral("^\\.|part|tmp"))).isEmpty());
    }

    void onAFullDiskTheOldFileStays_data() { rows(m_ways); }
    void onAFullDiskTheOldFileStays()
    {
        QFETCH(QByteArray, way);
        HostileFolder folder;
        core::Result<void> outcome;
        {
            const HostileFolder::Full full(folder, m_ways[way].file);
            outcome = write(m_ways[way], folder);
            QCOMPARE(folder.files(), full.files());
            QCOMPARE(folder.content(m_ways[way].file), QByteArray("old"));
        }
        const QString words = wordsOf(outcome, folder.path(m_ways[way].file));
        QVERIFY2(words.contains("full") || words.contains("larger than") || words.contains("disk"),
                 qPrintable(words));
        QVERIFY2(words.contains(folder.name()) && !words.contains('\n'), qPrintable(words));
    }

    void inAReadOnlyFolderTheOldFileStays_data() { rows(m_ways); }
    void inAReadOnlyFolderTheOldFileStays()
    {
        QFETCH(QByteArray, way);
        HostileFolder folder;
        folder.put(m_ways[way].file, "old");
        core::Result<void> outcome;
        {
            const HostileFolder::ReadOnly readOnly(folder);
            outcome = write(m_ways[way], folder);
        }
        const QString words = wordsOf(outcome, folder.path(m_ways[way].file));
        QVERIFY2(words.contains("may not write") || words.contains("read only"), qPrintable(words));
        QVERIFY2(words.contains(folder.name()) && !words.contains('\n'), qPrintable(words));
        QCOMPARE(folder.files(), QStringList(QString::fromLatin1(m_ways[way].file)));
        QCOMPARE(folder.content(m_ways[way].file), QByteArray("old"));
    }

    void aFolderThatWentAwayIsTold_data() { rows(m_ways); }
    void aFolderThatWentAwayIsTold()
    {
        QFETCH(QByteArray, way);
        HostileFolder folder;
        folder.vanish();
        const core::Result<void> outcome = write(m_ways[way], folder);
        const QString words = wordsOf(outcome, folder.path(m_ways[way].file));
        QVERIFY2(words.contains("its folder is not there"), qPrintable(words));
        QVERIFY(!folder.exists());
    }

    void givenUpAtTheBeginningNothingIsLeft_data() { rows(m_ways); }
    void givenUpAtTheBeginningNothingIsLeft()
    {
        QFETCH(QByteArray, way);
        givesUp(m_ways[way], true);
    }
    void givenUpOnTheWayNothingIsLeft_data() { rows(m_ways); }
    void givenUpOnTheWayNothingIsLeft()
    {
        QFETCH(QByteArray, way);
        givesUp(m_ways[way], false);
    }

    void aTableIsSavedAndGivenUpFromTheWindow()
    {
        QWidget window;
        auto* table = new widgets::TableView(QStringLiteral("t"), &window);
        models::ComparisonModel model;
        model.show(
            std::make_shared<const std::vector<metrics::SeriesDifference>>(10, metrics::SeriesDifference{}));
        table->setModel(&model);
        QSignalSpy told(table, &widgets::TableView::notice);
        const HostileFolder folder;
        table->saveTo(folder.path("t.csv"));
        QTRY_COMPARE(told.size(), 1);
        QCOMPARE(told.takeFirst().front().toString(), QStringLiteral("Written: ") + folder.path("t.csv"));
        table->saveTo(QStringLiteral("/nonexistent/t.csv"));
        QTRY_COMPARE(told.size(), 1);
        QCOMPARE(told.takeFirst().front().toString(),
                 QStringLiteral("Not written: /nonexistent/t.csv: its folder is not there"));
        // One that takes its time shows how far it is and can be given up.
        QString words;
        widgets::runFileWork(
            folder.path("slow.csv"),
            [](const std::stop_token& stop, const Progress& progress) -> core::Result<void> {
                for (progress(0.4); !stop.stop_requested(); std::this_thread::yield()) {
                }
                return core::fail("given up", "CANCELED");
            },
            table, [&words](const QString& said) { words = said; });
        QProgressDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = window.findChild<QProgressDialog*>()) != nullptr && dialog->isVisible() &&
                    dialog->value() == 40);
        dialog->findChild<QPushButton*>()->click();
        QTRY_COMPARE(words, QStringLiteral("Given up: nothing was written"));
    }

private:
    static void givesUp(const Way& way, bool atOnce)
    {
        HostileFolder folder;
        folder.put(way.file, "old");
        std::stop_source stop;
        if (atOnce) {
            stop.request_stop();
        }
        int told = 0;
        const core::Result<void> outcome =
            way.write(folder.path(way.file), stop.get_token(), [&](double share) {
                QVERIFY(share >= 0 && share <= 1);
                ++told;
                stop.request_stop();
            });
        QVERIFY(!outcome);
        QCOMPARE(QString::fromStdString(outcome.error().code).toUpper(), QStringLiteral("CANCELED"));
        QVERIFY(atOnce || told > 0);
        QCOMPARE(folder.files(), QStringList(QString::fromLatin1(way.file)));
        QCOMPARE(folder.content(way.file), QByteArray("old"));
    }
};

QTEST_MAIN(TestFilesOut)
#include "tst_files_out.moc"

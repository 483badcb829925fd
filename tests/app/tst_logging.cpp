#include "app/logging.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <spdlog/spdlog.h>

class LoggingTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QStringList linesOf(const QString& name)
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts)
                                              : QStringList();
    }
    std::shared_ptr<app::LogTap> started(const QString& name, app::LogFormat format)
    {
        app::LogOptions options;
        options.file = m_folder.filePath(name).toStdString();
        options.format = format;
        options.level = metrics::LogLevel::Debug;
        auto tap = app::startLogging(options);
        return tap ? *tap : nullptr;
    }

private Q_SLOTS:
    void cleanup() { spdlog::shutdown(); }

    void textLinesHaveTheContractsForm()
    {
        QVERIFY(started("text.log", app::LogFormat::Text));
        spdlog::get("poolscope.pool")->warn("连接获取慢: 0.233s");
        const QStringList lines = linesOf("text.log");
        QCOMPARE(lines.size(), 1);
        static const QRegularExpression form(
            R"(^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - poolscope\.pool - WARNING - 连接获取慢: 0\.233s$)");
        QVERIFY2(form.match(lines.front()).hasMatch(), qPrintable(lines.front()));
    }
    void jsonLinesAreObjectsWhateverTheText()
    {
        QVERIFY(started("json.log", app::LogFormat::Json));
        spdlog::get("poolscope.pg")->error("quote \" backslash \\ bad \xFF byte");
        const QStringList lines = linesOf("json.log");
        QCOMPARE(lines.size(), 1);
        const QJsonObject object = QJsonDocument::fromJson(lines.front().toUtf8()).object();
        QCOMPARE(object["log.level"].toString(), QString("ERROR"));
        QCOMPARE(object["log.logger"].toString(), QString("poolscope.pg"));
        QVERIFY(object["message"].toString().contains("quote \" backslash \\ bad \uFFFD byte"));
    }
    void hostileTextsStayOneObjectALine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("forged line") << QByteArray("ok\n{\"log.level\":\"ERROR\",\"message\":\"forged\"}");
        QTest::newRow("carriage return and others") << QByteArray("a\rb\x0B\x0C\x1B[31mred\x7F");
        QTest::newRow("separators of Unicode") << QByteArray("a\xE2\x80\xA8" "b\xE2\x80\xA9");
        QTest::newRow("cut off UTF-8") << QByteArray("\xE4\xBD");
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80");
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
        QTest::newRow("end of the object") << QByteArray("\",\"log.level\":\"DEBUG\",\"x\":\"");
        QTest::newRow("format") << QByteArray("{} %s {0} %n");
        QTest::newRow("long") << QByteArray(100'000, 'x');
        QTest::newRow("empty") << QByteArray();
    }
    void hostileTextsStayOneObjectALine()
    {
        QFETCH(QByteArray, text);
        QVERIFY(started("hostile.log", app::LogFormat::Json));
        spdlog::get("poolscope.pg")->warn(std::string_view(text.data(), std::size_t(text.size())));
        spdlog::get("poolscope.pg")->flush();
        const QStringList lines = linesOf("hostile.log");
        QFile::remove(m_folder.filePath("hostile.log"));
        QCOMPARE(lines.size(), 1);
        QJsonParseError error{};
        const QJsonObject object = QJsonDocument::fromJson(lines.front().toUtf8(), &error).object();
        QCOMPARE(error.error, QJsonParseError::NoError);
        QCOMPARE(object.size(), 8);
        QCOMPARE(object["log.level"].toString(), QString("WARNING"));
        QCOMPARE(object["ecs.version"].toString(), QString("1.6.0"));
        QCOMPARE(object["service.name"].toString(), QString("poolscope"));
        QVERIFY(object["process.pid"].toInt() > 0 && object["process.thread.id"].toInt() > 0);
        static const QRegularExpression stamp(R"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$)");
        QVERIFY(stamp.match(object["@timestamp"].toString()).hasMatch());
        QVERIFY(text.isEmpty() || !object["message"].toString().isEmpty());
    }
    void theWatchOverOurOwnLogGetsItsLines()
    {
        const auto tap = started("watched.log", app::LogFormat::Text);
        QVERIFY(tap);
        spdlog::error("before anybody watches");
        tap->isWatched = true;
        spdlog::error("while");
        const auto lines = tap->watched.drain();
        QCOMPARE(lines.size(), std::size_t(1));
        QCOMPARE(lines.front().level, metrics::LogLevel::Error);
        QVERIFY(tap->lines.drain().empty());
    }
    void errorsAreCountedForTheRules()
    {
        const auto tap = started("count.log", app::LogFormat::Text);
        QVERIFY(tap);
        spdlog::info("one");
        spdlog::error("two");
        spdlog::critical("three");
        QCOMPARE(app::logFigures(*tap).errors, std::uint64_t(2));
    }
    void windowLinesAreKeptOnlyWhileThereIsAWindow()
    {
        const auto tap = started("window.log", app::LogFormat::Text);
        QVERIFY(tap);
        spdlog::info("before");
        tap->windowOpen = true;
        spdlog::info("while");
        const auto lines = tap->lines.drain();
        QCOMPARE(lines.size(), std::size_t(1));
        QCOMPARE(lines.front().text, std::string("while"));
    }
    void whatTheWindowCannotTakeInIsCounted()
    {
        const auto tap = started("flood.log", app::LogFormat::Text);
        QVERIFY(tap);
        tap->windowOpen = true;
        for (std::size_t i = 0; i < app::LogTap::kWindowLines + 5; ++i) {
            spdlog::get("poolscope.app")->debug("x");
        }
        QCOMPARE(app::logFigures(*tap).dropped, std::uint64_t(5));
    }
    void unwritableFileIsAClearError()
    {
        app::LogOptions options;
        options.file = "/proc/no/such/file.log";
        const auto tap = app::startLogging(options);
        QVERIFY(!tap);
        QVERIFY(QString::fromStdString(tap.error().message).contains("log file"));
    }
};

QTEST_GUILESS_MAIN(LoggingTest)
#include "tst_logging.moc"

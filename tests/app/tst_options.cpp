#include "app/options.h"

#include <QTest>

using namespace std::chrono_literals;

class OptionsTest : public QObject {
    Q_OBJECT

    static core::Result<app::Options> parsed(const QStringList& arguments)
    {
        return app::parseOptions(QStringList{"poolscope"} + arguments);
    }

private Q_SLOTS:
    void nothingGivenMeansThePrivateServerOnLoopback()
    {
        const auto options = parsed({});
        QVERIFY(options);
        QVERIFY(options->config.embedded);
        QCOMPARE(options->config.listen->host, std::string("127.0.0.1"));
        QCOMPARE(options->config.listen->port, std::uint16_t(8000));
        QCOMPARE(options->config.interval, core::Nanos(1s));
        QVERIFY(!options->headless);
    }
    void everyOptionOfTheContractIsTaken()
    {
        const auto options = parsed({"--headless", "--service", "app", "--listen", "[::1]:9000", "--token-file", "/t",
                                     "--rules", "a.yml", "--rules", "b.yml", "--interval", "250ms", "--data-dir", "/d",
                                     "--lang", "zh_CN", "--log-file", "/l", "--log-format", "json", "--log-level",
                                     "debug", "--scenario", "normal", "--scenario", "burst:rate=5", "--csv", "/c",
                                     "--duration", "5s"});
        QVERIFY2(options, options ? "" : options.error().message.c_str());
        QVERIFY(options->headless);
        QVERIFY(!options->config.embedded);
        QCOMPARE(options->config.server.get("service"), std::string_view("app"));
        QCOMPARE(options->config.ruleFiles.size(), std::size_t(2));
        QCOMPARE(options->config.scenarios.size(), std::size_t(2));
        QCOMPARE(options->config.lang, core::Lang::Chinese);
        QCOMPARE(options->config.duration, core::Nanos(5s));
        QVERIFY(!options->config.csvAppend);
        QCOMPARE(options->log.level, metrics::LogLevel::Debug);
    }
    void csvWithoutDurationIsAppendedTo()
    {
        QVERIFY(parsed({"--csv", "/c"})->config.csvAppend);
    }
    void wrongUseIsOneClearLine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const QStringList& arguments, const char* reason) {
            QTest::newRow(name) << arguments << QString(reason);
        };
        row("unknown option", {"--nope"}, "nope");
        row("stray argument", {"extra"}, "unknown argument \"extra\"");
        row("two servers", {"--embedded", "--service", "a"}, "exclude each other");
        row("password in a dsn", {"--dsn", "host=a password=hunter2"}, ".pgpass");
        row("password in a URI", {"--dsn", "postgresql://u:hunter2@h/db"}, ".pgpass");
        row("broken dsn", {"--dsn", "host"}, "--dsn: ");
        row("bad address", {"--listen", "8000"}, "--listen: ");
        row("interval too long", {"--interval", "2m"}, "--interval: ");
        row("no duration", {"--duration", "0"}, "--duration: ");
        row("unknown level", {"--log-level", "loud"}, "--log-level: ");
        row("unknown format", {"--log-format", "xml"}, "--log-format: ");
        row("unknown language", {"--lang", "de"}, "--lang: ");
        row("missing file", {"--config", "/nonexistent.yml"}, "/nonexistent.yml");
    }
    void wrongUseIsOneClearLine()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, reason);
        const auto options = parsed(arguments);
        QVERIFY(!options);
        const QString message = QString::fromStdString(options.error().message);
        QVERIFY2(message.contains(reason), qPrintable(message));
        QVERIFY(!message.contains('\n'));
        QVERIFY(!message.contains("hunter2"));
    }
};

QTEST_GUILESS_MAIN(OptionsTest)
#include "tst_options.moc"

// A program that was written without the tree: installs the pool's library into an empty folder, builds the
// example against what lies there and nothing else, runs it, and scrapes it.
#include "monitor/collect/catalog.h"
#include "monitor/collect/watched_pool.h"
#include "monitor/pg/connection.h"
#include "tests/support/http_client.h"
#include "tests/support/pg_server.h"

#include <QDir>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace std::chrono_literals;

class EmbeddingTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;
    QTemporaryDir m_folder;

    QString in(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    // Empty, or what the command said when it failed.
    static QString run(const QString& program, const QStringList& arguments)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(program, arguments);
        const bool good = process.waitForFinished(240'000) && process.exitStatus() == QProcess::NormalExit &&
                          process.exitCode() == 0;
        return good ? QString()
                    : program + ' ' + arguments.join(' ') + ":\n" + QString::fromUtf8(process.readAll());
    }
    static QString cmake(const QStringList& arguments) { return run(CMAKE_PROGRAM, arguments); }

    int orders()
    {
        auto admin = pg::Connection::open(m_server->connInfo(), pg::Deadline::in(10s));
        auto count =
            admin ? (*admin)->execute("SELECT count(*) FROM orders") : core::Unexpected{admin.error()};
        return count ? std::stoi(std::string(count->text(0, 0))) : -1;
    }
    // "db_pool_size 2.0" of the page as 2.
    static double valueOf(const QString& page, const char* name)
    {
        const QRegularExpression line("^" + QString(QLatin1String(name)) + " (\\S+)$",
                                      QRegularExpression::MultilineOption);
        const auto match = line.match(page);
        return match.hasMatch() ? match.captured(1).toDouble() : -1;
    }
    static const char* nameOf(metrics::Kind kind)
    {
        switch (kind) {
        case metrics::Kind::Gauge:
            return "gauge";
        case metrics::Kind::Counter:
            return "counter";
        case metrics::Kind::Histogram:
            return "histogram";
        }
        return "";
    }
    static void compareWithConsole(const QString& page)
    {
        std::map<std::string, metrics::Kind> known;
        for (const metrics::MetricDef* def : collect::allMetrics()) {
            known.emplace(def->name, def->kind);
        }
        static const QRegularExpression type("^# TYPE (\\S+) (\\S+)$", QRegularExpression::MultilineOption);
        int families = 0;
        for (auto each = type.globalMatch(page); each.hasNext(); ++families) {
            const auto match = each.next();
            const auto found = known.find(match.captured(1).toStdString());
            QVERIFY2(found != known.end(), qPrintable(match.captured(1)));
            QCOMPARE(match.captured(2).toStdString(), std::string(nameOf(found->second)));
        }
        QVERIFY(families >= 30);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        m_server = std::make_unique<support::PgServer>();
        QVERIFY2(m_server->ok(), m_server->error());
        auto admin = pg::Connection::open(m_server->connInfo(), pg::Deadline::in(10s));
        QVERIFY(admin && (*admin)->execute("CREATE TABLE orders (number int)"));
    }

    void theExampleBuildsAgainstWhatIsInstalled()
    {
        QString trouble = cmake(
            {"--install", POOLSCOPE_BINARY_DIR, "--component", "Development", "--prefix", in("prefix")});
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        QVERIFY(QFile::exists(in("prefix/include/poolscope/pool.h")));
        QVERIFY(!QFile::exists(in("prefix/bin"))); // the program is another component
        QStringList configure{"-S",
                              POOLSCOPE_SOURCE_DIR "/tests/embedding/example",
                              "-B",
                              in("build"),
                              "-G",
                              CMAKE_GENERATOR_NAME,
                              "-DCMAKE_PREFIX_PATH=" + in("prefix"),
                              "-DCMAKE_CXX_COMPILER=" CXX_COMPILER};
        if (const QString sanitizers = SANITIZE;
            !sanitizers.isEmpty()) { // libraries built with them need them
            configure << "-DCMAKE_CXX_FLAGS=-fsanitize=" + sanitizers;
        }
        trouble = cmake(configure);
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        trouble = cmake({"--build", in("build")});
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    }
    void nothingInstalledNamesTheTreeItWasBuiltIn()
    {
        const QString trouble = run("grep", {"-rlE", "--include=*.cmake", "--include=*.h",
                                             POOLSCOPE_SOURCE_DIR "|-Werror|poolscope_common", in("prefix")});
        QVERIFY2(trouble.trimmed().endsWith(':'),
                 qPrintable(trouble)); // grep found nothing: it names no file
    }
    void itRunsAndIsSeenLikeThePoolOfTheConsole()
    {
        QProcess service;
        service.start(in("build/shop_service"), {QString::fromStdString(m_server->dsn())});
        QString said;
        QTRY_VERIFY_WITH_TIMEOUT(
            (said += QString::fromUtf8(service.readAllStandardOutput())).endsWith("/metrics\n"), 30'000);
        QVERIFY2(said.startsWith("booked 100 orders over "), qPrintable(said));
        QCOMPARE(orders(), 100);
        const auto port = QRegularExpression("127\\.0\\.0\\.1:(\\d+)").match(said).captured(1).toUShort();
        const auto scraped = support::httpCall({.port = port, .path = "/metrics"});
        QCOMPARE(scraped.status, 200);
        QCOMPARE(scraped.headers.at("content-type"), std::string("text/plain; version=0.0.4; charset=utf-8"));

        const QString page = QString::fromStdString(scraped.body);
        QCOMPARE(valueOf(page, "db_pool_size"), 2.0);
        QCOMPARE(valueOf(page, "db_pool_checked_out"), 0.0);
        QCOMPARE(valueOf(page, "db_connection_checkout_total"), 100.0);
        QCOMPARE(valueOf(page, "db_connection_checkin_total"), 100.0);
        QCOMPARE(valueOf(page, "db_connection_error_total"), 0.0);
        QCOMPARE(valueOf(page, "db_connection_wait_seconds_count"), 100.0);
        QCOMPARE(valueOf(page, "db_query_duration_seconds_count"), 100.0);
        QVERIFY(valueOf(page, "db_connection_connect_total") >= 1.0);
        compareWithConsole(page);

        service.closeWriteChannel();
        QVERIFY(service.waitForFinished(10'000));
        QCOMPARE(service.exitCode(), 0);
        QCOMPARE(service.readAllStandardError(), QByteArray());
    }
    void anUnsoundConfigurationIsNamedAndTheDefaultsStandIn()
    {
        pool::PoolConfig config;
        config.size = -3;
        collect::WatchedPool watched({.config = config, .server = m_server->connInfo()});
        QCOMPARE(watched.problem(), std::string("pool_size must be between 0 and 10000, not -3"));
        QCOMPARE(watched.pool().config().size, 10);
        QVERIFY(watched.pool().acquire());
    }
};

QTEST_GUILESS_MAIN(EmbeddingTest)
#include "tst_embedding.moc"

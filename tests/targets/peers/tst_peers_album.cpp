// All real peers at once, watched by the program as people run it, and its pictures of them: those of the
// README. PEERS_PICTURES=FOLDER keeps them there; see README.md.
#include "tests/support/http_client.h"
#include "tests/support/pg_bouncer.h"
#include "tests/targets/peers/cast.h"

#include <QDir>
#include <QElapsedTimer>
#include <QImageReader>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <memory>

#include <fmt/format.h>

using peers::Peer;
using peers::Program;

namespace {

constexpr int kPatience = 120'000;
constexpr int kPictureMillis = 480'000; // two minutes of scenes, then 20 pictures

struct Listed {
    std::string name, url, environment, tags;
};

void write(const QString& path, const std::string& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text.c_str());
}

std::string configOf(const std::vector<Listed>& all, std::uint16_t port)
{
    std::string text = fmt::format("listen: 127.0.0.1:{}\nlang: en\ntargets:\n", port);
    for (const Listed& one : all) {
        text += fmt::format(
            "  - {{name: {}, url: \"{}\", environment: {}, tags: [{}], interval: 2s, timeout: 2s}}\n",
            one.name, one.url, one.environment, one.tags);
    }
    return text;
}

// The page of the program that is photographed.
std::string pageOf(std::uint16_t port)
{
    support::HttpCall call;
    call.port = port;
    call.path = "/metrics";
    call.timeout = std::chrono::seconds(20);
    return support::httpCall(call).body;
}

// A value of it: NaN when the program says nothing of it.
double valueOf(const std::string& page, const std::string& name, const std::string& target)
{
    const QRegularExpression line(
        QString::fromStdString(fmt::format("^{}\\{{[^}}]*target=\"{}\"[^}}]*\\}} (\\S+)$", name, target)),
        QRegularExpression::MultilineOption);
    const QString value = line.match(QString::fromStdString(page)).captured(1);
    return value.isEmpty() ? std::nan("") : value.toDouble();
}

// A display of its own, gone with the object.
class Screen {
public:
    Screen()
    {
        peers::begin(m_process,
                     {"Xvfb", {"-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp"}});
        while (m_name.isEmpty() && m_process.waitForReadyRead(kPatience)) {
            const QByteArray line = m_process.readLine().trimmed();
            bool isNumber = false;
            const int number = line.toInt(&isNumber);
            m_name = isNumber ? QString(":%1").arg(number) : QString();
        }
    }
    ~Screen()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;
    // Empty when there is no Xvfb.
    [[nodiscard]] const QString& name() const noexcept { return m_name; }

private:
    QProcess m_process;
    QString m_name;
};

} // namespace

class PeersAlbumTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<support::PgServer> m_server;
    std::unique_ptr<support::PgBouncer> m_bouncer;
    std::unique_ptr<peers::Crowd> m_crowd;
    std::vector<std::unique_ptr<Peer>> m_pools;
    std::vector<std::unique_ptr<Program>> m_programs;
    std::vector<Listed> m_listed;

    void pool(const peers::PeerStart& start, const std::string& path, Listed listed)
    {
        auto peer = std::make_unique<Peer>(start);
        QVERIFY2(peer->trouble().isEmpty(), qPrintable(peer->trouble()));
        listed.url = peer->spec(path).url;
        m_listed.push_back(std::move(listed));
        m_pools.push_back(std::move(peer));
    }
    void program(const peers::PeerStart& start, std::uint16_t port, Listed listed)
    {
        listed.url = fmt::format("http://127.0.0.1:{}/metrics", port);
        auto program = std::make_unique<Program>(start);
        const QString trouble = program->whenUp(peers::specOf(listed.url));
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_listed.push_back(std::move(listed));
        m_programs.push_back(std::move(program));
    }
    void startPools()
    {
        using peers::compiledPeer;
        const QString built = m_folder.path();
        pool(peers::pythonPeer("reference_example.py", *m_server), "/metrics",
             {"shop-api", {}, "production", "python, web"});
        pool(compiledPeer("hikari", built, *m_server), "/actuator/prometheus",
             {"orders", {}, "production", "java"});
        pool(compiledPeer("pgx", built, *m_server), "/pgxpool", {"payments", {}, "production", "go"});
        pool(compiledPeer("sql", built, *m_server), "/sql", {"stock", {}, "staging", "go"});
        pool(peers::pythonPeer("sqlalchemy_pool.py", *m_server), "/words",
             {"reports", {}, "staging", "python"});
    }
    void startPrograms()
    {
        const std::uint16_t exporter = peers::freePort();
        program(peers::bouncerExporter(exporter, m_bouncer->port(), {"--mended"}), exporter,
                {"bouncer-exporter", {}, "production", "pgbouncer"});
        const std::uint16_t postgres = peers::freePort();
        program(peers::postgresExporter(postgres, *m_server), postgres,
                {"postgres", {}, "production", "database"});
        const std::uint16_t own = peers::freePort();
        program({POOLSCOPE,
                 {"--headless", "--dsn", QString::fromStdString(m_server->dsn()), "--listen",
                  QString("127.0.0.1:%1").arg(own), "--data-dir", m_folder.filePath("other"), "--scenario",
                  "normal"}},
                own, {"console-2", {}, "staging", "poolscope"});
        const std::uint16_t server = peers::freePort();
        write(m_folder.filePath("prometheus.yml"),
              fmt::format("global: {{scrape_interval: 5s}}\nscrape_configs:\n  - job_name: peers\n"
                          "    static_configs: [{{targets: ['127.0.0.1:{}', '127.0.0.1:{}']}}]\n",
                          postgres, own));
        program({"prometheus",
                 {"--config.file=" + m_folder.filePath("prometheus.yml"),
                  "--storage.tsdb.path=" + m_folder.filePath("tsdb"),
                  QString("--web.listen-address=127.0.0.1:%1").arg(server)}},
                server, {"prometheus", {}, "staging", "monitoring"});
    }
    // Those of whom the page does not say that they are up.
    [[nodiscard]] QString missing(const std::string& page) const
    {
        QString names;
        for (const Listed& one : m_listed) {
            if (valueOf(page, "target_up", one.name) != 1) {
                names += QString::fromStdString(one.name + " (" + one.url + ") is not up; ");
            }
        }
        return names;
    }
    // What all of them hold; so that the charts have something to say, now more and now less.
    void load(int round) const
    {
        for (const auto& pool : m_pools) {
            pool->release();
        }
        const int most[] = {28, 4, 4, 3, 8}; // of each pool, in the order of m_pools
        for (std::size_t i = 0; i < m_pools.size(); ++i) {
            const int part = 1 + (round + static_cast<int>(i)) % 4;
            m_pools[i]->hold(i == 0   ? most[0] - round % 3
                             : i == 1 ? most[1] + 1 + round % 2 // callers wait there, too
                                      : std::max(1, most[i] * part / 4));
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        support::PgServerOptions options;
        options.maxConnections = 120;
        options.listens = support::Listens::Loopback;
        m_server = std::make_unique<support::PgServer>(options);
        QVERIFY2(m_server->ok(), m_server->error());
        const auto maker = peers::session(m_server->dsn());
        QVERIFY(maker && maker->execute("create database appdb"));
        const QString trouble = peers::buildCompiled(m_folder.path());
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_bouncer = std::make_unique<support::PgBouncer>(*m_server, "appdb = SERVER dbname=appdb");
        QVERIFY2(m_bouncer->start(), "pgbouncer is missing");
        const std::string console = fmt::format("pgbouncer://watcher@127.0.0.1:{}", m_bouncer->port());
        QTRY_VERIFY_WITH_TIMEOUT(targets::scrapeOnce(peers::specOf(console), {}).error.empty(), kPatience);
        m_crowd = std::make_unique<peers::Crowd>(*m_server, m_bouncer->port(), 8);
        QVERIFY(m_crowd->ok());
        m_listed.push_back({"bouncer", console, "production", "pgbouncer"});
        startPools();
        startPrograms();
        QCOMPARE(m_listed.size(), std::size_t(10));
    }

    void allAreSeenAndDrawn()
    {
        const std::uint16_t port = peers::freePort();
        write(m_folder.filePath("config.yml"), configOf(m_listed, port));
        const Screen screen;
        QVERIFY2(!screen.name().isEmpty(), "Xvfb is missing");
        QProcess window;
        const auto end = qScopeGuard([&window] {
            window.kill();
            window.waitForFinished();
        });
        peers::begin(window, {POOLSCOPE,
                              {"--config", m_folder.filePath("config.yml"), "--lang", "en", "--screenshots",
                               m_folder.filePath("album"), "--panels", "overview,targets"},
                              {"DISPLAY=" + screen.name(), "QT_QPA_PLATFORM=xcb"}});
        QVERIFY(window.waitForStarted());
        std::string page;
        const auto allUp = [&] {
            page = pageOf(port);
            return window.state() == QProcess::NotRunning || missing(page).isEmpty();
        };
        load(0);
        QVERIFY2(QTest::qWaitFor(allUp, kPatience), qPrintable(missing(page)));
        QVERIFY2(window.state() != QProcess::NotRunning, window.readAll().constData());
        QCOMPARE(valueOf(page, "target_pool_waiting", "bouncer"), 5.0);
        for (const char* name :
             {"shop-api", "orders", "payments", "stock", "reports", "bouncer", "console-2"}) {
            QVERIFY2(!std::isnan(valueOf(page, "target_pool_in_use", name)), name);
        }
        QElapsedTimer since;
        since.start();
        for (int round = 1; !window.waitForFinished(7'000); ++round) {
            QVERIFY2(!since.hasExpired(kPictureMillis), window.readAll().constData());
            load(round);
        }
        QVERIFY2(window.exitCode() == 0, window.readAll().constData());
        const targets::Scrape bouncer = targets::scrapeOnce(peers::specOf(m_listed.front().url), peers::mappings());
        QVERIFY2(bouncer.pools.size() == 1, bouncer.error.c_str());
        QCOMPARE(bouncer.pools.front().figures[targets::Figure::Waiting], 5.0); // they were in every picture
        keepPictures();
    }

    void cleanupTestCase()
    {
        m_programs.clear(); // the consoles before what they watch
        m_crowd.reset();
        m_pools.clear();
        m_bouncer.reset();
    }

private:
    void keepPictures() const
    {
        const QDir album(m_folder.filePath("album"));
        const QString kept = qEnvironmentVariable("PEERS_PICTURES");
        for (const char* theme : {"dark", "light"}) {
            for (const char* size : {"1280x800", "1920x1080"}) {
                for (const char* what : {"targets", "targets-by-tag", "overview-targets"}) {
                    const QString name = QString("%1-%2-en-%3.png").arg(what, theme, size);
                    const QSize is = QImageReader(album.filePath(name)).size();
                    QCOMPARE(QString("%1x%2").arg(is.width()).arg(is.height()), QString(size));
                    QVERIFY(kept.isEmpty() || QDir().mkpath(kept));
                    QFile::remove(kept + "/peers-" + name);
                    QVERIFY(kept.isEmpty() || QFile::copy(album.filePath(name), kept + "/peers-" + name));
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(PeersAlbumTest)
#include "tst_peers_album.moc"

// Real peers under real load, asked by our scraper: what they say in our vocabulary is what their pools know
// themselves, and what they do not say stays unknown.
#include "monitor/series/label_ops.h"
#include "tests/support/pg_bouncer.h"
#include "tests/targets/peers/cast.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>

using peers::Peer;
using peers::Program;
using peers::session;
using peers::specOf;
using peers::Truth;
using targets::Scrape;

namespace {

constexpr int kPatience = 30'000;

// The value of the first sample named so whose labels contain `part`; NaN when there is none.
double sampleOf(const Scrape& scrape, std::string_view name, const std::string& part = {})
{
    const auto found = std::ranges::find_if(scrape.samples, [&](const targets::PageSample& sample) {
        return series::labelValue(sample.labels, "__name__") == name &&
               series::labelsText(sample.labels).find(part) != std::string::npos;
    });
    return found == scrape.samples.end() ? std::nan("") : found->value;
}

// What PgBouncer's console says of appdb by psql, which knows nothing of us.
Truth consoleTruth(std::uint16_t port)
{
    const auto rows = [&](const char* command) {
        QProcess psql;
        psql.start("psql",
                   {"-XAt", "-F", ",", "--pset=tuples_only=off", "--pset=footer=off", "-h", "127.0.0.1", "-p",
                    QString::number(port), "-U", "watcher", "-c", command, "pgbouncer"});
        psql.waitForFinished();
        QStringList lines = QString::fromUtf8(psql.readAllStandardOutput()).split('\n');
        const QStringList names = lines.takeFirst().split(',');
        for (const QString& line : lines) {
            if (const QStringList values = line.split(',');
                values.first() == "appdb" && values.size() == names.size()) {
                QMap<QString, double> row;
                for (int i = 0; i < values.size(); ++i) {
                    row[names[i]] = values[i].toDouble();
                }
                return row;
            }
        }
        return QMap<QString, double>();
    };
    const auto pools = rows("show pools");
    const auto stats = rows("show stats");
    const auto databases = rows("show databases");
    const double idle = pools["sv_idle"] + pools["sv_used"];
    return {{"waiting", pools["cl_waiting"]},
            {"in_use", pools["sv_active"]},
            {"idle", idle},
            {"size", pools["sv_active"] + idle + pools["sv_tested"] + pools["sv_login"]},
            {"max", databases["pool_size"]},
            {"waits", stats["total_xact_count"]},
            {"uses", stats["total_xact_count"]},
            {"wait_seconds", stats["total_wait_time"] / 1e6},
            {"use_seconds", stats["total_query_time"] / 1e6}};
}

} // namespace

class PeersTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;

    // The one pool of a page; figures are compared when nothing moved while it was asked.
    static QString wrongWith(const Peer& peer, const std::string& path, const QString& title,
                             const QString& known)
    {
        const Truth before = peer.truth();
        const Scrape scrape = targets::scrapeOnce(peer.spec(path), peers::mappings());
        if (!scrape.error.empty() || scrape.pools.size() != 1) {
            return QString::fromStdString(scrape.error + " pools: " + std::to_string(scrape.pools.size()));
        }
        if (QString::fromStdString(scrape.pools[0].source) != title) {
            return QString::fromStdString("it is taken for " + scrape.pools[0].source);
        }
        Truth after = peer.truth();
        return after["waiting"] != Truth(before)["waiting"]
                   ? QString("it moves")
                   : peers::differences(scrape.pools[0].figures, after, known);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        support::PgServerOptions options;
        options.maxConnections = 100;
        m_server = std::make_unique<support::PgServer>(options);
        QVERIFY2(m_server->ok(), m_server->error());
        const auto maker = session(m_server->dsn());
        QVERIFY(maker && maker->execute("create database appdb"));
    }

    // 30 of 30 leased and five callers who wait, of whom the example says nothing.
    void theReferenceExampleIsTheDocuments()
    {
        const Peer example(peers::pythonPeer("reference_example.py", *m_server));
        QVERIFY2(example.trouble().isEmpty(), qPrintable(example.trouble()));
        const QString title = "db_pool_* (SQLAlchemy)";
        const QString known = "size in_use idle max creates uses use_seconds";
        QString wrong;
        const auto agrees = [&](const QString& figures) {
            wrong = wrongWith(example, "/metrics", title, figures);
            return wrong.isEmpty();
        };
        example.hold(12); // two of the overflow
        QTRY_COMPARE_WITH_TIMEOUT(example.truth()["in_use"], 12.0, kPatience);
        QVERIFY2(QTest::qWaitFor([&] { return agrees(known); }, kPatience), qPrintable(wrong));
        example.hold(23);
        QTRY_COMPARE_WITH_TIMEOUT(example.truth()["waiting"], 5.0, kPatience);
        QVERIFY2(QTest::qWaitFor([&] { return agrees(known); }, kPatience), qPrintable(wrong));
        example.release();
        QTRY_COMPARE_WITH_TIMEOUT(example.truth()["uses"], 36.0,
                                  kPatience); // five of them were waiting, and the tables'
        const auto pools = targets::scrapeOnce(example.spec("/metrics"), peers::mappings()).pools;
        QCOMPARE(pools.at(0).figures[targets::Figure::Uses], 36.0);
    }

    void overflowBelowZeroIsPutRight_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("known");
        QTest::newRow("names of its methods") << "/methods"
                                              << "size in_use idle";
        QTest::newRow("words and a limit") << "/words"
                                           << "size in_use idle max";
    }
    void overflowBelowZeroIsPutRight()
    {
        QFETCH(QString, path);
        QFETCH(QString, known);
        const Peer pool(peers::pythonPeer("sqlalchemy_pool.py", *m_server));
        QVERIFY2(pool.trouble().isEmpty(), qPrintable(pool.trouble()));
        QString wrong;
        const auto agrees = [&] {
            wrong = wrongWith(pool, path.toStdString(), "SQLAlchemy", known);
            return wrong.isEmpty();
        };
        QCOMPARE(pool.truth()["overflow"], -5.0);
        QVERIFY2(QTest::qWaitFor([&] { return agrees(); }, kPatience), qPrintable(wrong));
        pool.hold(2);
        QTRY_COMPARE_WITH_TIMEOUT(pool.truth()["overflow"], -3.0, kPatience);
        QVERIFY2(QTest::qWaitFor([&] { return agrees(); }, kPatience), qPrintable(wrong));
        pool.hold(9);
        QTRY_COMPARE_WITH_TIMEOUT(pool.truth()["waiting"], 3.0, kPatience);
        QVERIFY2(QTest::qWaitFor([&] { return agrees(); }, kPatience), qPrintable(wrong));
        pool.release();
        QTRY_COMPARE_WITH_TIMEOUT(pool.truth()["waiting"], 0.0, kPatience);
    }

    // Three connections, five clients who wait; asked at the console and through Debian's exporter.
    void pgBouncersExporterSaysWhatItsConsoleSays()
    {
        support::PgBouncer bouncer(*m_server, "appdb = SERVER dbname=appdb");
        QVERIFY2(bouncer.start(), "pgbouncer is missing");
        const targets::TargetSpec console =
            specOf(fmt::format("pgbouncer://watcher@127.0.0.1:{}", bouncer.port()));
        QTRY_VERIFY_WITH_TIMEOUT(targets::scrapeOnce(console, {}).error.empty(), kPatience);
        const std::uint16_t port = peers::freePort();
        Program exporter(peers::bouncerExporter(port, bouncer.port(), {"--mended"}));
        peers::Crowd crowd(*m_server, bouncer.port(), 8);
        QVERIFY(crowd.ok());
        QTRY_COMPARE_WITH_TIMEOUT(consoleTruth(bouncer.port())["waiting"], 5.0, kPatience);
        Truth truth = consoleTruth(bouncer.port());
        QCOMPARE(truth["in_use"], 3.0);
        QCOMPARE(truth["max"], 3.0);

        const targets::TargetSpec spec = specOf(fmt::format("http://127.0.0.1:{}/metrics", port));
        const QString trouble = exporter.whenUp(spec);
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        const char* source = "PgBouncer (Python exporter)";
        const QString known = "waiting max use_seconds";
        QCOMPARE(differencesOf(targets::scrapeOnce(spec, peers::mappings()), source, truth, known), QString());
        QCOMPARE(differencesOf(targets::scrapeOnce(console, peers::mappings()), "PgBouncer (exporter)", truth,
                               "size in_use idle waiting max wait_seconds waits use_seconds uses"),
                 QString());
        crowd.release();
        truth = consoleTruth(bouncer.port());
        QCOMPARE(truth["waiting"], 0.0);
        QVERIFY(truth["use_seconds"] > 0);
        QCOMPARE(differencesOf(targets::scrapeOnce(spec, peers::mappings()), source, truth, known), QString());
    }

    // Two names lead to one database and the exporter tells them by the database's: which size is appdb's is
    // not said.
    void whatAnExporterMixesUpIsUnknown()
    {
        support::PgBouncer bouncer(*m_server,
                                   "appdb_ro = SERVER dbname=appdb pool_size=7\nappdb = SERVER dbname=appdb");
        QVERIFY2(bouncer.start(), "pgbouncer is missing");
        QTRY_VERIFY_WITH_TIMEOUT(
            session(fmt::format("host=127.0.0.1 port={} user=app dbname=appdb", bouncer.port())), kPatience);
        const std::uint16_t port = peers::freePort();
        Program exporter(peers::bouncerExporter(port, bouncer.port(), {"--mended"}));
        const targets::TargetSpec spec = specOf(fmt::format("http://127.0.0.1:{}/metrics", port));
        const QString trouble = exporter.whenUp(spec);
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        const Scrape scrape = targets::scrapeOnce(spec, peers::mappings());
        QVERIFY2(scrape.note.find("samples of series that had one") != std::string::npos,
                 scrape.note.c_str());
        QVERIFY(std::isnan(scrape.pools.at(0).figures[targets::Figure::Max]));
    }

    // As Debian has it, it does not outlive its start on a PgBouncer of today.
    void anExporterThatDiesIsAway()
    {
        support::PgBouncer bouncer(*m_server, "appdb = SERVER dbname=appdb");
        QVERIFY2(bouncer.start(), "pgbouncer is missing");
        QTRY_VERIFY_WITH_TIMEOUT(
            session(fmt::format("host=127.0.0.1 port={} user=app dbname=appdb", bouncer.port())), kPatience);
        const std::uint16_t port = peers::freePort();
        Program exporter(peers::bouncerExporter(port, bouncer.port()));
        QVERIFY(exporter.ends(kPatience));
        QVERIFY2(exporter.said().contains("KeyError: 'total_requests'"), exporter.said().constData());
        const Scrape scrape =
            targets::scrapeOnce(specOf(fmt::format("http://127.0.0.1:{}/metrics", port)), {});
        QVERIFY2(scrape.error.find("onnect") != std::string::npos, scrape.error.c_str());
    }

    // No pool, and everything it says is there: NaN as NaN, figures as the server has them.
    void postgresExporterIsReadWhole()
    {
        const std::uint16_t port = peers::freePort();
        Program exporter(peers::postgresExporter(port, *m_server));
        const targets::TargetSpec spec = specOf(fmt::format("http://127.0.0.1:{}/metrics", port));
        const QString trouble =
            exporter.whenUp(spec, [](const Scrape& page) { return sampleOf(page, "pg_up") == 1; });
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        const Scrape scrape = targets::scrapeOnce(spec, peers::mappings());
        QVERIFY(scrape.pools.empty());
        QCOMPARE(scrape.note, std::string());
        QCOMPARE(sampleOf(scrape, "pg_settings_max_connections"), 100.0);
        QVERIFY(std::ranges::any_of(scrape.samples, [](const targets::PageSample& sample) {
            return std::isnan(sample.value) &&
                   series::labelValue(sample.labels, "__name__").starts_with("pg_");
        }));
        const auto sleeper = session(m_server->dsn());
        QVERIFY(sleeper && sleeper->execute("begin"));
        QTRY_COMPARE_WITH_TIMEOUT(sampleOf(targets::scrapeOnce(spec, {}), "pg_stat_activity_count",
                                           "datname=\"postgres\", server=\"" + serverLabel(scrape) +
                                               "\", state=\"idle in transaction\""),
                                  1.0, kPatience);
    }

private:
    static QString differencesOf(const Scrape& scrape, const char* source, const Truth& truth,
                                 const QString& known)
    {
        if (scrape.pools.size() != 1 || scrape.pools[0].source != source ||
            scrape.pools[0].figures.pool != "appdb") {
            return QString::fromStdString(fmt::format("{} {} pools", scrape.error, scrape.pools.size()));
        }
        return peers::differences(scrape.pools[0].figures, truth, known);
    }
    static std::string serverLabel(const Scrape& scrape)
    {
        const auto found = std::ranges::find_if(scrape.samples, [](const targets::PageSample& sample) {
            return series::labelValue(sample.labels, "__name__") == "pg_settings_max_connections";
        });
        return found == scrape.samples.end() ? std::string()
                                             : std::string(series::labelValue(found->labels, "server"));
    }
};

QTEST_GUILESS_MAIN(PeersTest)
#include "tst_peers.moc"

// The peers whose languages are large to install: HikariCP in Java, pgx and database/sql in Go. Loaded to the
// last lease with callers who wait until their time is over, and asked under every name their exporters have.
#include "tests/targets/peers/cast.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using peers::Peer;
using peers::Truth;

namespace {

constexpr int kPatience = 60'000;

} // namespace

class CompiledPeersTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;
    QTemporaryDir m_folder;

    // "" when the page of `path` says what is true.
    static QString wrongWith(const Peer& peer, const QString& path, const QString& title,
                             const QString& known)
    {
        const auto scrape = targets::scrapeOnce(peer.spec(path.toStdString()), peers::mappings());
        if (scrape.pools.size() != 1 || scrape.pools[0].source != title.toStdString() ||
            scrape.pools[0].figures.pool != "orders" || !scrape.note.empty()) {
            return QString::fromStdString(scrape.error + scrape.note +
                                          " pools: " + std::to_string(scrape.pools.size()));
        }
        return peers::differences(scrape.pools[0].figures, peer.truth(), known);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        support::PgServerOptions options;
        options.listens = support::Listens::Loopback; // for JDBC, which knows no Unix sockets
        m_server = std::make_unique<support::PgServer>(options);
        QVERIFY2(m_server->ok(), m_server->error());
        const QString trouble = peers::buildCompiled(m_folder.path());
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    }

    void aLoadedPoolIsSeenAsItIs_data()
    {
        QTest::addColumn<QString>("peer");
        QTest::addColumn<QStringList>("paths");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("known");
        QTest::addColumn<int>("most");
        const QString hikari = "size in_use idle waiting max wait_seconds waits use_seconds uses "
                               "create_seconds creates timeouts";
        QTest::newRow("HikariCP by Micrometer")
            << "hikari" << QStringList{"/actuator/prometheus"} << "HikariCP (Micrometer)" << hikari << 4;
        QTest::newRow("HikariCP by its own collector")
            << "hikari" << QStringList{"/metrics"} << "HikariCP (own collector)" << hikari << 4;
        QTest::newRow("pgxpool") << "pgx" << QStringList{"/pgxpool", "/pgxpool_connections"} << "pgxpool (Go)"
                                 << "size in_use idle max wait_seconds waits timeouts" << 4;
        QTest::newRow("database/sql") << "sql" << QStringList{"/sql"} << "database/sql (Go)"
                                      << "size in_use idle max wait_seconds waits" << 3;
    }
    void aLoadedPoolIsSeenAsItIs()
    {
        QFETCH(QString, peer);
        QFETCH(QStringList, paths);
        QFETCH(QString, title);
        QFETCH(QString, known);
        QFETCH(int, most);
        const Peer pool(peers::compiledPeer(peer, m_folder.path(), *m_server));
        QVERIFY2(pool.trouble().isEmpty(), qPrintable(pool.trouble()));
        QString wrong;
        const auto agrees = [&] {
            wrong.clear();
            for (const QString& path : paths) {
                wrong += wrongWith(pool, path, title, known);
            }
            return wrong.isEmpty();
        };
        pool.hold(most - 1); // one is left, or not yet made
        QTRY_COMPARE_WITH_TIMEOUT(pool.truth()["in_use"], most - 1.0, kPatience);
        QVERIFY2(QTest::qWaitFor([&] { return agrees(); }, kPatience), qPrintable(wrong));
        pool.hold(6);
        QTRY_COMPARE_WITH_TIMEOUT(pool.truth()["waiting"], 5.0, kPatience);
        QVERIFY2(QTest::qWaitFor([&] { return agrees(); }, kPatience), qPrintable(wrong));
        QCOMPARE(pool.truth()["waiting"], 5.0); // so it was with waiters that they agreed
        QCOMPARE(pool.truth()["in_use"], double(most));
        QTRY_COMPARE_WITH_TIMEOUT(pool.truth()["timeouts"], 5.0, kPatience); // after 12 s
        QVERIFY2(QTest::qWaitFor([&] { return agrees(); }, kPatience), qPrintable(wrong));
        pool.release();
        QTRY_COMPARE_WITH_TIMEOUT(pool.truth()["in_use"], 0.0, kPatience);
        QVERIFY2(QTest::qWaitFor([&] { return agrees(); }, kPatience), qPrintable(wrong));
    }
};

QTEST_GUILESS_MAIN(CompiledPeersTest)
#include "tst_peers_compiled.moc"

// A real PgBouncer's admin console with waiting clients, and its answers by themselves, of every version.
#include "monitor/pg/connection.h"
#include "monitor/series/label_ops.h"
#include "monitor/targets/pgbouncer_console.h"
#include "monitor/targets/scraper.h"
#include "tests/support/pg_bouncer.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

#include <fmt/format.h>

using namespace std::chrono_literals;
using targets::ConsoleTable;
using targets::Figure;

namespace {

const std::vector<targets::Mapping>& mappings()
{
    static const targets::MappingCatalog all = targets::loadMappings({});
    return all.mappings;
}

double valueOf(const targets::Page& page, const std::string& series)
{
    const auto found = std::find_if(page.samples.begin(), page.samples.end(), [&](const targets::PageSample& sample) {
        return series::labelsText(sample.labels) == series;
    });
    return found == page.samples.end() ? -1 : found->value;
}

} // namespace

class PgBouncerTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;
    std::unique_ptr<support::PgBouncer> m_bouncer;

    targets::TargetSpec spec(const char* user) const
    {
        targets::TargetSpec spec;
        spec.url = fmt::format("pgbouncer://{}@127.0.0.1:{}", user, m_bouncer->port());
        spec.interval = 1s;
        spec.timeout = 1s;
        auto sound = targets::soundSpec(spec);
        return sound ? *sound : targets::TargetSpec{};
    }
    std::jthread client() const
    {
        return std::jthread([port = m_bouncer->port()] {
            const auto info = pg::ConnInfo::parse(fmt::format("host=127.0.0.1 port={} user=app dbname=appdb", port));
            auto session = pg::Connection::open(*info, pg::Deadline::in(20s));
            if (session) {
                static_cast<void>((*session)->execute("select pg_sleep(3)", {}, pg::Deadline::in(30s)).has_value());
            }
        });
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        m_server = std::make_unique<support::PgServer>();
        QVERIFY2(m_server->ok(), m_server->error());
        m_bouncer = std::make_unique<support::PgBouncer>(
            *m_server, "appdb = SERVER dbname=postgres\nappdb_ro = SERVER dbname=postgres pool_size=7");
        QVERIFY2(m_bouncer->start(), "pgbouncer is missing");
        QTRY_VERIFY_WITH_TIMEOUT(targets::scrapeOnce(spec("watcher"), {}).error.empty(), 20'000);
    }
    void waitingClientsAreSeen()
    {
        targets::Scraper scraper({mappings()});
        scraper.setTargets({spec("watcher")});
        std::vector<std::jthread> clients;
        for (int i = 0; i < 8; ++i) {
            clients.push_back(client());
        }
        const auto pool = [&]() -> targets::PoolFigures {
            const auto view = scraper.views().front();
            for (const targets::ScrapedPool& found : view.lastGood ? view.lastGood->pools : std::vector<targets::ScrapedPool>()) {
                if (found.figures.pool == "appdb") {
                    return found.figures;
                }
            }
            return {};
        };
        const auto isFull = [&] { // of one look: its connections come up, and are passed on, while we look
            const targets::PoolFigures seen = pool();
            return seen[Figure::Waiting] == 5.0 && seen[Figure::InUse] == 3.0 && seen[Figure::Max] == 3.0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isFull(), 20'000);
        clients.clear();
        QTRY_COMPARE_WITH_TIMEOUT(pool()[Figure::Waiting], 0.0, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(pool()[Figure::WaitSeconds] > 1, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(pool()[Figure::Waits] >= 8, 20'000);
    }

    void aLimitIsNamedWhereItIsReached()
    {
        targets::TargetSpec few = spec("watcher");
        few.maxSeries = 3;
        const targets::Scrape scrape = targets::scrapeOnce(few, mappings());
        QCOMPARE(scrape.samples.size(), std::size_t(3));
        QCOMPARE(scrape.note, std::string("only its first 3 series are read (max_series)"));
    }

    void whoMayNotLookIsToldSo()
    {
        const targets::Scrape scrape = targets::scrapeOnce(spec("app"), {});
        QVERIFY2(scrape.error.find("not allowed") != std::string::npos, scrape.error.c_str());
    }

    void aConsoleThatComesBackIsAskedAgain()
    {
        targets::Scraper scraper({mappings()});
        scraper.setTargets({spec("watcher")});
        QTRY_VERIFY_WITH_TIMEOUT(scraper.views().front().goodNumber > 0, 20'000);
        m_bouncer->stop();
        QTRY_VERIFY_WITH_TIMEOUT(!scraper.views().front().latest->error.empty(), 20'000);
        QVERIFY(m_bouncer->start());
        QTRY_VERIFY_WITH_TIMEOUT(scraper.views().front().latest->error.empty(), 20'000);
    }

    void answersAreReadByNameWhateverTheVersion()
    {
        targets::ConsoleTables tables;
        tables.pools = {{"user", "database", "cl_waiting", "maxwait", "maxwait_us", "news_of_2030"},
                        {{"app", "appdb", "5", "2", "330726", "x"}, {"app", "appdb", "9", "", "", ""}, {"cut"}}};
        tables.stats = {{"database", "total_wait_time"}, {{"appdb", "23859294.5"}, {"other", "many"}}};
        tables.databases = {{"name", "database", "pool_size"}, {{"a", "appdb", "3"}, {"b", "appdb", "4"}}};
        const targets::Page page = targets::pageOf(tables);
        QCOMPARE(valueOf(page, "pgbouncer_pools_client_waiting_connections{database=\"appdb\", user=\"app\"}"), 5.0);
        QCOMPARE(valueOf(page, "pgbouncer_pools_client_maxwait_seconds{database=\"appdb\", user=\"app\"}"), 2.330726);
        QCOMPARE(valueOf(page, "pgbouncer_stats_totals_client_wait_seconds_total{database=\"appdb\"}"), 23.8592945);
        QCOMPARE(valueOf(page, "pgbouncer_stats_totals_client_wait_seconds_total{database=\"other\"}"), -1.0);
        QCOMPARE(valueOf(page, "pgbouncer_databases_pool_size{database=\"appdb\", name=\"b\"}"), 4.0);
        QCOMPARE(page.faults.duplicates, std::size_t(1));
        QCOMPARE(targets::pageOf({}).samples.size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(PgBouncerTest)
#include "tst_pgbouncer.moc"

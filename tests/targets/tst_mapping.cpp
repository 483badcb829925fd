// Other people's pages in our vocabulary: what each source tells, and that what it cannot tell stays unknown.
#include "monitor/series/label_ops.h"
#include "monitor/targets/mapping_catalog.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>

using targets::Figure;
using targets::Page;

namespace {

Page pageOf(const QString& fixture)
{
    QFile file(QStringLiteral(SOURCE_FIXTURES "/") + fixture);
    if (!file.open(QFile::ReadOnly)) {
        return {};
    }
    return targets::parsePage(file.readAll().toStdString(), targets::TextFormat::Text);
}

const targets::MappingCatalog& catalog()
{
    static const targets::MappingCatalog all = targets::loadMappings({});
    return all;
}

// What each fixture tells (fixtures/README.md: whose code prints them so).
struct Told {
    const char* fixture;
    const char* mapping;
    const char* pool;
    const char* figures;
};
constexpr std::array kTold{
    Told{"reference_example", "reference_example", "",
         "size 18 in_use 18 idle 0 max 30 use_seconds 51.5 uses 102 creates 19"},
    Told{"reference_example_idle", "reference_example", "",
         "size 1 in_use 1 idle 0 max 30 use_seconds 51.5 uses 102 creates 19"},
    Told{"poolscope", "poolscope", "",
         "size 10 in_use 6 idle 4 waiting 0 max 30 wait_seconds 0.5 waits 100 timeouts 2 errors 0"},
    Told{"hikaricp_micrometer", "hikaricp_micrometer", "HikariPool-1",
         "size 10 in_use 7 idle 3 waiting 2 max 10 wait_seconds 12.5 waits 1000 use_seconds 80.25 uses 998 "
         "create_seconds 0.5 creates 10 timeouts 4"},
    Told{"hikaricp_prometheus", "hikaricp_prometheus", "main",
         "size 5 in_use 1 idle 4 waiting 0 max 20 wait_seconds 2.5 waits 50 use_seconds 1.5 uses 50 "
         "create_seconds 0.25 creates 5 timeouts 0"},
    Told{"pgxpool_ns", "pgxpool", "orders",
         "size 4 in_use 3 idle 1 max 4 wait_seconds 0.34 waits 17 creates 6 timeouts 2"},
    Told{"pgxpool_otel", "pgxpool", "orders",
         "size 4 in_use 3 idle 1 max 4 wait_seconds 0.34 waits 17 creates 6 timeouts 2"},
    Told{"pgxpool_underscore", "pgxpool", "orders", "size 4 in_use 3 idle 1 max 4 creates 6 timeouts 2"},
    Told{"pgbouncer_exporter", "pgbouncer_exporter", "appdb",
         "size 7 in_use 4 idle 2 waiting 5 max 6 wait_seconds 23.8593 waits 80 use_seconds 37.319 uses 80"},
    Told{"pgbouncer_exporter_python", "pgbouncer_exporter_python", "appdb",
         "waiting 5 max 3 use_seconds 38.9224"},
    Told{"pgagroal", "pgagroal", "",
         "size 9 in_use 4 idle 5 waiting 3 max 100 use_seconds 61 uses 30 timeouts 2 errors 1"},
    Told{"go_sql", "go_sql", "cds", "size 12 in_use 9 idle 3 max 25 wait_seconds 5.5 waits 44"},
    Told{"sqlalchemy", "sqlalchemy", "", "size 3 in_use 2 idle 1"},
    Told{"sqlalchemy_connections", "sqlalchemy", "", "size 5 in_use 2 idle 3"},
    Told{"opentelemetry", "opentelemetry", "orders",
         "size 8 in_use 6 idle 2 waiting 1 max 10 wait_seconds 1.5 waits 90 use_seconds 22 uses 88 "
         "create_seconds 0.24 creates 8 timeouts 3"},
    Told{"opentelemetry_old", "opentelemetry_old", "orders",
         "size 8 in_use 6 idle 2 waiting 1 max 10 wait_seconds 1.5 waits 90 use_seconds 22 uses 88 "
         "create_seconds 0.24 creates 8 timeouts 3"},
    Told{"opentelemetry_npgsql", "opentelemetry", "shop",
         "size 13 in_use 12 idle 1 waiting 2 max 100 create_seconds 0.375 creates 12 timeouts 5"},
    Told{"opentelemetry_npgsql_old", "opentelemetry_old", "Host=db;Database=shop",
         "size 12 in_use 12 idle 0 waiting 2 max 100 create_seconds 0.375 creates 12"},
    Told{"opentelemetry_python", "opentelemetry_old", "postgresql+psycopg2://db:5432/shop",
         "size 10 in_use 7 idle 3"},
    Told{"druid_jmx", "druid_jmx", "1234",
         "size 8 in_use 5 idle 3 waiting 0 max 20 wait_seconds 0.35 waits 7 create_seconds 0.24 creates 8 "
         "errors 1"},
    Told{"druid_jmx_small", "druid_jmx", "1234",
         "size 8 in_use 5 idle 3 waiting 0 max 20 wait_seconds 0.35 waits 7 create_seconds 0.24 creates 8 "
         "errors 1"},
};

QStringList fixtures()
{
    return QDir(QStringLiteral(SOURCE_FIXTURES)).entryList({"*.txt"}, QDir::Files, QDir::Name);
}

std::string_view nameOf(const targets::PageSample& sample)
{
    return series::labelValue(sample.labels, "__name__");
}

template <typename Unwanted>
Page without(Page page, const Unwanted& unwanted)
{
    std::erase_if(page.samples, unwanted);
    return page;
}

// By pool, whichever mapping told it.
using FiguresByPool = std::map<std::string, targets::PoolFigures>;

FiguresByPool figuresOf(const Page& page)
{
    FiguresByPool all;
    for (const auto& found : targets::recognise(catalog().mappings, page)) {
        for (const targets::PoolFigures& pool : found.pools) {
            all.emplace(pool.pool, pool);
        }
    }
    return all;
}

// How many figures became unknown; fails where one became another number, or came from nowhere.
std::size_t lostOf(const FiguresByPool& told, const FiguresByPool& now, const std::string& missing)
{
    std::size_t lost = 0;
    for (const auto& [name, pool] : told) {
        const auto left = now.find(name);
        for (std::size_t i = 0; i < targets::kFigures; ++i) {
            const double before = pool.values[i];
            const double after = left == now.end() ? std::nan("") : left->second.values[i];
            lost += !std::isnan(before) && std::isnan(after) ? 1 : 0;
            if (!std::isnan(after) && after != before) {
                QTest::qFail(qPrintable(QString::fromStdString(
                                 fmt::format("without {}: {} of \"{}\" is {} instead of {}", missing,
                                             targets::nameOf(static_cast<Figure>(i)), name, after, before))),
                             __FILE__, __LINE__);
            }
        }
    }
    return lost;
}

// "size 10 in_use 7 …": the known figures only.
QString known(const targets::PoolFigures& pool)
{
    QStringList words;
    for (std::size_t i = 0; i < targets::kFigures; ++i) {
        if (!std::isnan(pool.values[i])) {
            words << QString::fromStdString(
                fmt::format("{} {:g}", targets::nameOf(static_cast<Figure>(i)), pool.values[i]));
        }
    }
    return words.join(' ');
}

} // namespace

Q_DECLARE_METATYPE(Told)

class MappingTest : public QObject {
    Q_OBJECT

    static void eachFixture()
    {
        QTest::addColumn<QString>("fixture");
        for (const QString& fixture : fixtures()) {
            QTest::newRow(qPrintable(fixture)) << fixture;
        }
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void everyMappingOfOursIsSound()
    {
        QVERIFY2(catalog().problems.empty(),
                 catalog().problems.empty() ? "" : catalog().problems.front().c_str());
        QCOMPARE(catalog().mappings.size(), std::size_t(13));
    }

    void sourcesAreRecognisedAndMapped_data()
    {
        QTest::addColumn<Told>("told");
        for (const Told& told : kTold) {
            QTest::newRow(told.fixture) << told;
        }
    }
    void sourcesAreRecognisedAndMapped()
    {
        QFETCH(Told, told);
        const Page page = pageOf(QString::fromLatin1(told.fixture) + ".txt");
        QVERIFY(!page.samples.empty());
        const auto found = targets::recognise(catalog().mappings, page);
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found.front().mapping->name, std::string(told.mapping));
        QVERIFY(!found.front().pools.empty());
        QCOMPARE(found.front().pools.front().pool, std::string(told.pool));
        QCOMPARE(known(found.front().pools.front()), QString(told.figures));
    }

    void everyFixtureHasItsRow()
    {
        QStringList rows{"postgres_exporter.txt"}; // no pool: whatNobodyKnowsIsNoPool
        for (const Told& told : kTold) {
            rows << QString(told.fixture) + ".txt";
        }
        rows.sort();
        QCOMPARE(fixtures(), rows);
    }

    // What a page does not tell is unknown: each of its metrics taken away, no figure becomes another number.
    void aMissingMetricIsUnknownAndNothingElse_data() { eachFixture(); }
    void aMissingMetricIsUnknownAndNothingElse()
    {
        QFETCH(QString, fixture);
        const Page whole = pageOf(fixture);
        const FiguresByPool told = figuresOf(whole);
        std::set<std::string> names;
        for (const targets::PageSample& sample : whole.samples) {
            names.emplace(nameOf(sample));
        }
        std::size_t lost = 0;
        for (const std::string& name : names) {
            const Page page = without(whole, [&](const targets::PageSample& s) { return nameOf(s) == name; });
            lost += lostOf(told, figuresOf(page), name);
        }
        QVERIFY2(told.empty() || lost > 0, "no metric of the page mattered");
    }

    // The same with one series at a time. The users of PgBouncer's database are added up: one fewer is
    // another sum.
    void aMissingSeriesIsUnknownAndNothingElse_data() { eachFixture(); }
    void aMissingSeriesIsUnknownAndNothingElse()
    {
        QFETCH(QString, fixture);
        const Page whole = pageOf(fixture);
        const FiguresByPool told = figuresOf(whole);
        const bool addsUp = fixture.startsWith("pgbouncer_exporter");
        for (std::size_t i = 0; !addsUp && i < whole.samples.size(); ++i) {
            Page page = whole;
            page.samples.erase(page.samples.begin() + static_cast<std::ptrdiff_t>(i));
            lostOf(told, figuresOf(page), fmt::format("sample {}, {}", i, nameOf(whole.samples[i])));
        }
    }

    void aLimitOfNoneIsUnknown()
    {
        const auto found = targets::recognise(catalog().mappings, pageOf("go_sql.txt"));
        QCOMPARE(found.front().pools.size(), std::size_t(2));
        QCOMPARE(found.front().pools[1].pool, std::string("unbound"));
        QVERIFY(std::isnan(found.front().pools[1][Figure::Max]));
    }

    void whatNobodyKnowsIsNoPool()
    {
        QVERIFY(targets::recognise(catalog().mappings, pageOf("postgres_exporter.txt")).empty());
    }

    void nanIsUnknown()
    {
        const Page page = targets::parsePage("hikaricp_connections_active{pool=\"a\"} NaN\n"
                                             "hikaricp_connections_active{pool=\"b\"} 1\n"
                                             "hikaricp_connections_idle{pool=\"a\"} 2\n",
                                             targets::TextFormat::Text);
        const auto found = targets::recognise(catalog().mappings, page);
        QCOMPARE(known(found.front().pools[0]), QString("idle 2"));
        QCOMPARE(known(found.front().pools[1]), QString("in_use 1"));
    }

    void whatIsToldTwiceAndDifferentlyIsUnknown()
    {
        const Page page = targets::parsePage("pgbouncer_waiting_clients{database=\"a\",user=\"u\"} 5\n"
                                             "pgbouncer_waiting_clients{database=\"b\",user=\"u\"} 6\n"
                                             "pgbouncer_waiting_clients{database=\"b\",user=\"u\"} NaN\n"
                                             "pgbouncer_pool_size{database=\"a\"} 3\n"
                                             "pgbouncer_pool_size{database=\"a\"} 7\n"
                                             "pgbouncer_pool_size{database=\"a\"} 3\n"
                                             "pgbouncer_pool_size{database=\"b\"} 4\n"
                                             "pgbouncer_pool_size{database=\"b\"} 4\n"
                                             "pgbouncer_query_microseconds_total{database=\"a\"} NaN\n"
                                             "pgbouncer_query_microseconds_total{database=\"a\"} NaN\n",
                                             targets::TextFormat::Text);
        QCOMPARE(page.faults.duplicates, std::size_t(5));
        const auto found = targets::recognise(catalog().mappings, page);
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(known(found.front().pools.at(0)), QString("waiting 5"));
        QVERIFY(found.front().pools.size() == 1 || !known(found.front().pools[1]).contains("waiting"));
    }

    void twoKindsOfPoolOnOnePageAreBothSeen()
    {
        Page page = pageOf("go_sql.txt");
        const Page more = pageOf("pgxpool_ns.txt");
        page.samples.insert(page.samples.end(), more.samples.begin(), more.samples.end());
        QCOMPARE(targets::recognise(catalog().mappings, page).size(), std::size_t(2));
    }

    void aPoolToldTwiceIsOnePool()
    {
        Page page = pageOf("pgxpool_ns.txt");
        const Page more = targets::parsePage("go_sql_in_use_connections{db_name=\"orders\"} 99\n",
                                             targets::TextFormat::Text);
        page.samples.insert(page.samples.end(), more.samples.begin(), more.samples.end());
        const auto found = targets::recognise(catalog().mappings, page);
        QCOMPARE(found.size(), std::size_t(2));
        QVERIFY(found[1].pools.empty());
    }

    void theUsersMappingsComeFirst()
    {
        QTemporaryDir folder;
        QFile own(folder.filePath("own.yml"));
        QVERIFY(own.open(QFile::WriteOnly));
        own.write(
            "name: go_sql\nwhen: go_sql_in_use_connections\npool: [db_name]\nfigures: {in_use: vector(7)}\n");
        own.close();
        QFile broken(folder.filePath("broken.yml"));
        QVERIFY(broken.open(QFile::WriteOnly));
        broken.write("name: x\nwhen: sum(\nfigures: {in_use: a}\n");
        broken.close();
        const auto mine = targets::loadMappings(folder.path().toStdString());
        QCOMPARE(mine.mappings.size(), std::size_t(13));
        QCOMPARE(mine.problems.size(), std::size_t(1));
        QVERIFY2(mine.problems.front().starts_with("broken.yml:2: when: "), mine.problems.front().c_str());
        const auto found = targets::recognise(mine.mappings, pageOf("go_sql.txt"));
        QCOMPARE(known(found.front().pools.front()), QString("in_use 7"));
    }

    void twoOfTheUsersOwnOfOneNameAreSaid()
    {
        QTemporaryDir folder;
        for (const char* file : {"a.yml", "b.yml"}) {
            QFile own(folder.filePath(file));
            QVERIFY(own.open(QFile::WriteOnly));
            own.write("name: mine\nwhen: a\nfigures: {in_use: a}\n");
        }
        const auto mine = targets::loadMappings(folder.path().toStdString());
        QCOMPARE(mine.problems,
                 std::vector<std::string>{
                     "b.yml: \"mine\" is another file's name already: this one does not count"});
        QCOMPARE(mine.mappings.size(), catalog().mappings.size() + 1);
    }

    void aBrokenFileTakesNothingFromTheShippedOne()
    {
        QTemporaryDir folder;
        QFile own(folder.filePath("go_sql.yml"));
        QVERIFY(own.open(QFile::WriteOnly));
        own.write("name: go_sql\nwhen: go_sql_in_use_connections\nfigures:\n  in_use: sum(\n");
        own.close();
        const auto mine = targets::loadMappings(folder.path().toStdString());
        QCOMPARE(mine.problems.size(), std::size_t(1));
        QVERIFY2(mine.problems.front().starts_with("go_sql.yml:4: in_use: "), mine.problems.front().c_str());
        const auto found = targets::recognise(mine.mappings, pageOf("go_sql.txt"));
        QCOMPARE(known(found.front().pools.front()),
                 QString("size 12 in_use 9 idle 3 max 25 wait_seconds 5.5 waits 44"));
    }

    void badMappingsAreRefusedWithTheirLine_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const QByteArray& yaml, const char* reason) {
            QTest::newRow(name) << yaml << QString(reason);
        };
        row("empty", "", "a mapping is expected");
        row("a list", "- a", "a mapping is expected");
        row("not YAML", "a: [", "m.yml:");
        row("no figures", "name: a\nwhen: b\n", "needed");
        row("unknown figure", "name: a\nwhen: b\nfigures:\n  speed: c\n",
            "m.yml:4: there is no figure \"speed\"");
        row("unknown key", "name: a\nwho: b\n", "m.yml:2: unknown key \"who\"");
        row("a name that is none", "name: A b\n", "small letters");
        row("no label", "name: a\npool: [1x]\n", "labels");
        row("no expression", "name: a\nwhen: 'b{'\n", "m.yml:2: when: ");
        row("too large", QByteArray(70'000, '#'), "64 KiB");
        row("an alias bomb", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "unknown key");
    }
    void badMappingsAreRefusedWithTheirLine()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, reason);
        const auto parsed = targets::parseMapping(yaml.toStdString(), "m.yml");
        QVERIFY(!parsed);
        QVERIFY2(QString::fromStdString(parsed.error().message).contains(reason),
                 parsed.error().message.c_str());
    }

    void aPageOfManyPoolsIsLimited()
    {
        std::string text;
        for (int i = 0; i < 300; ++i) {
            text += fmt::format("hikaricp_connections_active{{pool=\"p{:03}\"}} 1\n", i);
        }
        const auto found =
            targets::recognise(catalog().mappings, targets::parsePage(text, targets::TextFormat::Text));
        QCOMPARE(found.front().pools.size(), targets::kMostPools);
        QCOMPARE(found.front().pools.back().pool, std::string("p199"));
    }

    void figuresHaveNamesAndMetrics()
    {
        for (std::size_t i = 0; i < targets::kFigures; ++i) {
            const auto figure = static_cast<Figure>(i);
            QVERIFY(targets::figureNamed(targets::nameOf(figure)) == figure);
            QVERIFY(targets::defOf(figure).name.starts_with("target_pool_"));
        }
        QVERIFY(!targets::figureNamed("speed"));
    }
};

QTEST_GUILESS_MAIN(MappingTest)
#include "tst_mapping.moc"

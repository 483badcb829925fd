// Targets fetched over real sockets: what is sent to them, what is refused from them, and that none waits for
// another.
#include "monitor/series/label_ops.h"
#include "monitor/targets/scraper.h"
#include "tests/support/http_catcher.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <string>

using namespace std::chrono_literals;
using support::CatcherAnswer;
using support::HttpCatcher;
using targets::Scrape;
using targets::Scraper;
using targets::TargetSpec;

namespace {

const std::vector<targets::Mapping>& mappings()
{
    static const targets::MappingCatalog all = targets::loadMappings({});
    return all.mappings;
}

std::string hikari(int active)
{
    return "hikaricp_connections_active{pool=\"main\"} " + std::to_string(active) +
           "\nhikaricp_connections_max{pool=\"main\"} 10\nsomething_else{target=\"theirs\",x=\"1\"} 7\n";
}

CatcherAnswer page(std::string body, std::string headers = {})
{
    CatcherAnswer answer;
    answer.headers = std::move(headers);
    answer.body = std::move(body);
    return answer;
}

TargetSpec specFor(std::string url, std::string name = "t")
{
    TargetSpec spec;
    spec.url = std::move(url);
    spec.name = std::move(name);
    spec.interval = 1s;
    spec.timeout = 1s;
    return spec;
}

const targets::TargetView* viewOf(const std::vector<targets::TargetView>& views, const std::string& name)
{
    const auto found =
        std::find_if(views.begin(), views.end(), [&](const auto& view) { return view.spec->name == name; });
    return found == views.end() ? nullptr : &*found;
}

} // namespace

class ScraperTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string fileWith(const QString& name, const QByteArray& text)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QFile::WriteOnly | QFile::Truncate)) {
            qFatal("cannot write");
        }
        file.write(text);
        return file.fileName().toStdString();
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void aPageIsFetchedReadAndMapped()
    {
        HttpCatcher server;
        server.answer(
            [](std::size_t) { return page(hikari(7), "Content-Type: text/plain; version=0.0.4\r\n"); });
        const Scrape scrape = targets::scrapeOnce(specFor(server.url("/metrics")), mappings());
        QCOMPARE(scrape.error, std::string());
        QCOMPARE(scrape.samples.size(), std::size_t(3));
        QCOMPARE(scrape.pools.size(), std::size_t(1));
        QCOMPARE(scrape.pools[0].figures[targets::Figure::InUse], 7.0);
        QCOMPARE(scrape.pools[0].source, std::string("HikariCP (Micrometer)"));
        const auto request = server.requests().at(0);
        QCOMPARE(request.path, std::string("/metrics"));
        QVERIFY(request.headers.at("accept").starts_with("application/openmetrics-text"));
        QVERIFY(!request.headers.contains("authorization"));
    }

    void aFederationIsAPoolAnInstance()
    {
        HttpCatcher server;
        server.answer([](std::size_t) {
            const auto hikariAt = [](const char* name, const char* labels, int value) {
                return std::string("hikaricp_connections_") + name + '{' + labels + "} " +
                       std::to_string(value) + " 1764200000000\n";
            };
            return page(
                hikariAt("active", "instance=\"a:1\",job=\"shop\",pool=\"main\"", 7) +
                    hikariAt("max", "instance=\"a:1\",job=\"shop\",pool=\"main\"", 10) +
                    hikariAt("active", "instance=\"b:1\",job=\"shop\",pool=\"main\"", 3) +
                    "go_sql_in_use_connections{instance=\"c:1\",job=\"shop\"} 2\nup{instance=\"d:1\"} 0\n"
                    "up{instance=\"a:1\"} 1\ngarbage{\n",
                "Content-Type: text/plain; version=0.0.4\r\n");
        });
        const Scrape scrape = targets::scrapeOnce(
            specFor(server.url("/federate?match%5B%5D=%7Bjob%3D%22shop%22%7D")), mappings());
        QCOMPARE(scrape.error, std::string());
        QCOMPARE(server.requests().at(0).path, std::string("/federate?match%5B%5D=%7Bjob%3D%22shop%22%7D"));
        QVERIFY(scrape.pools.size() >= 2);
        QCOMPARE(scrape.pools[0].figures.pool, std::string("a:1/main"));
        QCOMPARE(scrape.pools[0].figures[targets::Figure::InUse], 7.0);
        QCOMPARE(scrape.pools[0].figures[targets::Figure::Max], 10.0);
        QCOMPARE(scrape.pools[1].figures.pool, std::string("b:1/main"));
        QVERIFY(std::isnan(scrape.pools[1].figures[targets::Figure::Max])); // never another instance's
        QCOMPARE(scrape.sources.at(0), std::string("HikariCP (Micrometer)"));
        QCOMPARE(scrape.samples.size(), std::size_t(6));
        QVERIFY(
            scrape.note.starts_with("1 of 4 instances do not answer there: d:1; 1 lines are not understood"));
    }

    void jobsOfOneAddressAreKeptApart()
    {
        HttpCatcher server;
        server.answer([](std::size_t) {
            const auto active = [](const char* job, const char* instance, int value) {
                return std::string("hikaricp_connections_active{job=\"") + job + "\",instance=\"" + instance +
                       "\",pool=\"main\"} " + std::to_string(value) + '\n';
            };
            return page(active("shop", "a:1", 1) + active("bank", "a:1", 20) + active("shop", "b:1", 300) +
                        "up{job=\"bank\",instance=\"a:1\"} 0\n");
        });
        const Scrape scrape = targets::scrapeOnce(specFor(server.url("/federate?match[]=x")), mappings());
        QCOMPARE(scrape.pools.size(), std::size_t(3));
        const std::map<std::string, double> expected{
            {"bank/a:1/main", 20}, {"shop/a:1/main", 1}, {"b:1/main", 300}};
        std::map<std::string, double> seen;
        for (const auto& pool : scrape.pools) {
            seen.emplace(pool.figures.pool, pool.figures[targets::Figure::InUse]);
        }
        QVERIFY(seen == expected);
        QCOMPARE(scrape.note, std::string("1 of 3 instances do not answer there: bank/a:1"));
    }

    void aFederationIsBounded()
    {
        HttpCatcher server;
        std::string body;
        for (int i = 0; i < 600; ++i) {
            body += "hikaricp_connections_active{instance=\"i" + std::to_string(i) + "\"} 1\n";
        }
        server.answerTo([&](const support::CaughtRequest& request) {
            return page(request.path.ends_with("none") ? std::string() : body);
        });
        const Scrape many = targets::scrapeOnce(specFor(server.url("/federate?match[]=x")), mappings());
        QCOMPARE(many.pools.size(), std::size_t(500));
        QCOMPARE(many.samples.size(), std::size_t(500));
        QCOMPARE(many.note, std::string("more than 500 instances: the others are left out"));
        const Scrape none = targets::scrapeOnce(specFor(server.url("/federate?match[]=none")), mappings());
        QCOMPARE(none.error, std::string("nothing there is selected by its match"));
    }

    void credentialsAreReadFromTheirFilesEachTime()
    {
        HttpCatcher server;
        server.answer([](std::size_t) { return page("a 1\n"); });
        TargetSpec basic = specFor(server.url());
        basic.user = "monitor";
        basic.passwordFile = fileWith("password", "kanarienvogel\n");
        QCOMPARE(targets::scrapeOnce(basic, {}).error, std::string());
        QCOMPARE(server.requests().at(0).headers.at("authorization"),
                 "Basic " + QByteArray("monitor:kanarienvogel").toBase64().toStdString());
        TargetSpec bearer = specFor(server.url());
        bearer.bearerFile = fileWith("token", "first");
        QCOMPARE(targets::scrapeOnce(bearer, {}).error, std::string());
        bearer.bearerFile = fileWith("token", "second\n");
        QCOMPARE(targets::scrapeOnce(bearer, {}).error, std::string());
        QCOMPARE(server.requests().at(1).headers.at("authorization"), std::string("Bearer first"));
        QCOMPARE(server.requests().at(2).headers.at("authorization"), std::string("Bearer second"));
        bearer.bearerFile = m_folder.filePath("none").toStdString();
        QVERIFY(targets::scrapeOnce(bearer, {}).error.find("cannot be read") != std::string::npos);
        QCOMPARE(server.requests().size(), std::size_t(3)); // never without
    }

    void credentialsDoNotFollowARedirectionElsewhere_data()
    {
        QTest::addColumn<bool>("bearer");
        QTest::newRow("basic") << false;
        QTest::newRow("bearer") << true;
    }
    void credentialsDoNotFollowARedirectionElsewhere()
    {
        QFETCH(bool, bearer);
        HttpCatcher elsewhere;
        elsewhere.answer([](std::size_t) { return page("a 1\n"); });
        for (const std::string& host : {std::string("127.0.0.1"), std::string("localhost")}) {
            HttpCatcher server;
            const std::string there = "http://" + host + ':' + std::to_string(elsewhere.port()) + "/metrics";
            server.answer([&](std::size_t) {
                CatcherAnswer answer = page("", "Location: " + there + "\r\n");
                answer.status = 302;
                return answer;
            });
            TargetSpec spec = specFor(server.url());
            if (bearer) {
                spec.bearerFile = fileWith("token", "kanarienvogel");
            } else {
                spec.user = "monitor";
                spec.passwordFile = fileWith("password", "kanarienvogel");
            }
            QCOMPARE(targets::scrapeOnce(spec, {}).error, std::string());
            QVERIFY(server.requests().at(0).headers.contains("authorization"));
            QVERIFY(!elsewhere.requests().back().headers.contains("authorization"));
        }
        QCOMPARE(elsewhere.requests().size(), std::size_t(2));
    }

    void anEndlessRedirectionEnds()
    {
        HttpCatcher server;
        server.answer([&](std::size_t) {
            CatcherAnswer answer = page("", "Location: " + server.url("/again") + "\r\n");
            answer.status = 302;
            return answer;
        });
        QVERIFY(!targets::scrapeOnce(specFor(server.url()), {}).error.empty());
        QCOMPARE(server.requests().size(), std::size_t(4));
        server.answer([](std::size_t) {
            CatcherAnswer answer = page("", "Location: file:///etc/passwd\r\n");
            answer.status = 302;
            return answer;
        });
        QVERIFY(!targets::scrapeOnce(specFor(server.url()), {}).error.empty());
    }

    void packedAnswersAreUnpackedWithinTheLimit()
    {
        HttpCatcher server;
        const std::string packed =
            QByteArray::fromHex("1f8b08000000000002034b5430e4020036e71bbc04000000").toStdString();
        server.answer([&](std::size_t) { return page(packed, "Content-Encoding: gzip\r\n"); });
        TargetSpec spec = specFor(server.url());
        const Scrape scrape = targets::scrapeOnce(spec, {});
        QCOMPARE(scrape.error, std::string());
        QCOMPARE(scrape.samples.size(), std::size_t(1));
        spec.maxBytes = 3;
        QVERIFY(targets::scrapeOnce(spec, {}).error.find("more than 3 bytes") != std::string::npos);
    }

    void badAnswersAreToldAsWhatTheyAre_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("error");
        QTest::newRow("not found") << 404 << QByteArray("text/plain") << QByteArray("a 1\n") << "HTTP 404";
        QTest::newRow("unauthorised") << 401 << QByteArray("text/plain") << QByteArray() << "HTTP 401";
        QTest::newRow("a page for people")
            << 200 << QByteArray("text/html") << QByteArray("<html>\n<p>hi</p>") << "holds no metrics";
        QTest::newRow("nothing") << 200 << QByteArray("text/plain") << QByteArray() << "holds no metrics";
        QTest::newRow("cut off") << 200 << QByteArray("application/openmetrics-text; version=1.0.0")
                                 << QByteArray("a 1\n") << "cut off";
        QTest::newRow("too large") << 200 << QByteArray("text/plain") << QByteArray(5 << 20, 'a')
                                   << "more than";
    }
    void badAnswersAreToldAsWhatTheyAre()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(QString, error);
        HttpCatcher server;
        server.answer([&](std::size_t) {
            CatcherAnswer answer = page(body.toStdString(), "Content-Type: " + type.toStdString() + "\r\n");
            answer.status = status;
            return answer;
        });
        const Scrape scrape = targets::scrapeOnce(specFor(server.url()), mappings());
        QVERIFY2(QString::fromStdString(scrape.error).contains(error), scrape.error.c_str());
        QVERIFY(scrape.samples.empty());
    }

    void ownCertificateAuthoritiesAreTrustedOnlyWhenNamed()
    {
        QProcess made;
        made.setWorkingDirectory(m_folder.path());
        made.start("openssl", {"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                               "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                               "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"});
        QVERIFY(made.waitForFinished(20'000) && made.exitCode() == 0);
        fileWith("metrics", "a 1\n");
        QProcess server;
        server.setWorkingDirectory(m_folder.path());
        server.start("openssl",
                     {"s_server", "-accept", "localhost:0", "-cert", "cert.pem", "-key", "key.pem", "-WWW"});
        QString said;
        static const QRegularExpression accepts("ACCEPT .*:(\\d+)");
        QTRY_VERIFY_WITH_TIMEOUT((said += server.readAllStandardOutput()).contains(accepts), 10'000);
        TargetSpec spec =
            specFor("https://localhost:" + accepts.match(said).captured(1).toStdString() + "/metrics");
        spec.timeout = 10s;
        const std::string unknown = targets::scrapeOnce(spec, {}).error;
        QVERIFY2(unknown.find("certificate") != std::string::npos, unknown.c_str());
        spec.caFile = m_folder.filePath("cert.pem").toStdString();
        const Scrape scrape = targets::scrapeOnce(spec, {});
        QCOMPARE(scrape.error, std::string());
        QCOMPARE(scrape.samples.size(), std::size_t(1));
        server.kill();
        server.waitForFinished();
    }

    void targetsComeAndGo()
    {
        HttpCatcher server;
        server.answer([](std::size_t) { return page(hikari(3)); });
        Scraper scraper({mappings()});
        scraper.setTargets(
            {specFor(server.url("/a"), "a"), specFor(server.url("/b"), "b"), specFor(server.url("/c"), "b")});
        QCOMPARE(scraper.views().size(), std::size_t(2));
        QTRY_VERIFY_WITH_TIMEOUT(viewOf(scraper.views(), "a")->goodNumber >= 2, 20'000);
        const auto before = viewOf(scraper.views(), "a")->goodNumber;
        scraper.setTargets({specFor(server.url("/a"), "a")}); // goes on as it was
        QCOMPARE(scraper.views().size(), std::size_t(1));
        QVERIFY(viewOf(scraper.views(), "a")->goodNumber >= before);
        server.answer([](std::size_t) { return page("<html>"); });
        QTRY_VERIFY_WITH_TIMEOUT(!viewOf(scraper.views(), "a")->latest->error.empty(), 20'000);
        QVERIFY(viewOf(scraper.views(), "a")->lastGood->error.empty());
    }

    void aLimitIsNamedWhereItIsReached()
    {
        HttpCatcher server;
        server.answer([](std::size_t) { return page("a 1\nb{x=\"1\",y=\"2\"} 2\nc 3\nd 4\n"); });
        TargetSpec spec = specFor(server.url("/metrics"));
        spec.maxSeries = 2;
        Scrape scrape = targets::scrapeOnce(spec, {});
        QCOMPARE(scrape.samples.size(), std::size_t(2));
        QCOMPARE(scrape.note, std::string("only its first 2 series are read (max_series)"));
        spec.maxSeries = 10;
        spec.maxLabels = 1;
        scrape = targets::scrapeOnce(spec, {});
        QCOMPARE(scrape.samples.size(), std::size_t(3)); // the others count
        QCOMPARE(
            scrape.note,
            std::string("1 lines are not understood, the first is line 2: more than 1 labels (max_labels)"));
        spec.maxBytes = 7;
        scrape = targets::scrapeOnce(spec, {});
        QCOMPARE(scrape.error, std::string("the answer has more than 7 bytes (max_bytes)"));
        QVERIFY(scrape.cause == metrics::TargetCause::Size && scrape.samples.empty());
    }

    void theirLabelsGiveWayToOurs()
    {
        TargetSpec spec = specFor("http://x/metrics", "shop");
        spec.environment = "production";
        QCOMPARE(series::labelsText(
                     targets::labelled({{"__name__", "a"}, {"target", "theirs"}, {"x", "1"}}, spec)),
                 std::string(
                     "a{environment=\"production\", exported_target=\"theirs\", target=\"shop\", x=\"1\"}"));
        QCOMPARE(
            series::labelsText(
                targets::labelled({{"__name__", "target_pool_in_use"}, {"target", "theirs"}}, spec)),
            std::string("exported_target_pool_in_use{environment=\"production\", exported_target=\"theirs\", "
                        "target=\"shop\"}"));
        spec.environment.clear();
        QCOMPARE(series::labelsText(targets::labelled({{"__name__", "a"}, {"environment", "theirs"}}, spec)),
                 std::string("a{environment=\"theirs\", target=\"shop\"}"));
    }

    void eachIsAskedInItsOwnTime()
    {
        HttpCatcher server;
        server.answerTo([](const support::CaughtRequest& request) {
            CatcherAnswer answer = page(hikari(1));
            answer.act = request.path == "/mute" ? CatcherAnswer::Do::Hang : CatcherAnswer::Do::Reply;
            return answer;
        });
        TargetSpec often = specFor(server.url("/often"), "often");
        TargetSpec seldom = specFor(server.url("/seldom"), "seldom");
        TargetSpec mute = specFor(server.url("/mute"), "mute");
        seldom.interval = 60s;
        mute.timeout = 200ms;
        Scraper scraper({mappings()});
        scraper.setTargets({often, seldom, mute});
        QTRY_VERIFY_WITH_TIMEOUT(viewOf(scraper.views(), "often")->goodNumber >= 4 &&
                                     viewOf(scraper.views(), "mute")->number >= 1,
                                 30'000);
        QVERIFY(viewOf(scraper.views(), "seldom")->number <= 1);
        const auto given = viewOf(scraper.views(), "mute")->latest;
        QVERIFY2(given->cause == metrics::TargetCause::Timeout, given->error.c_str());
        QVERIFY2(given->took >= 150ms && given->took < 900ms, "the others' second was waited for");
    }

    // A quarter of the targets never answers: the others are asked at their moments all the same.
    // (tests/bench measures it.)
    void hangingTargetsDelayNoOther()
    {
        constexpr int kTargets = 200;
        HttpCatcher good;
        good.answer([](std::size_t) { return page(hikari(1)); });
        HttpCatcher hole;
        hole.answer([](std::size_t) {
            CatcherAnswer answer;
            answer.act = CatcherAnswer::Do::Hang;
            return answer;
        });
        std::vector<TargetSpec> specs;
        for (int i = 0; i < kTargets; ++i) {
            const bool hangs = i % 4 == 0;
            specs.push_back(
                specFor((hangs ? hole : good).url(), (hangs ? "hole" : "good") + std::to_string(i)));
            specs.back().interval = 2s;
            specs.back().timeout = 2s;
        }
        Scraper scraper({mappings()});
        scraper.setTargets(specs);
        const auto all = [&](auto&& holds) {
            const auto views = scraper.views();
            return std::all_of(views.begin(), views.end(), holds);
        };
        QTRY_VERIFY_WITH_TIMEOUT(all([](const targets::TargetView& view) {
                                     return view.number >= (view.spec->name.starts_with("hole") ? 1U : 2U);
                                 }),
                                 40'000);
        for (const targets::TargetView& view : scraper.views()) {
            if (view.spec->name.starts_with("hole")) {
                QCOMPARE(view.goodNumber, std::uint64_t(0));
                QVERIFY(!view.latest->error.empty());
            } else {
                QVERIFY2(view.latest->error.empty(), view.latest->error.c_str());
                QCOMPARE(view.goodNumber, view.number);
                QVERIFY(view.late < 2s);
            }
        }
    }

    void specsAreCheckedAndNamed_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("name");
        QTest::newRow("a port") << "http://shop:8080/metrics"
                                << "shop:8080";
        QTest::newRow("another path") << "https://shop/actuator/prometheus"
                                      << "shop/actuator/prometheus";
        QTest::newRow("a password") << "http://a:b@shop/metrics"
                                    << "";
        QTest::newRow("a user") << "http://a@shop/metrics"
                                << "";
        QTest::newRow("a file") << "file:///etc/passwd"
                                << "";
        QTest::newRow("nothing") << ""
                                 << "";
        QTest::newRow("no URL") << "http://"
                                << "";
    }
    void specsAreCheckedAndNamed()
    {
        QFETCH(QString, url);
        TargetSpec spec = specFor(url.toStdString(), "");
        const auto sound = targets::soundSpec(spec);
        QTEST(sound ? QString::fromStdString(sound->name) : QString(), "name");
    }

    void whatPeopleTypeBecomesAUrl()
    {
        QCOMPARE(targets::completedUrl(" db:9187 "), std::string("http://db:9187/metrics"));
        QCOMPARE(targets::completedUrl("https://db"), std::string("https://db/metrics"));
        QCOMPARE(targets::completedUrl("http://db/x"), std::string("http://db/x"));
        QCOMPARE(targets::completedUrl(""), std::string("http:///metrics"));
    }
};

QTEST_GUILESS_MAIN(ScraperTest)
#include "tst_scraper.moc"

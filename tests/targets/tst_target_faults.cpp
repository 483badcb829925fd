// Everything that can go wrong with a target: it is said for what it is, costs little, delays no other, and
// is over when it is over.
#include "monitor/targets/scraper.h"
#include "tests/support/certificate_cases.h"
#include "tests/support/http_catcher.h"
#include "tests/support/tls_front.h"

#include <QRegularExpression>
#include <QTest>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using support::CatcherAnswer;
using support::HttpCatcher;
using targets::Scrape;
using targets::TargetSpec;
using Do = support::CatcherAnswer::Do;

namespace {

const std::vector<targets::Mapping>& mappings()
{
    static const targets::MappingCatalog all = targets::loadMappings({});
    return all.mappings;
}

CatcherAnswer answer(Do act, int status, std::string headers, std::string body)
{
    CatcherAnswer answer;
    answer.act = act;
    answer.status = status;
    answer.headers = std::move(headers);
    answer.body = std::move(body);
    return answer;
}

// The counter is the request's number.
CatcherAnswer good(std::size_t number)
{
    return answer(Do::Reply, 200, "Content-Type: text/plain; version=0.0.4\r\n",
                  "hikaricp_connections_active{pool=\"main\"} 7\n"
                  "hikaricp_connections_timeout_total{pool=\"main\"} " +
                      std::to_string(number + 1) + '\n');
}

// 64 MiB in 64 KiB: its checksum is never reached.
std::string gzipBomb()
{
    const QByteArray packed =
        qCompress(QByteArray(64 << 20, 'a'), 9).mid(6); // behind a length and zlib's head
    return QByteArray::fromHex("1f8b0800000000000003").append(packed).toStdString();
}

struct Fault {
    const char* name;
    std::function<CatcherAnswer(const HttpCatcher&)> how; // none: see url
    QString reason;                                       // a regular expression
    const char* url = nullptr;
};

const std::vector<Fault>& faults()
{
    const auto says = [](Do act, int status, std::string headers, std::string body) {
        return [=](const HttpCatcher&) { return answer(act, status, headers, body); };
    };
    const std::string page = good(0).body;
    static const std::vector<Fault> all{
        {"hangs", says(Do::Hang, 200, {}, {}), "^Timeout was reached$"},
        {"resets", says(Do::Reset, 200, {}, {}), "receiving data|returned nothing"},
        {"too many requests", says(Do::Reply, 429, "Retry-After: 30\r\n", page),
         "^HTTP 429, to be asked again in 30 s$"},
        {"away for ten years", says(Do::Reply, 503, "Retry-After: 315360000\r\n", page),
         "^HTTP 503, to be asked again in 300 s$"},
        {"a pause that is none", says(Do::Reply, 503, "Retry-After: -5\r\n", page), "^HTTP 503$"},
        {"unavailable", says(Do::Reply, 503, {}, page), "^HTTP 503$"},
        {"half an answer", says(Do::Half, 200, {}, page), "receiving data|partial"},
        {"without an end", says(Do::Endless, 200, {}, page), "more than 1048576 bytes|Timeout"},
        {"one line without an end", says(Do::Endless, 200, {}, std::string(65536, 'a')),
         "more than 1048576 bytes|Timeout"},
        {"a bomb", says(Do::Reply, 200, "Content-Encoding: gzip\r\n", gzipBomb()), "more than 1048576 bytes"},
        {"broken packing", says(Do::Reply, 200, "Content-Encoding: gzip\r\n", "no gzip at all"), "ncoding"},
        {"for people", says(Do::Reply, 200, "Content-Type: text/html\r\n", "<html><p>hi"),
         "holds no metrics"},
        {"another type", says(Do::Reply, 200, "Content-Type: application/json\r\n", "{\"a\": 1}"),
         "holds no metrics"},
        {"trickles", says(Do::Trickle, 200, {}, page), "^Timeout was reached$"},
        {"goes round and round",
         [](const HttpCatcher& server) {
             return answer(Do::Reply, 302, "Location: " + server.url("/x") + "\r\n", {});
         },
         "redirects"},
        {"nobody there", {}, "connect to server", "http://127.0.0.1:1/metrics"},
        {"no such name", {}, "resolve host name|Timeout", "http://nowhere.invalid/metrics"},
    };
    return all;
}

TargetSpec specFor(std::string url, std::string name)
{
    TargetSpec spec;
    spec.url = std::move(url);
    spec.name = std::move(name);
    spec.interval = 1s;
    spec.timeout = 1s;
    spec.maxBytes = 1U << 20U;
    return spec;
}

} // namespace

class TargetFaultsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void aFaultIsSaidForWhatItIs_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < faults().size(); ++i) {
            QTest::newRow(faults()[i].name) << static_cast<int>(i);
        }
    }
    void aFaultIsSaidForWhatItIs()
    {
        QFETCH(int, index);
        const Fault& fault = faults()[static_cast<std::size_t>(index)];
        HttpCatcher server;
        server.answer([&](std::size_t) { return fault.how(server); });
        const Scrape scrape =
            targets::scrapeOnce(specFor(fault.url != nullptr ? fault.url : server.url(), "t"), mappings());
        QVERIFY2(QRegularExpression(fault.reason).match(QString::fromStdString(scrape.error)).hasMatch(),
                 scrape.error.c_str());
        QVERIFY(scrape.samples.empty());
        QVERIFY(scrape.pools.empty());
        server.answer(good); // and the next time it is well
        if (fault.url == nullptr) {
            QCOMPARE(targets::scrapeOnce(specFor(server.url(), "t"), mappings()).error, std::string());
        }
    }

    void aCertificateIsSaidForWhatItIs_data()
    {
        QTest::addColumn<int>("which");
        int which = 0;
        for (const support::CertificateCase& one : support::kCertificateCases) {
            QTest::newRow(one.name) << which++;
        }
    }
    void aCertificateIsSaidForWhatItIs()
    {
        QFETCH(int, which);
        const support::CertificateCase& shown = support::kCertificateCases[static_cast<std::size_t>(which)];
        HttpCatcher server;
        server.answer(good);
        support::Authority authority;
        const support::Authority stranger;
        const support::TlsFront front({server.port(), authority.issue(support::wishOf(shown))});
        TargetSpec spec = specFor(front.url("/metrics"), "t");
        spec.timeout = 20s;
        spec.caFile = (shown.trusted ? authority : stranger).file();
        const QString said = QString::fromStdString(targets::scrapeOnce(spec, mappings()).error);
        const QString error = shown.error;
        QVERIFY2(error.isEmpty() ? said.isEmpty() : said.contains(QRegularExpression(error)),
                 qPrintable(said));
    }

    void aHandshakeWithoutAnAnswerEnds()
    {
        const HttpCatcher server; // waits for the end of a request that is none
        TargetSpec spec = specFor("https://localhost:" + std::to_string(server.port()) + "/metrics", "t");
        const std::string error = targets::scrapeOnce(spec, mappings()).error;
        QVERIFY2(error == "Timeout was reached" || error.find("SSL connect") != std::string::npos,
                 error.c_str());
    }

    // All faults at once, for ever: the sound ones are asked at their moments and answer every time.
    void faultsDelayNoOther()
    {
        std::vector<std::unique_ptr<HttpCatcher>> servers;
        std::vector<TargetSpec> specs;
        for (const Fault& fault : faults()) {
            servers.push_back(std::make_unique<HttpCatcher>());
            HttpCatcher& server = *servers.back();
            server.answer([&](std::size_t) { return fault.how(server); });
            specs.push_back(
                specFor(fault.url != nullptr ? fault.url : server.url(), std::string("bad ") + fault.name));
        }
        HttpCatcher sound;
        sound.answer(good);
        for (int i = 0; i < 20; ++i) {
            specs.push_back(specFor(sound.url(), "good " + std::to_string(i)));
        }
        targets::Scraper scraper({mappings()});
        scraper.setTargets(specs);
        std::map<std::string, std::uint64_t> seen;
        int asked = 0;
        int late = 0;
        const auto watched = [&] {
            bool enough = true;
            for (const targets::TargetView& view : scraper.views()) {
                std::uint64_t& number = seen[view.spec->name];
                const bool isGood = view.spec->name.starts_with("good");
                if (isGood && view.number != number) {
                    ++asked;
                    late += view.late > 500ms ? 1 : 0; // half of the interval
                }
                number = view.number;
                enough = enough && view.number >= (isGood ? 5U : 1U);
            }
            return enough;
        };
        QVERIFY(QTest::qWaitFor(watched, 60'000));
        QVERIFY2(late * 10 <= asked, qPrintable(QString("%1 of %2 too late").arg(late).arg(asked)));
        for (const targets::TargetView& view : scraper.views()) {
            const bool isGood = view.spec->name.starts_with("good");
            QCOMPARE(view.goodNumber, isGood ? view.number : 0U);
        }
    }

    // What was wrong is forgotten with the next good answer, whose counters are the target's own; nothing is
    // asked twice.
    void whatComesBackGoesOnWhereItIs()
    {
        HttpCatcher server;
        std::atomic<int> ill{-1};
        server.answer([&](std::size_t number) {
            const int fault = ill;
            return fault < 0 ? good(number) : faults()[static_cast<std::size_t>(fault)].how(server);
        });
        targets::Scraper scraper({mappings()});
        scraper.setTargets({specFor(server.url(), "t")});
        const auto view = [&] { return scraper.views().front(); };
        for (const int fault : {1, 5, 6, 11}) { // one of each kind: no word, a status, half, no metrics
            ill = -1;
            const std::uint64_t before = view().goodNumber;
            QTRY_VERIFY_WITH_TIMEOUT(view().goodNumber > before, 20'000);
            QCOMPARE(view().latest->error, std::string());
            const double timeouts = view().lastGood->pools.at(0).figures[targets::Figure::Timeouts];
            QVERIFY(timeouts <= static_cast<double>(server.requests().size()));
            ill = fault;
            QTRY_VERIFY_WITH_TIMEOUT(!view().latest->error.empty(), 20'000);
            QVERIFY(view().lastGood->error.empty());
        }
    }

    void whoAsksForAPauseHasIt()
    {
        HttpCatcher busy;
        busy.answer([](std::size_t) { return answer(Do::Reply, 429, "Retry-After: 3600\r\n", {}); });
        HttpCatcher sound;
        sound.answer(good);
        targets::Scraper scraper({mappings()});
        scraper.setTargets({specFor(busy.url(), "busy"), specFor(sound.url(), "sound")});
        QTRY_VERIFY_WITH_TIMEOUT(scraper.views()[0].number > 0, 20'000);
        const std::uint64_t now = scraper.views()[1].number;
        QTRY_VERIFY_WITH_TIMEOUT(scraper.views()[1].number >= now + 3, 20'000);
        QCOMPARE(busy.requests().size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TargetFaultsTest)
#include "tst_target_faults.moc"

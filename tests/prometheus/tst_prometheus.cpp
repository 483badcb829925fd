// Answers by themselves, and a server that fails in every way it can.
#include "monitor/prometheus/client.h"
#include "monitor/prometheus/range_plan.h"
#include "monitor/prometheus/remote_writer.h"
#include "monitor/prometheus/server_querier.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"
#include "tests/prometheus/server_catcher.h"
#include "tests/support/certificate_cases.h"
#include "tests/support/fake_clock.h"
#include "tests/support/tls_front.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <thread>

using namespace std::chrono_literals;
using prometheus::readQueryAnswer;
using prometheus_test::asked;
using prometheus_test::kAnyAge;
using prometheus_test::kEmpty;
using prometheus_test::sampleOf;
using prometheus_test::saying;
using prometheus_test::specOf;
using support::CatcherAnswer;

class PrometheusTest : public QObject {
    Q_OBJECT

    series::Head m_head;
    promql::Querier m_language{m_head};

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void matrixVectorAndScalarAreRead()
    {
        const auto matrix = readQueryAnswer(
            R"({"data":{"result":[{"values":[[1.5,"2"],[3,"NaN"],[4,"+Inf"]],"metric":{"b":"x","a":"\u00e9"}}],
            "resultType":"matrix"},"warnings":["partial"],"infos":["hint"],"status":"success"})");
        QVERIFY2(matrix, matrix ? "" : matrix.error().message.c_str());
        QCOMPARE(matrix->series.size(), 1U);
        QCOMPARE(matrix->series[0].labels, (metrics::Labels{{"a", "é"}, {"b", "x"}}));
        QCOMPARE(matrix->series[0].points.size(), 3U);
        QCOMPARE(matrix->series[0].points[0].at, 1500);
        QVERIFY(std::isnan(matrix->series[0].points[1].value));
        QVERIFY(std::isinf(matrix->series[0].points[2].value));
        QCOMPARE(matrix->warnings, (std::vector<std::string>{"partial", "hint"}));
        const auto vector = readQueryAnswer(
            R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[7,"-0.25"]}]}})");
        QVERIFY(vector && vector->series.size() == 1 && vector->series[0].points.at(0).value == -0.25);
        const auto scalar =
            readQueryAnswer(R"({"status":"success","data":{"resultType":"scalar","result":[7,"42"]}})");
        QVERIFY(scalar && scalar->series.size() == 1 && scalar->series[0].points.at(0).value == 42);
    }

    void aCertificateIsSaidForWhatItIs_data()
    {
        QTest::addColumn<int>("which");
        int which = 0;
        for (const support::CertificateCase& one : support::kCertificateCases) {
            QTest::newRow(one.name) << which++;
        }
    }
    // For those who ask and for those who push; a server that is not believed sees no token.
    void aCertificateIsSaidForWhatItIs()
    {
        QFETCH(int, which);
        const support::CertificateCase& shown = support::kCertificateCases[static_cast<std::size_t>(which)];
        const QString error = shown.error;
        support::HttpCatcher server;
        server.answer([](std::size_t) { return saying(200, kEmpty); });
        support::Authority authority;
        const support::Authority stranger;
        const support::TlsFront front({server.port(), authority.issue(support::wishOf(shown))});
        const QTemporaryDir folder;
        QFile token(folder.filePath("token"));
        QVERIFY(token.open(QIODevice::WriteOnly) && token.write("canary") == 6);
        token.close();
        prometheus::ServerSpec spec = specOf(server);
        spec.timeout = 20s;
        spec.url = front.url("");
        spec.bearerFile = token.fileName().toStdString();
        spec.caFile = (shown.trusted ? authority : stranger).file();

        prometheus::Client client(spec);
        const auto answer = client.instant("up", 1000);
        spec.url = front.url("/api/v1/write");
        prometheus::RemoteWriter writer({spec, {}, 1000, 10ms, kAnyAge});
        writer.push({sampleOf("a", 1000, 1)});
        const auto figures = [&] { return writer.figures(); };
        if (error.isEmpty()) {
            QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
            QTRY_COMPARE_WITH_TIMEOUT(figures().sent, 1U, 30'000);
            QCOMPARE(figures().problem, std::string());
            for (const auto& request : server.requests()) {
                QCOMPARE(request.headers.at("authorization"), std::string("Bearer canary"));
            }
            return;
        }
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, std::string("unreachable"));
        QTRY_VERIFY_WITH_TIMEOUT(!figures().problem.empty(), 30'000);
        for (const std::string& text : {answer.error().message, figures().problem}) {
            const QString said = QString::fromStdString(text);
            QVERIFY2(said.contains(QRegularExpression(error)), text.c_str());
            QVERIFY2(said.contains("SSL") && !said.contains("canary"), text.c_str()); // the layer, no secret
        }
        QCOMPARE(figures().sent, 0U);
        QVERIFY(server.requests().empty()); // nothing got through, no token and no sample
    }

    void hostileAnswersAreRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, const QByteArray& body) { QTest::newRow(name) << body; };
        row("nothing", "");
        row("no JSON", "<html>login</html>");
        row("cut off",
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"2"],)");
        row("another API", R"({"ok":true})");
        row("no data", R"({"status":"success"})");
        row("data of another kind", R"({"status":"success","data":[1,2]})");
        row("no type", R"({"status":"success","data":{"result":[]}})");
        row("unknown type", R"({"status":"success","data":{"resultType":"streams","result":[]}})");
        row("a point without value",
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1]]}]}})");
        row("a value that is none",
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"x"]]}]}})");
        row("a time beyond all",
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1e300,"1"]]}]}})");
        row("time runs back",
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[2,"1"],[1,"1"]]}]}})");
        row("deep", QByteArray(100'000, '['));
        row("deep objects", QByteArray("{\"a\":").repeated(100'000));
        row("raw bytes", QByteArray("\xff\xfe\x00\x01", 4));
        row("invalid UTF-8 in a label", "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\","
                                        "\"result\":[{\"metric\":{\"a\":\"\xff\"},\"value\":[1,\"1\"]}]}}");
    }
    void hostileAnswersAreRefused()
    {
        QFETCH(QByteArray, body);
        const auto read = readQueryAnswer(body.toStdString());
        QVERIFY(!read);
        QCOMPARE(read.error().code, std::string("strange"));
        QVERIFY(!read.error().message.empty() && read.error().message.size() < 300);
        static_cast<void>(prometheus::readRules(body.toStdString()).has_value());
        static_cast<void>(prometheus::readTargets(body.toStdString()).has_value());
        static_cast<void>(prometheus::readMetadata(body.toStdString()).has_value());
        static_cast<void>(prometheus::readLabelSets(body.toStdString()).has_value());
    }

    void whatAnAnswerHoldsIsBounded()
    {
        const std::string two =
            R"({"metric":{"a":"1"},"values":[[1,"1"],[2,"1"]]},{"metric":{"a":"2"},"values":[[1,"1"],[2,"1"]]})";
        const std::string body =
            R"({"status":"success","data":{"resultType":"matrix","result":[)" + two + "]}}";
        QVERIFY(readQueryAnswer(body).has_value());
        QVERIFY(!readQueryAnswer(body, {1, 100, 100}).has_value());
        QVERIFY(!readQueryAnswer(body, {100, 3, 100}).has_value());
    }

    void badServersAreRefused_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("tenant");
        QTest::newRow("another scheme") << "file:///etc/passwd"
                                        << "";
        QTest::newRow("password") << "http://me:secret@host"
                                  << "";
        QTest::newRow("query") << "http://host?x=1"
                               << "";
        QTest::newRow("no host") << "http://"
                                 << "";
        QTest::newRow("header in the tenant") << "http://host"
                                              << "a\r\nAuthorization: x";
    }
    void badServersAreRefused()
    {
        QFETCH(QString, url);
        QFETCH(QString, tenant);
        prometheus::ServerSpec spec;
        spec.url = url.toStdString();
        spec.tenant = tenant.toStdString();
        const auto sound = prometheus::soundServer(spec);
        QVERIFY(!sound);
        QVERIFY(sound.error().message.find("secret") == std::string::npos || url.contains("me:") == false);
    }

    void aRateIsKept()
    {
        prometheus::RateLimit limit(5);
        core::SteadyTime now{1s};
        core::Nanos wait{0};
        for (int i = 0; i < 25; ++i) {
            wait = limit.take(now);
        }
        QVERIFY(wait > 3900ms && wait <= 4000ms); // five at once, then five a second, never more within any
        QCOMPARE(limit.take(now + 10s), core::Nanos(0));
    }

    void pausesGrowAndRetryAfterWins()
    {
        prometheus::BackOff pause(1s, 8s);
        const core::SteadyTime now{100s};
        QCOMPARE(pause.left(now), core::Nanos(0));
        for (const core::Nanos expected : {1s, 2s, 4s, 8s, 8s}) {
            pause.fail(now, std::nullopt);
            QCOMPARE(pause.left(now), expected);
        }
        pause.fail(now, 30s);
        QCOMPARE(pause.left(now), core::Nanos(30s));
        pause.succeed();
        QCOMPARE(pause.left(now), core::Nanos(0));
    }

    void rangesAreAlignedSplitAndKept()
    {
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t) { return saying(200, kEmpty); });
        support::FakeClock clock;
        const std::int64_t now = core::epochMillis(clock.wallNow());
        const prometheus::ServerQuerier server(specOf(catcher), m_language, clock);
        QVERIFY(server.range("up", now - 3'600'007, now, 6000).has_value());
        QCOMPARE(asked(catcher, "/api/v1/query_range"), 1U);
        const std::string body = catcher.requests().back().body;
        const QRegularExpression startOf("start=(\\d+)\\.000&end=(\\d+)\\.000&step=6\\.000");
        const auto found = startOf.match(QString::fromStdString(body));
        QVERIFY2(found.hasMatch(), body.c_str());
        QCOMPARE(found.captured(1).toLongLong() % 720, 0); // a piece's begin: 120 steps
        QCOMPARE(found.captured(2).toLongLong() % 6, 0);
        QVERIFY(server.range("up", now - 3'600'000 + 6000, now + 6000, 6000).has_value()); // a step later
        QCOMPARE(asked(catcher, "/api/v1/query_range"), 2U);
        const auto again = startOf.match(QString::fromStdString(catcher.requests().back().body));
        QVERIFY(again.hasMatch());
        QVERIFY(again.captured(1).toLongLong() * 1000 > now - 1'100'000); // the past was kept
        QVERIFY(server.range("up", now - 40'000LL * 1000, now, 1000).has_value());
        QCOMPARE(asked(catcher, "/api/v1/query_range"), 6U); // 40,000 steps of at most 10,920
        QVERIFY(!server.range("up", 0, now, 1).has_value());
    }

    void piecesMakeTheSameRange()
    {
        const auto plan = prometheus::planOf(1'000'000, 5'000'000, 1000, 1000);
        QVERIFY(plan.has_value());
        std::vector<metrics::PointSeries> answer{{{{"a", "1"}}, {}}, {{{"a", "2"}}, {}}};
        for (std::int64_t at = plan->firstPiece() * plan->length(); at <= plan->last; at += 1000) {
            answer[0].points.push_back({at, static_cast<double>(at)});
            if (at % 7000 == 0) {
                answer[1].points.push_back({at, 1});
            }
        }
        const auto count = plan->lastPiece() - plan->firstPiece() + 1;
        std::vector<prometheus::Piece> pieces;
        for (auto& part : prometheus::cut(answer, *plan, plan->firstPiece(), count)) {
            pieces.push_back(std::make_shared<const std::vector<metrics::PointSeries>>(std::move(part)));
        }
        const auto whole = prometheus::joined(pieces, *plan);
        QCOMPARE(whole.size(), 2U);
        QCOMPARE(whole[0].points.size(), 4001U);
        QCOMPARE(whole[0].points.front().at, 1'000'000);
        QCOMPARE(whole[0].points.back().at, 5'000'000);
    }

    void keptPiecesAreBounded()
    {
        prometheus::PieceCache cache(10'000);
        for (int i = 0; i < 1000; ++i) {
            cache.keep("up", 1000, i,
                       std::make_shared<const std::vector<metrics::PointSeries>>(
                           1, metrics::PointSeries{{}, std::vector<metrics::Point>(100)}));
        }
        QVERIFY(cache.points() <= 10'000U);
        QVERIFY(cache.find("up", 1000, 999) != nullptr);
        QVERIFY(cache.find("up", 1000, 0) == nullptr);
    }

    void aPartialAnswerIsShownAndNotKept()
    {
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t) {
            return saying(
                200,
                R"({"status":"success","warnings":["store is away"],"data":{"resultType":"matrix","result":[]}})");
        });
        const prometheus::ServerQuerier server(specOf(catcher), m_language);
        QVERIFY(server.range("up", 1'000'000'000, 1'000'060'000, 1000).has_value());
        QCOMPARE(server.news().warnings, std::vector<std::string>{"store is away"});
        QVERIFY(server.range("up", 1'000'000'000, 1'000'060'000, 1000).has_value());
        QCOMPARE(asked(catcher, "/api/v1/query_range"), 2U);
    }

    void aBusyServerIsLeftAloneAsLongAsItWants()
    {
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t number) {
            return number == 0 ? saying(503, "over capacity", "Retry-After: 40\r\n") : saying(200, kEmpty);
        });
        support::FakeClock clock;
        prometheus::Client client(specOf(catcher), clock);
        const auto first = client.labelNames();
        QVERIFY(!first && first.error().code == "busy");
        QVERIFY(client.state().away);
        clock.advance(39s);
        QVERIFY(!client.labelNames().has_value());
        QCOMPARE(catcher.requests().size(), 1U); // no storm
        clock.advance(2s);
        QVERIFY(client.labelNames().has_value());
        QVERIFY(!client.state().away);
    }

    void failuresAreTold_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("code");
        QTest::newRow("429") << 429 << QByteArray("Retry-After: 3\r\n") << QByteArray() << "busy";
        QTest::newRow("500") << 500 << QByteArray() << QByteArray() << "http";
        QTest::newRow("401") << 401 << QByteArray() << QByteArray("no") << "http";
        QTest::newRow("404") << 404 << QByteArray() << QByteArray("no such page") << "http";
        QTest::newRow("422")
            << 422 << QByteArray()
            << QByteArray(R"({"status":"error","errorType":"execution","error":"too many samples"})")
            << "execution";
        QTest::newRow("a login page") << 200 << QByteArray() << QByteArray("<html>") << "strange";
    }
    void failuresAreTold()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, headers);
        QFETCH(QByteArray, body);
        QFETCH(QString, code);
        support::HttpCatcher catcher;
        catcher.answer(
            [&](std::size_t) { return saying(status, body.toStdString(), headers.toStdString()); });
        prometheus::Client client(specOf(catcher));
        const auto answer = client.labelNames();
        QCOMPARE(QString::fromStdString(answer ? "" : answer.error().code), code);
    }

    void halfAnAnswerIsNone()
    {
        support::HttpCatcher catcher;
        catcher.answer(
            [](std::size_t) { return saying(200, "500\r\n{\"status\":", "Transfer-Encoding: chunked\r\n"); });
        prometheus::ServerSpec spec = specOf(catcher);
        spec.timeout = 1s;
        prometheus::Client client(spec);
        const auto answer = client.instant("up", 1000);
        QVERIFY(!answer && answer.error().code == "unreachable");
    }

    void aRedirectIsToldAndNotFollowed()
    {
        support::HttpCatcher elsewhere;
        support::HttpCatcher catcher;
        const std::string location = elsewhere.url("/api/v1/labels");
        catcher.answer([&](std::size_t) { return saying(302, "", "Location: " + location + "\r\n"); });
        QTemporaryDir folder;
        QFile token(folder.filePath("token"));
        QVERIFY(token.open(QFile::WriteOnly) && token.write("abc\n") == 4);
        token.close();
        prometheus::ServerSpec spec = specOf(catcher);
        spec.bearerFile = token.fileName().toStdString();
        spec.tenant = "team-a";
        prometheus::Client client(spec);
        const auto answer = client.labelNames();
        QVERIFY(!answer && answer.error().code == "redirect");
        QVERIFY(answer.error().message.find(location) != std::string::npos);
        QCOMPARE(elsewhere.requests().size(), 0U);
        QCOMPARE(catcher.requests().at(0).headers.at("authorization"), std::string("Bearer abc"));
        QCOMPARE(catcher.requests().at(0).headers.at("x-scope-orgid"), std::string("team-a"));
    }

    void aLongAnswerIsGivenUp()
    {
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t) { return saying(200, std::string(100'000, ' ')); });
        prometheus::ServerSpec spec = specOf(catcher);
        spec.maxBytes = 10'000;
        prometheus::Client client(spec);
        const auto answer = client.labelNames();
        QVERIFY(!answer && answer.error().message.find("more than 10000 bytes") != std::string::npos);
    }

    void aQueryEndsWhenItIsNoLongerWanted()
    {
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t) { return CatcherAnswer{CatcherAnswer::Do::Hang}; });
        prometheus::Client client(specOf(catcher));
        std::stop_source stop;
        const std::jthread zoom([&] {
            static_cast<void>(catcher.waitFor(1, 10s));
            stop.request_stop();
        });
        const auto answer = client.labelNames(stop.get_token());
        QVERIFY(!answer && answer.error().code == "canceled");
        QVERIFY(!client.state().away); // not the server's fault
    }
};

QTEST_GUILESS_MAIN(PrometheusTest)
#include "tst_prometheus.moc"

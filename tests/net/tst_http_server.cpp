#include "monitor/net/endpoint.h"
#include "monitor/net/http_server.h"
#include "tests/net/fake_backend.h"
#include "tests/net/raw_client.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <memory>

using namespace std::chrono_literals;
using testnet::ask;
using testnet::bodyOf;
using testnet::get;
using testnet::headerOf;
using testnet::RawClient;
using testnet::statusOf;

namespace {

constexpr const char* kToken = "0123456789abcdef0123456789abcdef";
const std::string kBearer = std::string("Authorization: Bearer ") + kToken + "\r\n";

template <std::size_t N>
QByteArray bytes(const char (&text)[N])
{
    return QByteArray(text, static_cast<qsizetype>(N - 1)); // NULs included
}

std::string post(std::uint16_t port, const std::string& path, const std::string& headers,
                 const std::string& body = {})
{
    return ask(port,
               "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                   std::to_string(body.size()) + "\r\n" + headers,
               body);
}

} // namespace

class HttpServerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_backend = std::make_unique<testnet::FakeBackend>();
        net::ServerOptions options;
        options.port = 0;
        options.token = kToken;
        options.limits.working = 8;
        options.limits.watch.receive = 900ms;
        options.limits.watch.idle = 1500ms;
        m_server = std::make_unique<net::HttpServer>(net::makeRouter(m_backend->backend()), options);
        const auto started = m_server->start();
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        m_port = m_server->port();
    }
    void cleanup()
    {
        m_server.reset();
        m_backend.reset();
    }

    void everyEndpointAnswers_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("type");
        QTest::newRow("metrics") << "/metrics"
                                 << "text/plain; version=0.0.4; charset=utf-8";
        QTest::newRow("health") << "/health/db"
                                << "application/json";
        QTest::newRow("status") << "/pool/status"
                                << "application/json";
        QTest::newRow("host") << "/host"
                              << "application/json";
        QTest::newRow("index") << "/"
                               << "text/plain; charset=utf-8";
        QTest::newRow("healthy") << "/-/healthy"
                                 << "text/plain; charset=utf-8";
        QTest::newRow("scenarios") << "/api/v2/scenarios"
                                   << "application/json";
        QTest::newRow("rules") << "/api/v1/rules"
                               << "application/json";
        QTest::newRow("alerts") << "/api/v1/alerts"
                                << "application/json";
        QTest::newRow("metadata") << "/api/v1/metadata"
                                  << "application/json";
        QTest::newRow("buildinfo") << "/api/v1/status/buildinfo"
                                   << "application/json";
    }
    void everyEndpointAnswers()
    {
        QFETCH(QString, path);
        QFETCH(QString, type);
        const std::string answer = get(m_port, path.toStdString());
        QCOMPARE(statusOf(answer), 200);
        QCOMPARE(QString::fromStdString(headerOf(answer, "Content-Type")), type);
        QCOMPARE(headerOf(answer, "X-Content-Type-Options"), std::string("nosniff"));
        QCOMPARE(headerOf(answer, "Cache-Control"), std::string("no-store"));
        QVERIFY(!headerOf(answer, "Date").empty());
        QVERIFY(!bodyOf(answer).empty());
        if (type == "application/json") {
            QVERIFY(!nlohmann::json::parse(bodyOf(answer), nullptr, false).is_discarded());
        }
    }

    void openMetricsEndsWithEof()
    {
        const std::string answer =
            get(m_port, "/metrics", "Accept: application/openmetrics-text; version=1.0.0\r\n");
        QCOMPARE(headerOf(answer, "Content-Type"),
                 std::string("application/openmetrics-text; version=1.0.0; charset=utf-8"));
        QVERIFY(bodyOf(answer).ends_with("# EOF\n"));
    }

    void headHasNoBody()
    {
        const std::string answer = ask(m_port, "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n");
        QCOMPARE(statusOf(answer), 200);
        QVERIFY(bodyOf(answer).empty());
        QVERIFY(std::stoul(headerOf(answer, "Content-Length")) > 100);
    }

    void hostileHeadsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<int>("status");
        const auto row = [](const char* name, const QByteArray& head, int status) {
            QTest::newRow(name) << head << status;
        };
        row("foreign host", "GET / HTTP/1.1\r\nHost: evil.example\r\n", 421);
        row("rebound host with our port", "GET / HTTP/1.1\r\nHost: evil.example:8000\r\n", 421);
        row("no host", "GET / HTTP/1.1\r\n", 400);
        row("no host in 1.0", "GET / HTTP/1.0\r\n", 400);
        row("two hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n", 400);
        row("two equal hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n", 400);
        row("empty host", "GET / HTTP/1.1\r\nHost:\r\n", 400);
        row("user in host", "GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n", 400);
        row("NUL in host", bytes("GET / HTTP/1.1\r\nHost: localhost\0.evil\r\n"), 400);
        row("NUL in header", bytes("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\0b\r\n"), 400);
        row("NUL in header name", bytes("GET / HTTP/1.1\r\nHost: localhost\r\nX\0A: ab\r\n"), 400);
        row("NUL in path", bytes("GET /metrics\0x HTTP/1.1\r\nHost: localhost\r\n"), 400);
        row("folded header", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\r\n b\r\n", 400);
        row("blanks around values", "GET / HTTP/1.1\r\nHost:   localhost  \r\nX-A:\tb\r\nX-B:\r\n", 200);
        row("query of many", "GET /?a=1&b&c==&%41=b HTTP/1.1\r\nHost:localhost\r\n", 200);
        row("escaped NUL in path", "GET /metrics%00 HTTP/1.1\r\nHost: localhost\r\n", 400);
        row("bad escape", "GET /metrics%zz HTTP/1.1\r\nHost: localhost\r\n", 400);
        row("absolute form of another host",
            "GET http://evil.example/metrics HTTP/1.1\r\nHost: localhost\r\n", 421);
        row("absolute form of ours", "GET http://localhost/metrics HTTP/1.1\r\nHost: localhost\r\n", 200);
        row("foreign origin", "GET /metrics HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n",
            403);
        row("null origin", "GET /metrics HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n", 403);
        row("origin of another port",
            "GET /metrics HTTP/1.1\r\nHost: localhost:1\r\nOrigin: http://localhost:2\r\n", 403);
        row("own origin", "GET /metrics HTTP/1.1\r\nHost: localhost:1\r\nOrigin: http://localhost:1\r\n",
            200);
        row("unknown path", "GET /nothing HTTP/1.1\r\nHost: localhost\r\n", 404);
        row("path with dots", "GET /../etc/passwd HTTP/1.1\r\nHost: localhost\r\n", 404);
        row("POST to metrics", "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n", 405);
        row("unknown method", "BREW /metrics HTTP/1.1\r\nHost: localhost\r\n", 405);
        row("lower-case method", "get /metrics HTTP/1.1\r\nHost: localhost\r\n", 405);
        row("no token", "POST /test/normal HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n", 401);
        row("wrong token",
            "POST /test/normal HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
            "Authorization: Bearer 0123456789abcdef0123456789abcdeF\r\n",
            401);
        row("basic login",
            "POST /test/normal HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
            "Authorization: Basic dTpw\r\n",
            401);
        row("announced 2 MiB",
            "POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2097152\r\n", 413);
        row("negative length", "POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n",
            400);
        row("two lengths",
            "POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
            400);
        row("length and chunks",
            "POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
            "Transfer-Encoding: chunked\r\n",
            400);
        row("17 KiB of header",
            "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + QByteArray(17 * 1024, 'a') + "\r\n", 431);
    }
    void hostileHeadsAreRefused()
    {
        QFETCH(QByteArray, head);
        QFETCH(int, status);
        const std::string answer = ask(m_port, head.toStdString());
        QCOMPARE(statusOf(answer), status);
        QCOMPARE(statusOf(get(m_port, "/-/healthy")), 200);
    }

    void strangeVersionsAreRefused()
    {
        for (const char* version : {"HTTP/9.9", "HTTP/2.0", "HTTP/0.9"}) {
            const std::string answer =
                ask(m_port, std::string("GET /metrics ") + version + "\r\nHost: localhost\r\n");
            QVERIFY2(statusOf(answer) == 505 || statusOf(answer) == 400 || answer.empty(), answer.c_str());
        }
    }

    void wrongMethodNamesTheRightOnes()
    {
        QCOMPARE(headerOf(post(m_port, "/metrics", {}), "Allow"), std::string("GET, HEAD"));
        const std::string answer = get(m_port, "/test/normal");
        QCOMPARE(statusOf(answer), 405);
        QCOMPARE(headerOf(answer, "Allow"), std::string("POST"));
        QCOMPARE(headerOf(get(m_port, "/api/v2/scenarios/burst"), "Allow"), std::string("POST, DELETE"));
    }

    void errorsAreJsonWithADetail()
    {
        QCOMPARE(bodyOf(get(m_port, "/nothing")), std::string(R"({"detail":"Not Found"})"));
        const std::string answer = post(m_port, "/test/slow", "Accept-Language: zh-CN\r\n");
        QCOMPARE(headerOf(answer, "WWW-Authenticate"), std::string("Bearer realm=\"poolscope\""));
        QVERIFY(bodyOf(answer).find("令牌") != std::string::npos);
    }

    void keepAliveServesManyAndHttp10Closes()
    {
        RawClient client(m_port);
        for (int i = 0; i < 3; ++i) {
            client.send("GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n");
            QCOMPARE(statusOf(client.readAnswer()), 200);
        }
        client.send("GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nothing HTTP/1.1\r\nHost: "
                    "localhost\r\n\r\n");
        QCOMPARE(statusOf(client.readAnswer()), 200); // pipelined, in order
        QCOMPARE(statusOf(client.readAnswer()), 404);

        RawClient old(m_port);
        old.send("GET /-/healthy HTTP/1.0\r\nHost: localhost\r\n\r\n");
        QCOMPARE(statusOf(old.readAnswer()), 200);
        QVERIFY(old.closedWithin(1s));

        RawClient closing(m_port);
        closing.send("GET /-/healthy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        const std::string answer = closing.readAnswer();
        QCOMPARE(QString::fromStdString(headerOf(answer, "Connection")).toLower(), QString("close"));
        QVERIFY(closing.closedWithin(1s));
    }

    void workloadAnswersWhenItHasEnded()
    {
        RawClient client(m_port);
        client.send("POST /test/long-connection HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
                    "Accept-Language: zh\r\n" +
                    kBearer + "\r\n");
        QTRY_COMPARE(m_backend->waitingWorkloads(), std::size_t{1});
        QCOMPARE(m_server->figures().working, std::size_t{1});
        QCOMPARE(statusOf(get(m_port, "/metrics")), 200); // nobody is held up
        m_backend->takeWorkload()({true, 7, {}});
        const std::string answer = client.readAnswer();
        QCOMPARE(bodyOf(answer), std::string(R"({"count":7,"message":"长时间占用连接"})"));
        QTRY_COMPARE(m_server->figures().working, std::size_t{0});
    }

    void failedWorkloadIsAJson503WithoutAddresses()
    {
        RawClient client(m_port);
        client.send("POST /test/normal HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n" + kBearer +
                    "\r\n");
        QTRY_COMPARE(m_backend->waitingWorkloads(), std::size_t{1});
        m_backend->takeWorkload()(
            {false, 0, "connection to server at \"10.1.2.3\", port 5432 failed: timeout\nmore"});
        const std::string answer = client.readAnswer();
        QCOMPARE(statusOf(answer), 503);
        QCOMPARE(bodyOf(answer), std::string(R"({"detail":"timeout more"})"));
    }

    void theNinthWorkIsTurnedAwayAndMetricsAreNot()
    {
        std::vector<RawClient> clients;
        for (int i = 0; i < 8; ++i) {
            clients.emplace_back(m_port);
            clients.back().send("POST /test/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n" +
                                kBearer + "\r\n");
        }
        QTRY_COMPARE(m_backend->waitingWorkloads(), std::size_t{8});
        const std::string turned = post(m_port, "/test/slow", kBearer);
        QCOMPARE(statusOf(turned), 503);
        QCOMPARE(headerOf(turned, "Retry-After"), std::string("1"));
        while (auto done = m_backend->takeWorkload()) {
            done({true, 1, {}});
        }
        for (RawClient& client : clients) {
            QCOMPARE(statusOf(client.readAnswer()), 200);
        }
    }

    void clientThatLeavesDuringWorkHarmsNobody()
    {
        {
            RawClient client(m_port);
            client.send("POST /test/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n" + kBearer +
                        "\r\n");
            QTRY_COMPARE(m_backend->waitingWorkloads(), std::size_t{1});
        }
        m_backend->takeWorkload()({true, 1, {}});
        QTRY_COMPARE(m_server->figures().working, std::size_t{0});
        QTRY_COMPARE(m_server->figures().connections, std::size_t{0});
    }

    void stopAnswersWhatIsStillWorkingAndLateAnswersAreIgnored()
    {
        RawClient client(m_port);
        client.send("POST /test/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n" + kBearer +
                    "\r\n");
        QTRY_COMPARE(m_backend->waitingWorkloads(), std::size_t{1});
        m_server->stop();
        QVERIFY(!m_server->running());
        m_backend->takeWorkload()({true, 1, {}});
        QVERIFY(client.closedWithin(1s));
        QVERIFY(m_server->start()); // and again
        QCOMPARE(statusOf(get(m_server->port(), "/-/healthy")), 200);
    }

    void aScenarioIsStartedAndStopped()
    {
        m_backend->edit([](metrics::Snapshot& snapshot) {
            metrics::ScenarioRow row;
            row.name = "burst";
            row.parameters.push_back({"rate", "Rate", "/s", 100, 100, 1, 1000, true});
            snapshot.scenarios = {row};
        });
        const std::string started = post(m_port, "/api/v2/scenarios/burst", kBearer, R"({"rate": 250})");
        QCOMPARE(statusOf(started), 200);
        QCOMPARE(m_backend->started["burst"]["rate"], 250.0);
        QCOMPARE(statusOf(post(m_port, "/api/v2/scenarios/burst", kBearer, R"({"rate": 2500})")), 400);
        QCOMPARE(statusOf(post(m_port, "/api/v2/scenarios/nobody", kBearer)), 404);
        QCOMPARE(
            statusOf(ask(m_port, "DELETE /api/v2/scenarios/burst HTTP/1.1\r\nHost: localhost\r\n" + kBearer)),
            200);
        QCOMPARE(m_backend->stopped, std::vector<std::string>{"burst"});
    }

    void aBodyThatGrowsTooLargeInChunksIsRefused()
    {
        RawClient client(m_port);
        client.send("POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        const std::string chunk = "4000\r\n" + std::string(0x4000, 'a') + "\r\n";
        for (int i = 0; i < 6; ++i) {
            client.send(chunk);
        }
        client.send("0\r\n\r\n");
        QCOMPARE(statusOf(client.readAnswer()), 413);
    }

    void drippingClientIsClosedOnTime()
    {
        RawClient slow(m_port);
        const auto begin = std::chrono::steady_clock::now();
        const std::string head =
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        bool closed = false;
        for (std::size_t i = 0; i < head.size() && !closed; ++i) {
            slow.send(head.substr(i, 1));
            closed = slow.closedWithin(100ms);
        }
        const auto took = std::chrono::steady_clock::now() - begin;
        QVERIFY(closed);
        QVERIFY2(took >= 800ms && took < 2500ms, std::to_string(took / 1ms).c_str());
    }

    void drippingAfterAnAnswerIsClosedToo()
    {
        RawClient slow(m_port);
        slow.send("GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(statusOf(slow.readAnswer()), 200);
        bool closed = false;
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < 60 && !closed; ++i) {
            slow.send("G");
            closed = slow.closedWithin(100ms);
        }
        QVERIFY(closed);
        QVERIFY(std::chrono::steady_clock::now() - begin < 3s);
    }

    void idleConnectionIsClosed()
    {
        RawClient idle(m_port);
        idle.send("GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(statusOf(idle.readAnswer()), 200);
        QVERIFY(!idle.closedWithin(700ms));
        QVERIFY(idle.closedWithin(4s));
    }

    void portInUseIsOneClearLine()
    {
        net::ServerOptions options;
        options.port = m_port;
        net::HttpServer second(net::makeRouter(m_backend->backend()), options);
        const auto started = second.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, std::string("EADDRINUSE"));
        QVERIFY(started.error().message.find(std::to_string(m_port)) != std::string::npos);
        QVERIFY(started.error().message.find("--listen") != std::string::npos);
        QVERIFY(started.error().message.find('\n') == std::string::npos);
    }

    void strangeAddressesAreClearErrors()
    {
        for (const char* host : {"192.0.2.1", "no such host", "300.1.1.1", ""}) {
            net::ServerOptions options;
            options.host = host;
            options.port = 0;
            net::HttpServer server(net::makeRouter(m_backend->backend()), options);
            const auto started = server.start();
            if (std::string_view(host).empty()) {
                continue; // the system's choice of an address
            }
            QVERIFY(!started);
            QVERIFY(started.error().message.find("--listen") != std::string::npos);
        }
    }

    void listensAtIpv6Too()
    {
        net::ServerOptions options;
        options.host = "::1";
        options.port = 0;
        net::HttpServer server(net::makeRouter(m_backend->backend()), options);
        const auto started = server.start();
        if (!started) {
            // A machine without IPv6 says so clearly.
            QVERIFY(started.error().message.find("::1") != std::string::npos);
            return;
        }
        QVERIFY(server.address().starts_with("http://[::1]:"));
        server.stop();
        QVERIFY(server.address().empty());
    }

    void boundToEveryAddressTheReachedOneIsAName()
    {
        net::ServerOptions options;
        options.host = "0.0.0.0";
        options.port = 0;
        options.allowedHosts = {"Console.Example"};
        net::HttpServer server(net::makeRouter(m_backend->backend()), options);
        QVERIFY(server.start());
        const auto status = [&](const std::string& host) {
            return statusOf(ask(server.port(), "GET /-/healthy HTTP/1.1\r\nHost: " + host + "\r\n"));
        };
        QCOMPARE(status("127.0.0.1"), 200);
        QCOMPARE(status("console.example:80"), 200);
        QCOMPARE(status("evil.example"), 421);
        QCOMPARE(status("10.99.99.99"), 421);
    }

private:
    std::unique_ptr<testnet::FakeBackend> m_backend;
    std::unique_ptr<net::HttpServer> m_server;
    std::uint16_t m_port = 0;
};

QTEST_GUILESS_MAIN(HttpServerTest)
#include "tst_http_server.moc"

// Clients that would hold the endpoint up if they could: /metrics must answer beside all of them.
#include "monitor/net/endpoint.h"
#include "monitor/net/http_server.h"
#include "tests/net/fake_backend.h"
#include "tests/net/raw_client.h"

#include <QFile>
#include <QTest>

#include <atomic>
#include <memory>
#include <random>
#include <thread>

using namespace std::chrono_literals;
using testnet::get;
using testnet::RawClient;
using testnet::statusOf;

namespace {

constexpr auto kWorst = 3s; // measured: some ms; what must not happen is waiting for others' deadlines

std::chrono::milliseconds scrape(std::uint16_t port)
{
    const auto begin = std::chrono::steady_clock::now();
    const std::string answer = get(port, "/metrics");
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    return statusOf(answer) == 200 ? took : std::chrono::milliseconds::max();
}

qint64 residentKib()
{
    QFile file("/proc/self/status");
    if (!file.open(QIODevice::ReadOnly)) {
        return -1;
    }
    const QByteArray text = file.readAll();
    const auto at = text.indexOf("VmRSS:");
    return text.mid(at + 6, text.indexOf("kB", at) - at - 6).trimmed().toLongLong();
}

} // namespace

class HttpFloodTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        net::ServerOptions options;
        options.port = 0;
        options.limits.watch.receive = 4s;
        m_server = std::make_unique<net::HttpServer>(net::makeRouter(m_backend.backend()), options);
        QVERIFY(m_server->start());
        m_port = m_server->port();
    }
    void cleanup() { m_server.reset(); }

    void slowClientsKeepNobodyOutAndAreClosed()
    {
        std::vector<RawClient> slow;
        for (int i = 0; i < 200; ++i) {
            slow.emplace_back(m_port);
            QVERIFY(slow.back().connected());
        }
        const std::string drip = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Slow: aaaaaaaaaaaaaaaa";
        std::chrono::milliseconds worst{0};
        for (const char letter : drip.substr(0, 40)) {
            for (RawClient& client : slow) {
                client.send(std::string_view(&letter, 1));
            }
            worst = std::max(worst, scrape(m_port));
        }
        QVERIFY2(worst < kWorst, std::to_string(worst.count()).c_str());
        for (RawClient& client : slow) {
            QVERIFY(client.closedWithin(8s));
        }
        QVERIFY(m_server->figures().closedLate >= 200);
    }

    void aThousandIdleConnectionsKeepNobodyOut()
    {
        std::vector<RawClient> idle;
        for (int i = 0; i < 1000; ++i) {
            idle.emplace_back(m_port);
            QVERIFY(idle.back().connected());
        }
        QTRY_VERIFY(m_server->figures().connections >= 1000);
        for (int i = 0; i < 20; ++i) {
            const auto took = scrape(m_port);
            QVERIFY2(took < kWorst, std::to_string(took.count()).c_str());
        }
    }

    void aCrowdGivesWayToNewcomers()
    {
        m_server.reset();
        net::ServerOptions options;
        options.port = 0;
        options.limits.connections = 128;
        options.limits.watch.crowd = 64;
        m_server = std::make_unique<net::HttpServer>(net::makeRouter(m_backend.backend()), options);
        QVERIFY(m_server->start());
        std::vector<RawClient> idle;
        for (int i = 0; i < 300; ++i) {
            idle.emplace_back(m_server->port());
            QVERIFY(idle.back().connected());
            if (i % 50 == 49) {
                QVERIFY(scrape(m_server->port()) < kWorst);
            }
        }
        QTRY_VERIFY(m_server->figures().connections <= 70);
        QVERIFY(idle.front().closedWithin(5s)); // the oldest go first
    }

    void tenThousandBadRequestsLeaveItWell()
    {
        std::mt19937 random(77);
        const std::vector<std::string> bad{"GET / HTTP/1.1\r\n\r\n",
                                           "GARBAGE\r\n\r\n",
                                           "GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                           "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                                           "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
                                           "\r\n\r\n\r\n",
                                           std::string(300, '\0'),
                                           "GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                                           "\x16\x03\x01\x02\x01\x01"};
        std::atomic<bool> done{false};
        std::chrono::milliseconds worst{0};
        {
            const std::jthread scraper([&] {
                while (!done) {
                    worst = std::max(worst, scrape(m_port));
                }
            });
            for (int i = 0; i < 10'000; ++i) {
                RawClient client(m_port);
                std::string bytes = bad[static_cast<std::size_t>(i) % bad.size()];
                if (i % 3 == 0) {
                    bytes[random() % bytes.size()] = static_cast<char>(random());
                }
                client.send(bytes);
            }
            done = true;
        }
        QVERIFY2(worst < kWorst, std::to_string(worst.count()).c_str());
        QTRY_COMPARE(statusOf(get(m_port, "/-/healthy")), 200);
    }

    void stoppingAmidBadRequestsIsSafe()
    {
        for (int round = 0; round < 20; ++round) {
            std::vector<RawClient> clients;
            for (int i = 0; i < 100; ++i) {
                clients.emplace_back(m_port);
                clients.back().send("GET / HTTP/1.1\r\n\r\n"); // the library's own 400
            }
            m_server->stop();
            QVERIFY(m_server->start());
            m_port = m_server->port();
        }
        QCOMPARE(statusOf(get(m_port, "/-/healthy")), 200);
    }

    void twoHundredMegabytesOfJunkAreNotKept_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("header") << QByteArray("GET / HTTP/1.1\r\nHost: localhost\r\nX-Junk: ");
        QTest::newRow("target") << QByteArray("GET /");
        QTest::newRow("announced body") << QByteArray(
            "POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Length: 209715200\r\n\r\n");
        QTest::newRow("body nobody asked for")
            << QByteArray("POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 209715200\r\n\r\n");
        QTest::newRow("no request") << QByteArray();
    }
    void twoHundredMegabytesOfJunkAreNotKept()
    {
        QFETCH(QByteArray, head);
        const qint64 before = residentKib();
        RawClient client(m_port);
        client.send(head.toStdString());
        const std::string block(1024 * 1024, 'j');
        std::chrono::milliseconds worst{0};
        bool open = true;
        for (int i = 0; i < 200 && open; ++i) {
            open = client.send(block);
            if (i % 20 == 0) {
                worst = std::max(worst, scrape(m_port));
            }
        }
        QVERIFY(!open); // cut off, not swallowed
        QVERIFY(worst < kWorst);
        QVERIFY2(residentKib() - before < 30'000, std::to_string(residentKib() - before).c_str());
    }

    void chunkedJunkIsCutOff()
    {
        RawClient client(m_port);
        client.send("POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        const std::string chunk = "100000\r\n" + std::string(0x100000, 'c') + "\r\n";
        bool open = true;
        for (int i = 0; i < 200 && open; ++i) {
            open = client.send(chunk);
        }
        QVERIFY(!open);
        QVERIFY(scrape(m_port) < kWorst);
    }

    void aReaderThatNeverReadsHoldsNobodyUp()
    {
        std::vector<RawClient> deaf;
        for (int i = 0; i < 50; ++i) {
            deaf.emplace_back(m_port);
            for (int j = 0; j < 20; ++j) {
                deaf.back().send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
        }
        for (int i = 0; i < 10; ++i) {
            QVERIFY(scrape(m_port) < kWorst);
        }
    }

private:
    testnet::FakeBackend m_backend;
    std::unique_ptr<net::HttpServer> m_server;
    std::uint16_t m_port = 0;
};

QTEST_GUILESS_MAIN(HttpFloodTest)
#include "tst_http_flood.moc"

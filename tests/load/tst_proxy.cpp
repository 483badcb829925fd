#include "monitor/load/proxy.h"
#include "monitor/load/socket.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <memory>
#include <poll.h>
#include <random>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;

namespace {

// A server that sends back whatever it gets, on a thread of its own.
class EchoServer {
public:
    explicit EchoServer(const load::Endpoint& at) {
        auto listener = load::listenOn(at);
        if (!listener) {
            qFatal("%s", listener.error().message.c_str());
        }
        m_listener = std::move(listener).value();
        m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
    }
    [[nodiscard]] int port() const { return load::boundPort(m_listener); }

private:
    void run(const std::stop_token& stop) {
        std::vector<load::Fd> clients;
        while (!stop.stop_requested()) {
            std::vector<pollfd> polled{{m_listener.get(), POLLIN, 0}};
            for (const load::Fd& client : clients) {
                polled.push_back({client.get(), POLLIN, 0});
            }
            ::poll(polled.data(), polled.size(), 5);
            std::vector<load::Fd> kept;
            for (std::size_t i = 0; i < clients.size(); ++i) {
                if (!polled[i + 1].revents || echo(clients[i].get())) {
                    kept.push_back(std::move(clients[i]));
                }
            }
            clients = std::move(kept);
            if (polled[0].revents) {
                clients.emplace_back(::accept(m_listener.get(), nullptr, nullptr));
            }
        }
    }
    static bool echo(int fd) {
        std::vector<char> buffer(64 * 1024);
        const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
        for (ssize_t sent = 0; sent < got;) {
            const ssize_t more =
                ::send(fd, buffer.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
            if (more < 0) {
                return false;
            }
            sent += more;
        }
        return got > 0;
    }

    load::Fd m_listener;
    std::jthread m_thread;
};

load::Fd connected(const load::Endpoint& to) {
    auto fd = load::beginConnect(to);
    if (!fd) {
        return {};
    }
    pollfd polled{fd->get(), POLLOUT, 0};
    ::poll(&polled, 1, 5000);
    return std::move(fd).value();
}

// Sends all and reads as much back, in both directions at once; what came back.
std::string exchanged(const load::Fd& fd, const std::string& text) {
    std::string back;
    std::size_t sent = 0;
    std::vector<char> buffer(64 * 1024);
    while (back.size() < text.size()) {
        pollfd polled{fd.get(), static_cast<short>(POLLIN | (sent < text.size() ? POLLOUT : 0)), 0};
        if (::poll(&polled, 1, 10'000) <= 0) {
            break;
        }
        if (polled.revents & POLLOUT) {
            const ssize_t more = ::send(fd.get(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
            sent += more > 0 ? static_cast<std::size_t>(more) : 0;
        }
        if (polled.revents & (POLLIN | POLLHUP)) {
            const ssize_t got = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
            if (got <= 0) {
                break;
            }
            back.append(buffer.data(), static_cast<std::size_t>(got));
        }
    }
    return back;
}

// True when the other side has closed within five seconds.
bool closedByPeer(const load::Fd& fd) {
    pollfd polled{fd.get(), POLLIN, 0};
    char byte = 0;
    return ::poll(&polled, 1, 5000) == 1 && ::recv(fd.get(), &byte, 1, 0) <= 0;
}

} // namespace

class ProxyTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    load::Endpoint m_unix;

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_unix = {m_folder->path().toStdString(), 5432};
    }

    void bytesPassUnchangedInOrder_data() {
        QTest::addColumn<bool>("tcp");
        QTest::newRow("unix socket") << false;
        QTest::newRow("tcp") << true;
    }
    void bytesPassUnchangedInOrder() {
        QFETCH(const bool, tcp);
        EchoServer server(tcp ? load::Endpoint{"127.0.0.1", 0} : m_unix);
        const load::Endpoint target = tcp ? load::Endpoint{"127.0.0.1", server.port()} : m_unix;
        const auto proxy = load::Proxy::start(target, {0ns, 2ms});
        QVERIFY(proxy);
        std::mt19937 random(5);
        std::string text(3'000'000, '\0');
        for (char& c : text) {
            c = static_cast<char>(random());
        }
        const load::Fd client = connected((*proxy)->local());
        QVERIFY(exchanged(client, text) == text);
    }
    void everyRoundTripTakesTheDelayLonger() {
        EchoServer server(m_unix);
        const auto proxy = load::Proxy::start(m_unix, {120ms, 0ns});
        QVERIFY(proxy);
        const load::Fd client = connected((*proxy)->local());
        for (int i = 0; i < 3; ++i) {
            QElapsedTimer timer;
            timer.start();
            QCOMPARE(exchanged(client, "ping"), std::string("ping"));
            const auto took = timer.elapsed();
            QVERIFY2(took >= 119 && took < 1500, qPrintable(QString::number(took)));
        }
        (*proxy)->setSlowness({});
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(exchanged(client, "ping"), std::string("ping"));
        QVERIFY(timer.elapsed() < 100);
    }
    void jitterIsOnTopOfTheDelay() {
        EchoServer server(m_unix);
        const auto proxy = load::Proxy::start(m_unix, {20ms, 60ms});
        QVERIFY(proxy);
        const load::Fd client = connected((*proxy)->local());
        qint64 slowest = 0;
        for (int i = 0; i < 20; ++i) {
            QElapsedTimer timer;
            timer.start();
            QCOMPARE(exchanged(client, "x"), std::string("x"));
            QVERIFY(timer.elapsed() >= 19);
            slowest = std::max(slowest, timer.elapsed());
        }
        QVERIFY2(slowest >= 40, qPrintable(QString::number(slowest)));
    }
    void manyConnectionsAtOnce() {
        EchoServer server(m_unix);
        const auto proxy = load::Proxy::start(m_unix, {10ms, 5ms});
        QVERIFY(proxy);
        std::vector<load::Fd> clients;
        for (int i = 0; i < 60; ++i) {
            clients.push_back(connected((*proxy)->local()));
            const std::string text = "client " + std::to_string(i);
            QCOMPARE(exchanged(clients.back(), text), text);
        }
        QTRY_COMPARE((*proxy)->connections(), 60);
        clients.clear();
        QTRY_COMPARE((*proxy)->connections(), 0);
    }
    void aClosedClientIsClosedAtTheServerAfterItsLastBytes() {
        auto listener = load::listenOn(m_unix);
        QVERIFY(listener);
        const auto proxy = load::Proxy::start(m_unix, {200ms, 0ns});
        QVERIFY(proxy);
        {
            const load::Fd client = connected((*proxy)->local());
            QCOMPARE(::send(client.get(), "bye", 3, MSG_NOSIGNAL), ssize_t(3));
        }
        pollfd polled{listener->get(), POLLIN, 0};
        QCOMPARE(::poll(&polled, 1, 5000), 1);
        const load::Fd served(::accept(listener->get(), nullptr, nullptr));
        polled = {served.get(), POLLIN, 0};
        QCOMPARE(::poll(&polled, 1, 5000), 1);
        char buffer[8] = {};
        QCOMPARE(::recv(served.get(), buffer, sizeof buffer, 0), ssize_t(3));
        QVERIFY(closedByPeer(served));
    }
    void anAbsentServerIsAClosedConnection_data() {
        QTest::addColumn<bool>("tcp");
        QTest::newRow("unix socket") << false;
        QTest::newRow("tcp") << true;
    }
    void anAbsentServerIsAClosedConnection() {
        QFETCH(const bool, tcp);
        const auto proxy = load::Proxy::start(tcp ? load::Endpoint{"127.0.0.1", 1} : m_unix, {});
        QVERIFY(proxy);
        const load::Fd client = connected((*proxy)->local());
        QVERIFY(client.valid());
        QVERIFY(closedByPeer(client));
        QTRY_COMPARE((*proxy)->connections(), 0);
    }
    void itsEndCutsWhatIsConnectedAndLeavesNoFolder() {
        EchoServer server(m_unix);
        auto proxy = load::Proxy::start(m_unix, {10s, 0ns});
        QVERIFY(proxy);
        const std::filesystem::path folder = (*proxy)->local().host;
        const load::Fd client = connected((*proxy)->local());
        QCOMPARE(::send(client.get(), "lost", 4, MSG_NOSIGNAL), ssize_t(4));
        QTRY_COMPARE((*proxy)->connections(), 1);
        QVERIFY(std::filesystem::exists(folder));
        QCOMPARE(std::filesystem::status(folder).permissions() & std::filesystem::perms::all,
                 std::filesystem::perms::owner_all);
        QElapsedTimer timer;
        timer.start();
        std::move(proxy).value().reset();
        QVERIFY(timer.elapsed() < 1000);
        QVERIFY(closedByPeer(client));
        QVERIFY(!std::filesystem::exists(folder));
    }
    void waitingBytesDoNotKeepTheProcessorBusy() {
        EchoServer server(m_unix);
        const auto proxy = load::Proxy::start(m_unix, {1s, 0ns});
        QVERIFY(proxy);
        auto client = std::make_unique<load::Fd>(connected((*proxy)->local()));
        QCOMPARE(::send(client->get(), "x", 1, MSG_NOSIGNAL), ssize_t(1));
        client.reset(); // hung up, with bytes still to be delivered
        const std::clock_t before = std::clock();
        QTRY_COMPARE_WITH_TIMEOUT((*proxy)->connections(), 1, 1000);
        QTRY_COMPARE_WITH_TIMEOUT((*proxy)->connections(), 0, 5000);
        const double busy = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
        QVERIFY2(busy < 0.4, qPrintable(QString::number(busy)));
    }
    void impossibleTargetsAreRefused() {
        QVERIFY(!load::Proxy::start({"/" + std::string(200, 'x'), 5432}, {}));
        QVERIFY(!load::Proxy::start({"db.example", 5432}, {}));
        QVERIFY(!load::Proxy::start({"", 5432}, {}));
    }
};

QTEST_GUILESS_MAIN(ProxyTest)
#include "tst_proxy.moc"

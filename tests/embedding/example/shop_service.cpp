// A service with Poolscope's pool inside: it books orders from several threads, and serves GET /metrics.
//   shop_service "host=/tmp/socket user=postgres dbname=postgres"
// Says where its metrics are, works, says what came of it, and goes on serving until its input ends.
#include <poolscope/pool.h>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr int kThreads = 4;
constexpr int kOrdersEach = 25;

bool bookOrder(pool::ConnectionPool& pool, int number)
{
    auto lease = pool.acquire({.tag = "orders", .timeout = 5s});
    if (!lease) {
        std::fprintf(stderr, "no connection: %s\n", lease.error().message.c_str());
        return false;
    }
    const std::string values[] = {std::to_string(number)};
    return lease->execute("INSERT INTO orders VALUES ($1::int)", values, 2s).has_value();
} // the connection goes back by itself

int bookAll(pool::ConnectionPool& pool)
{
    std::atomic<int> booked{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&pool, &booked, i] {
            for (int order = 0; order < kOrdersEach; ++order) {
                booked += bookOrder(pool, i * kOrdersEach + order) ? 1 : 0;
            }
        });
    }
    threads.clear();
    return booked.load();
}

// Bound to loopback at any free port; -1 when that fails.
int listenAnywhere(int& port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(fd, 8) != 0) {
        return -1;
    }
    (void)getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    return fd;
}

// A real service has an HTTP server of its own; what it hands on is the page and its type.
void answer(int client, collect::WatchedPool& watched)
{
    char request[4096];
    (void)recv(client, request, sizeof request, 0);
    const std::string page = watched.metrics();
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(watched.contentType()) +
                               "\r\nContent-Length: " + std::to_string(page.size()) +
                               "\r\nConnection: close\r\n\r\n" + page;
    (void)send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    close(client);
}

void serveUntilInputEnds(int listener, collect::WatchedPool& watched)
{
    for (;;) {
        pollfd watch[] = {{listener, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
        (void)poll(watch, 2, -1);
        if (watch[1].revents != 0) {
            return;
        }
        if (const int client = accept(listener, nullptr, nullptr); client >= 0) {
            answer(client, watched);
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    const auto server = pg::ConnInfo::parse(argc > 1 ? argv[1] : "");
    if (!server) {
        std::fprintf(stderr, "%s\n", server.error().message.c_str());
        return 2;
    }
    pool::PoolConfig config;
    config.size = 2;
    config.maxOverflow = 0;
    collect::WatchedPool watched({.config = config, .server = *server});
    int port = 0;
    const int listener = listenAnywhere(port);
    if (listener < 0) {
        std::fprintf(stderr, "no port to be had\n");
        return 2;
    }
    const int booked = bookAll(watched.pool());
    const pool::PoolStats stats = watched.pool().stats();
    std::printf(
        "booked %d orders over %d connections\nlast event: %s\nmetrics at http://127.0.0.1:%d/metrics\n",
        booked, stats.counts.total, pool::eventKindName(watched.events(1).back().kind), port);
    std::fflush(stdout);
    serveUntilInputEnds(listener, watched);
    return booked == kThreads * kOrdersEach ? 0 : 1;
}

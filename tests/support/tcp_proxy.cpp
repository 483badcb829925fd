#include "tests/support/tcp_proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>

namespace support {

using Clock = std::chrono::steady_clock;

// Bytes on their way, and when they may arrive.
struct TcpProxy::Chunk {
    int to;
    std::string bytes;
    Clock::time_point due;
};

struct TcpProxy::Pair {
    int client = -1;
    int server = -1;
    bool ended = false;
    std::deque<Chunk> underWay;

    ~Pair() {
        if (client >= 0) {
            ::close(client);
        }
        if (server >= 0) {
            ::close(server);
        }
    }
    void reset() // RST instead of FIN
    {
        const linger now{1, 0};
        (void)setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        ended = true;
    }
};

namespace {

int listenOn(int& port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int one = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    socklen_t size = sizeof address;
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(fd, 256) != 0) {
        ::close(fd);
        return -1;
    }
    (void)getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    return fd;
}

int connectTo(const std::string& path) {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        ::close(fd);
        return -1;
    }
    return fd;
}

} // namespace

TcpProxy::TcpProxy(std::string unixSocketPath)
    : m_path(std::move(unixSocketPath))
    , m_listener(listenOn(m_port))
    , m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , m_thread([this](const std::stop_token& stop) { run(stop); }) {}

TcpProxy::~TcpProxy() {
    m_thread.request_stop();
    (void)eventfd_write(m_wake, 1);
    m_thread.join();
    m_pairs.clear();
    if (m_listener >= 0) {
        ::close(m_listener);
    }
    ::close(m_wake);
}

void TcpProxy::setFault(Fault fault, std::chrono::milliseconds delay) {
    m_delay.store(delay.count());
    m_fault.store(fault);
    (void)eventfd_write(m_wake, 1);
}

void TcpProxy::listenOrNot(Fault fault) {
    if (fault == Fault::Refuse && m_listener >= 0) {
        ::close(m_listener);
        m_listener = -1;
        m_pairs.clear();
    } else if (fault != Fault::Refuse && m_listener < 0) {
        m_listener = listenOn(m_port);
    }
    if (fault == Fault::Reset) {
        for (const auto& pair : m_pairs) {
            pair->reset();
        }
    }
}

void TcpProxy::acceptAll(Fault fault) {
    for (int fd = m_listener >= 0 ? accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC) : -1; fd >= 0;
         fd = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC)) {
        ++m_accepted;
        const int one = 1;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        auto pair = std::make_unique<Pair>();
        pair->client = fd;
        pair->server = fault == Fault::BlackHole ? -1 : connectTo(m_path);
        if (fault == Fault::Reset || (pair->server < 0 && fault != Fault::BlackHole)) {
            pair->reset();
        }
        m_pairs.push_back(std::move(pair));
        m_most = std::max(m_most.load(), static_cast<int>(m_pairs.size()));
    }
}

bool TcpProxy::readInto(Pair& pair, int from, int to, Fault fault) {
    std::array<char, 16384> buffer{};
    const ssize_t got = recv(from, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK;
    }
    if (got == 0) {
        return false;
    }
    const bool fromServer = from == pair.server;
    if (fault == Fault::BlackHole || (fault == Fault::HalfOpen && fromServer)) {
        return true; // swallowed
    }
    std::string bytes(buffer.data(), static_cast<std::size_t>(got));
    const std::chrono::milliseconds delay{m_delay.load()};
    if (fault == Fault::Truncate && fromServer) {
        bytes.resize(bytes.size() / 2);
        pair.underWay.push_back({to, std::move(bytes), Clock::now()});
        forward(pair, Fault::None);
        return false;
    }
    if (fault == Fault::Trickle) {
        auto due = pair.underWay.empty() ? Clock::now() : pair.underWay.back().due;
        for (const char byte : bytes) {
            pair.underWay.push_back({to, std::string(1, byte), due += delay});
        }
    } else {
        pair.underWay.push_back(
            {to, std::move(bytes), Clock::now() + (fault == Fault::Delay ? delay : decltype(delay)(0))});
    }
    return true;
}

void TcpProxy::forward(Pair& pair, Fault fault) {
    if (fault == Fault::BlackHole) {
        pair.underWay.clear();
        return;
    }
    while (!pair.underWay.empty() && pair.underWay.front().due <= Clock::now()) {
        const Chunk& chunk = pair.underWay.front();
        std::size_t sent = 0;
        while (sent < chunk.bytes.size()) {
            const ssize_t now =
                send(chunk.to, chunk.bytes.data() + sent, chunk.bytes.size() - sent, MSG_NOSIGNAL);
            if (now <= 0) {
                pair.ended = true;
                return;
            }
            sent += static_cast<std::size_t>(now);
        }
        pair.underWay.pop_front();
    }
}

void TcpProxy::pump(Pair& pair, Fault fault) {
    if (pair.ended) {
        return;
    }
    const bool open = readInto(pair, pair.client, pair.server, fault) &&
                      (pair.server < 0 || readInto(pair, pair.server, pair.client, fault));
    forward(pair, fault);
    pair.ended = pair.ended || (!open && fault != Fault::BlackHole);
}

void TcpProxy::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const Fault fault = m_fault.load();
        listenOrNot(fault);
        acceptAll(fault);
        std::vector<pollfd> watched = {{m_wake, POLLIN, 0}};
        if (m_listener >= 0) {
            watched.push_back({m_listener, POLLIN, 0});
        }
        bool waiting = false;
        for (const auto& pair : m_pairs) {
            pump(*pair, fault);
            waiting = waiting || !pair->underWay.empty();
        }
        std::erase_if(m_pairs, [](const auto& pair) { return pair->ended; });
        if (fault != Fault::BlackHole) {
            for (const auto& pair : m_pairs) {
                watched.push_back({pair->client, POLLIN, 0});
                if (pair->server >= 0) {
                    watched.push_back({pair->server, POLLIN, 0});
                }
            }
        }
        (void)poll(watched.data(), watched.size(), waiting ? 1 : 20);
        eventfd_t woken = 0;
        (void)eventfd_read(m_wake, &woken);
    }
}

} // namespace support

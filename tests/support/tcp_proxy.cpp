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
    bool closing = false;    // one side has said its last: what is under way still arrives
    std::size_t respite = 0; // bytes of the server's that pass before the fault strikes
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

int connected(int fd, const sockaddr* address, socklen_t size) {
    if (connect(fd, address, size) != 0) {
        ::close(fd);
        return -1;
    }
    return fd;
}

int connectTo(const std::string& target) {
    if (target.starts_with('/')) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, target.data(), std::min(target.size(), sizeof address.sun_path - 1));
        return connected(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), reinterpret_cast<sockaddr*>(&address),
                         sizeof address);
    }
    const std::size_t colon = target.find(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(target.substr(colon + 1))));
    (void)inet_pton(AF_INET, target.substr(0, colon).c_str(), &address.sin_addr);
    return connected(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), reinterpret_cast<sockaddr*>(&address),
                     sizeof address);
}

} // namespace

TcpProxy::TcpProxy(std::string target)
    : m_target(std::move(target))
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

void TcpProxy::setFault(Fault fault, std::chrono::milliseconds delay, std::size_t afterBytes) {
    m_delay.store(delay.count());
    m_after.store(afterBytes);
    m_fault.store(fault);
    ++m_order;
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
}

void TcpProxy::renew(std::uint64_t order) {
    if (order != m_obeyed) {
        m_obeyed = order;
        m_struck = 0;
        for (const auto& pair : m_pairs) {
            pair->respite = m_after.load();
            if (pair->server < 0) { // swallowed by a black hole that is no more
                pair->reset();
            }
            for (Chunk& chunk : pair->underWay) { // what slowed it down is no more either
                chunk.due = std::min(chunk.due, Clock::now() + std::chrono::milliseconds(m_delay.load()));
            }
        }
    }
}

Fault TcpProxy::strikes(const Pair& pair, Fault fault) const {
    return pair.respite > 0 ? Fault::None : fault;
}

void TcpProxy::acceptAll(Fault fault) {
    for (int fd = m_listener >= 0 ? accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC) : -1; fd >= 0;
         fd = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC)) {
        accepted(fd, fault);
    }
}

void TcpProxy::accepted(int client, Fault fault) {
    ++m_accepted;
    const int one = 1;
    (void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    auto pair = std::make_unique<Pair>();
    pair->client = client;
    pair->respite = m_after.load();
    const bool swallowed = strikes(*pair, fault) == Fault::BlackHole;
    pair->server = swallowed ? -1 : connectTo(m_target);
    if (pair->server < 0 && !swallowed) {
        pair->reset();
    }
    m_pairs.push_back(std::move(pair));
    m_most = std::max(m_most.load(), static_cast<int>(m_pairs.size()));
}

bool TcpProxy::readInto(Pair& pair, int from, int to, Fault fault) {
    std::array<char, 16384> buffer{};
    const bool fromServer = from == pair.server;
    const std::size_t most = fromServer && pair.respite > 0 ? std::min(pair.respite, buffer.size()) : buffer.size();
    const ssize_t got = recv(from, buffer.data(), most, MSG_DONTWAIT);
    if (got < 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK;
    }
    if (got == 0) {
        return false;
    }
    if (fromServer && pair.respite > 0) {
        pair.respite -= std::min(pair.respite, static_cast<std::size_t>(got));
        m_struck += pair.respite == 0 ? 1 : 0;
    }
    if (fault == Fault::BlackHole || (fault == Fault::HalfOpen && fromServer)) {
        return true; // swallowed
    }
    std::string bytes(buffer.data(), static_cast<std::size_t>(got));
    const std::chrono::milliseconds delay{m_delay.load()};
    if (fault == Fault::Truncate && fromServer) {
        bytes.resize(bytes.size() / 2);
        pair.underWay.push_back({to, std::move(bytes), Clock::now()});
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
        Chunk& chunk = pair.underWay.front();
        const ssize_t sent = send(chunk.to, chunk.bytes.data(), chunk.bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) {
            pair.ended = errno != EAGAIN && errno != EWOULDBLOCK;
            return;
        }
        chunk.bytes.erase(0, static_cast<std::size_t>(sent));
        if (!chunk.bytes.empty()) {
            return; // one that does not read must not keep the others
        }
        pair.underWay.pop_front();
    }
}

void TcpProxy::pump(Pair& pair, Fault fault) {
    if (pair.ended) {
        return;
    }
    if (!pair.closing) {
        const bool open = readInto(pair, pair.client, pair.server, strikes(pair, fault)) &&
                          (pair.server < 0 || readInto(pair, pair.server, pair.client, strikes(pair, fault)));
        pair.closing = !open && strikes(pair, fault) != Fault::BlackHole;
    }
    const Fault struck = strikes(pair, fault);
    forward(pair, struck);
    if (struck == Fault::Reset) {
        pair.reset();
    }
    pair.ended = pair.ended || (pair.closing && pair.underWay.empty());
}

void TcpProxy::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const std::uint64_t order = m_order.load();
        const Fault fault = m_fault.load();
        renew(order);
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
        for (const auto& pair : m_pairs) {
            if (!pair->closing && strikes(*pair, fault) != Fault::BlackHole) {
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
